"""The account of myStudy's own: made once, found again, opened anew."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from accounts.catalogue.systems import NAMES
from accounts.connectors.contract import Mode
from accounts.directory import gateway, mystudy, passwords
from accounts.directory.errors import (
    DirectoryRefused,
    DirectoryUnavailable,
    EntryExists,
    EntryMissing,
    PasswordRefused,
    Reason,
)
from accounts.due.mark import mark
from accounts.journal.record import record
from accounts.mailbox import addresses
from accounts.mystudy.models import MyStudyAccount
from accounts.mystudy.user_name import Fault, fault
from accounts.people.models import Person
from accounts.signin import throttle
from accounts.signin.activation import TooWeak, names_of
from accounts.signin.policy import Weakness, weaknesses
from accounts.signin.tidings import MYSTUDY_PASSWORD_SET, tell


class NotNow(Exception):
    """There is no account to be made: no way of this cohort, or the mailbox first."""


class NameRefused(Exception):
    """The user name cannot be this person's; ``fault`` says why."""

    def __init__(self, found: Fault) -> None:
        """Keep the reason."""
        super().__init__(found.value)
        self.fault = found


class SameAsAccount(Exception):
    """The new password is the Leuphana account's."""


class HasOne(Exception):
    """The person has an account already, and it is to be used."""

    def __init__(self, account: MyStudyAccount) -> None:
        """Keep which."""
        super().__init__()
        self.account = account


def of(person: int) -> MyStudyAccount | None:
    """Give the account of a person (id)."""
    return MyStudyAccount.objects.filter(person=person).first()


def user_names_of(people: Iterable[int]) -> dict[int, str]:
    """Give the user names of those of these people (ids) who have an account."""
    mine = MyStudyAccount.objects.filter(person__in=list(people))
    return dict(mine.values_list("person_id", "user_name"))


def suggestion(person: Person) -> str:
    """Give a user name that the person knows already: that of the address."""
    address = addresses.current(person.pk)
    name = address.address.partition("@")[0] if address else ""
    good = name and fault(name, account_name=person.account_name) is None
    return name if good else person.account_name


@sensitive_variables("account_password", "password")
def make(  # noqa: PLR0913 - an act has that many sides
    *,
    person: Person,
    mode: Mode,
    user_name: str,
    password: str,
    account_password: str,
    at: datetime,
) -> MyStudyAccount:
    """Make the person's account, with a name and a password of the own choice.

    ``user_name`` is canonical, both passwords are normalised. The password goes from
    this request into the directory. Raises NotNow, NameRefused, SameAsAccount, TooWeak,
    HasOne, throttle.Waiting, PasswordRefused or another DirectoryError. Pressing twice
    gives the same account twice.
    """
    if mode is not Mode.OWN or not _mailbox_proved(person):
        raise NotNow
    if wrong := fault(user_name, account_name=person.account_name):
        raise NameRefused(wrong)
    _refuse_weak(person, user_name, password, account_password)
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        _prove(person, account_password)
        attempt.succeeded = True
        if mine := found(person=person, at=at):
            return _again(mine, person, user_name, password)
        _refuse_taken(person, user_name)
        _create(person, user_name, password)
    made = witness(person=person.pk, user_name=user_name, made_here=True, at=at)
    if made is None:
        raise DirectoryUnavailable("another account came first")
    return made


