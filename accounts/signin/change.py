"""Changing the own password, and getting a new one where it is lost."""

from datetime import datetime, timedelta

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.directory import gateway, passwords
from accounts.directory.errors import DirectoryError, PasswordRefused, Reason
from accounts.people import lifecycle
from accounts.people.models import Kind, Person
from accounts.signin import codes, throttle
from accounts.signin.activation import TooWeak, names_of, observed
from accounts.signin.credentials import make_initial_password
from accounts.signin.models import MailedCode, Purpose, RecoveryAddress
from accounts.signin.policy import weaknesses
from accounts.signin.tidings import tell_password_changed

# How long the password lives that stands between a lost one and the next.
IN_BETWEEN = timedelta(minutes=10)


@sensitive_variables("old", "new")
def change(*, person: Person, old: str, new: str, at: datetime) -> None:
    """Change the own password; both are normalised.

    Raises throttle.Waiting, TooWeak, PasswordRefused or DirectoryError.
    """
    _refuse_weak(person, new)
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        entry = gateway.person(person.account_name)
        try:
            passwords.replace(entry=entry, old=old, new=new)
        except PasswordRefused as refusal:
            attempt.succeeded = refusal.reason is not Reason.WRONG
            # A page sent again after its answer was lost: the new one holds already.
            if attempt.succeeded or not passwords.proves(entry=entry, password=new):
                raise
        attempt.succeeded = True
    with transaction.atomic():
        lifecycle.change_password(person=person.pk, at=at)
        tell_password_changed(person=person.pk, at=at)


def ask_for_new(*, account: str, session: str, at: datetime) -> None:
    """Mail a code to the proved recovery address, where there is one; say nothing.

    An account that was merged into another one is closed for this, too.
    """
    mine = RecoveryAddress.objects.filter(
        person__account_name=account,
        person__kind=Kind.STUDENT,
        person__merged_into=None,
    )
    address = mine.select_related("person").first()
    codes.ask_for_code(
        person=address.person if address else None,
        purpose=Purpose.NEW_PASSWORD,
        address=address.address if address else "",
        session=session,
        at=at,
    )


@sensitive_variables("typed", "new")
def recover(*, typed: str, session: str, new: str, at: datetime) -> Person:
    """Put a new password in the place of a lost one, for who has the mailed code.

    Raises codes.CodeRefused, TooWeak, PasswordRefused or DirectoryError; after the last
    three the code stays good. slapd itself judges the new password: it gets one that
    lives for minutes from us, and from the person the next.
    """
    code = codes.use(typed=typed, purpose=Purpose.NEW_PASSWORD, session=session, at=at)
    assert code.person is not None  # noqa: S101 - nobody's code is never right
    person = code.person
    if not _is_still_theirs(code):
        raise codes.CodeRefused
    try:
        _refuse_weak(person, new)
        _pass_over(person, new, at)
    except (TooWeak, DirectoryError):
        codes.give_back(code=code)
        raise
    throttle.clear(account=person.account_name, at=at)
    # This also tells the person that the password is a new one.
    return observed(person, at=at)


@sensitive_variables("new", "between")
def _pass_over(person: Person, new: str, at: datetime) -> None:
    between = make_initial_password()
    ends_at = at + IN_BETWEEN
    # Noted first: a crash in between leaves a person who has to choose again.
    lifecycle.expect_own_password(
        people=[person.pk], until=ends_at, by=person.pk, at=at, why="recovery"
    )
    passwords.set_initial_password(
        account_name=person.account_name, secret=between, ends_at=ends_at
    )
    entry = gateway.person(person.account_name)
    passwords.replace(entry=entry, old=between, new=new)


def _is_still_theirs(code: MailedCode) -> bool:
    """Say whether the code went where a code of today would go."""
    return RecoveryAddress.objects.filter(
        person=code.person, address=code.address, person__merged_into=None
    ).exists()


def _refuse_weak(person: Person, new: str) -> None:
    found = weaknesses(
        password=new,
        account_name=person.account_name,
        names=names_of(person),
        initial=None,
    )
    if found:
        raise TooWeak(found)
