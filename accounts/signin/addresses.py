"""The private address that a lost password is found again with."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.post.send import ask_for, catch_up
from accounts.signin import codes, ownership
from accounts.signin.models import MailedCode, Purpose, RecoveryAddress
from accounts.signin.tidings import (
    RECOVERY_ADDRESS_REMOVED,
    RECOVERY_ADDRESS_SET,
    tell,
)


@sensitive_variables("account_password")
def ask_for_code(
    *, person: Person, account_password: str, address: str, session: str, at: datetime
) -> bool:
    """Mail a code to an address that is to be proved; not where one was just sent.

    Who asks proves to be the account's owner, since the address opens the account from
    then on. Raises throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    ownership.proved(person=person, password=account_password, at=at)
    return codes.ask_for_code(
        person=person,
        purpose=Purpose.PROVE_ADDRESS,
        address=address,
        session=session,
        at=at,
    )


def prove(*, code: MailedCode, at: datetime) -> None:
    """Take the address that a used code was sent to as the recovery address."""
    with transaction.atomic():
        _take(code, at)
        record(
            what="recovery_address_proved",
            at=at,
            whom=code.person_id,
            who=code.person_id,
        )


def correct(
    *, code: MailedCode, by: Person, at: datetime, facts: Mapping[str, Fact]
) -> None:
    """Do the same for somebody at the help desk; the address before is told so."""
    with transaction.atomic():
        _take(code, at)
        record(
            what="recovery_address_corrected",
            at=at,
            whom=code.person_id,
            who=by.pk,
            facts=facts,
        )


@sensitive_variables("account_password")
def remove(*, person: Person, account_password: str, at: datetime) -> None:
    """Forget the recovery address; it is told so, in case it was somebody else.

    Raises throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    ownership.proved(person=person, password=account_password, at=at)
    with transaction.atomic():
        before = _let_go(person)
        if before:
            record(
                what="recovery_address_removed", at=at, whom=person.pk, who=person.pk
            )
            _warn(person, before, at)
            tell(person=person.pk, message=RECOVERY_ADDRESS_REMOVED, at=at)


def drop(*, person: Person, by: Person, at: datetime) -> None:
    """Forget an address that somebody else may have set; it is told so.

    For the help desk, in the transaction of the act that is the reason.
    """
    before = _let_go(person)
    if before:
        record(what="recovery_address_dropped", at=at, whom=person.pk, who=by.pk)
        _warn(person, before, at)


def _take(code: MailedCode, at: datetime) -> None:
    assert code.person is not None  # noqa: S101 - nobody's code is never right
    before = _let_go(code.person)
    RecoveryAddress.objects.create(
        person=code.person, address=code.address, proved_at=at
    )
    if before and before != code.address:
        _warn(code.person, before, at)
    if before != code.address:
        tell(person=code.person.pk, message=RECOVERY_ADDRESS_SET, at=at)
    catch_up(person=code.person.pk, at=at)


def _let_go(person: Person) -> str:
    Person.objects.select_for_update().get(pk=person.pk)
    mine = RecoveryAddress.objects.filter(person=person)
    before = mine.values_list("address", flat=True).first() or ""
    mine.delete()
    return before


def _warn(person: Person, address: str, at: datetime) -> None:
    ask_for(
        person=person.pk,
        message="recovery_address_changed",
        address=address,
        occasion=f"recovery_address_changed:{person.pk}:{at.timestamp():.3f}",
        at=at,
    )