@sensitive_variables("account_password", "new")
def change_password(
    *, person: Person, account_password: str, new: str, at: datetime
) -> None:
    """Set the account's password anew, for whoever proves to own the Leuphana account.

    Raises NotNow where there is none that was made here, SameAsAccount, TooWeak,
    throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    mine = of(person.pk)
    if mine is None or not mine.made_here:
        raise NotNow
    _refuse_weak(person, mine.user_name, new, account_password)
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        _prove(person, account_password)
        attempt.succeeded = True
        _put(mine, person, new)
    with transaction.atomic():
        record(what="mystudy_password_set", at=at, whom=person.pk, who=person.pk)
        tell(person=person.pk, message=MYSTUDY_PASSWORD_SET, at=at)


def found(*, person: Person, at: datetime) -> MyStudyAccount | None:
    """Give the person's account, where only the directory knows of it as well.

    Another system made it, or our own record was lost between the two writes. Raises
    DirectoryError.
    """
    known = of(person.pk)
    if known is not None:
        return known
    there = mystudy.of_person(
        person_key=person.person_key or "", matriculation_no=person.matriculation_no
    )
    if not there:
        return None
    first = there[0]
    return witness(
        person=person.pk, user_name=first.user_name, made_here=first.made_here, at=at
    )


def witness(
    *, person: int, user_name: str, made_here: bool, at: datetime
) -> MyStudyAccount | None:
    """Take over what the directory says of a person's (id's) account; once.

    Nothing where the record gives the name to somebody else: a human has to look.
    """
    try:
        with transaction.atomic():
            account, news = MyStudyAccount.objects.get_or_create(
                person_id=person,
                defaults={
                    "user_name": user_name,
                    "made_here": made_here,
                    "made_at": at,
                },
            )
            if news:
                what = "mystudy_account_made" if made_here else "mystudy_account_found"
                record(what=what, at=at, whom=person, who=person if made_here else None)
                mark(people=[person], systems=NAMES, at=at)
    except IntegrityError:
        return None
    return account


def _mailbox_proved(person: Person) -> bool:
    address = addresses.current(person.pk)
    return address is not None and address.proved_at is not None


@sensitive_variables("password", "account_password")
def _refuse_weak(
    person: Person, user_name: str, password: str, account_password: str
) -> None:
    if password == account_password:
        raise SameAsAccount
    weak: dict[Weakness, None] = {}
    for name in (user_name, person.account_name):
        weak |= dict.fromkeys(
            weaknesses(
                password=password,
                account_name=name,
                names=names_of(person),
                initial=None,
            )
        )
    if weak:
        raise TooWeak(tuple(weak))


@sensitive_variables("password")
def _prove(person: Person, password: str) -> None:
    entry = gateway.person(person.account_name)
    if entry is None or gateway.is_staff(entry):
        raise EntryMissing
    if not passwords.proves(entry=entry, password=password):
        raise PasswordRefused(Reason.WRONG)


@sensitive_variables("password")
def _again(
    mine: MyStudyAccount, person: Person, user_name: str, password: str
) -> MyStudyAccount:
    """Answer the second of two presses, or the one after an answer that got lost."""
    if not mine.made_here or mine.user_name != user_name:
        raise HasOne(mine)
    _put(mine, person, password)
    return mine


@sensitive_variables("password")
def _put(mine: MyStudyAccount, person: Person, password: str) -> None:
    mystudy.put(
        user_name=mine.user_name,
        person_key=person.person_key or "",
        password=password,
    )


def _refuse_taken(person: Person, user_name: str) -> None:
    others = MyStudyAccount.objects.filter(user_name=user_name)
    accounts = Person.objects.filter(~Q(pk=person.pk), account_name=user_name)
    if others.exists() or accounts.exists():
        raise NameRefused(Fault.TAKEN)
    theirs = gateway.taken([user_name]) - {person.account_name}
    if theirs:
        raise NameRefused(Fault.TAKEN)


@sensitive_variables("password")
def _create(person: Person, user_name: str, password: str) -> None:
    try:
        mystudy.create(
            user_name=user_name, person_key=person.person_key or "", password=password
        )
    except EntryExists:
        # Two chose it at the same moment, and the directory let one through.
        raise NameRefused(Fault.TAKEN) from None
    except DirectoryRefused as refusal:
        if refusal.result != "constraintViolation":
            raise
        # Another window of the person's was quicker: the next look shows it.
        raise DirectoryUnavailable("the person has another account") from None
