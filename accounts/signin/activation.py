"""Activating an account: one request, one connection, no secret anywhere else."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.catalogue import systems
from accounts.directory import gateway, passwords
from accounts.directory.entry import Entry
from accounts.directory.errors import PasswordRefused, Reason
from accounts.due.mark import mark
from accounts.people import lifecycle
from accounts.people.models import Kind, Person
from accounts.signin import terms, throttle
from accounts.signin.policy import Weakness, weaknesses


class TooWeak(Exception):
    """The new password has these weaknesses; the old one was right, nothing changed."""

    def __init__(self, found: tuple[Weakness, ...]) -> None:
        """Keep the weaknesses, never the password."""
        super().__init__()
        self.weaknesses = found


@sensitive_variables("initial", "new")
def choose_own_password(
    *, account: str, initial: str, new: str, at: datetime
) -> Person:
    """Put a person's own password in the place of the initial one; give the person.

    ``account`` is canonical, both passwords are normalised. Raises throttle.Waiting,
    PasswordRefused (WRONG for every reason that must not be told apart before the
    secret is proved right), TooWeak or DirectoryUnavailable. Pressing twice gives the
    same person twice: the new password that is already in force proves as much.
    """
    with throttle.one_try(account=account, at=at) as attempt:
        entry = gateway.person(account)
        person = _student(account, entry)
        try:
            _replace(entry if person else None, person, initial, new)
        except (TooWeak, PasswordRefused) as refusal:
            attempt.succeeded = _was_proved(refusal)
            raise
        attempt.succeeded = True
    assert person is not None  # noqa: S101 - without a person nothing is replaced
    return complete(person=person, at=at)


def complete(*, person: Person, at: datetime) -> Person:
    """Note what the directory already knows: the password is the person's own."""
    with transaction.atomic():
        terms.accept(person=person.pk, at=at)
        return observed(person, at=at)


def observed(person: Person, *, at: datetime) -> Person:
    """Heal what a crash between the directory and our own record left behind.

    The person has proved the own password; agreement to the documents is asked anew.
    """
    with transaction.atomic():
        if lifecycle.activate(person=person.pk, at=at):
            mark(people=[person.pk], systems=[systems.DIRECTORY], at=at)
    person.refresh_from_db()
    return person


def names_of(person: Person) -> tuple[str, str, str]:
    """Give the names that do not belong in the person's password."""
    return person.given_names, person.family_name, person.chosen_name


@sensitive_variables("initial", "new")
def _replace(
    entry: Entry | None, person: Person | None, initial: str, new: str
) -> None:
    def proved() -> None:
        assert person is not None  # noqa: S101 - nobody proves nobody
        found = weaknesses(
            password=new,
            account_name=person.account_name,
            names=names_of(person),
            initial=initial,
        )
        if found:
            raise TooWeak(found)

    try:
        passwords.replace(entry=entry, old=initial, new=new, proved=proved)
    except PasswordRefused as refusal:
        # The second of two clicks, or a page sent again after a crash: the new
        # password is in force already. An initial one that is typed twice is not.
        again = refusal.reason is Reason.WRONG and initial != new
        if not (again and passwords.proves(entry=entry, password=new)):
            raise


def _was_proved(refusal: TooWeak | PasswordRefused) -> bool:
    return isinstance(refusal, TooWeak) or refusal.reason is not Reason.WRONG


def _student(account: str, entry: Entry | None) -> Person | None:
    if entry is None or gateway.is_staff(entry):
        return None
    return Person.objects.filter(account_name=account, kind=Kind.STUDENT).first()
