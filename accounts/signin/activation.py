"""Activating an account: one request, one connection, no secret anywhere else."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.catalogue import systems
from accounts.directory import gateway, passwords
from accounts.directory.entry import Entry, Secret
from accounts.directory.errors import PasswordRefused, Reason
from accounts.due.mark import mark
from accounts.people import lifecycle
from accounts.people.models import Kind, Person
from accounts.signin import terms, throttle
from accounts.signin.policy import Weakness, weaknesses
from accounts.signin.throttle import Try
from accounts.signin.tidings import tell_activated, tell_password_changed


class TooWeak(Exception):
    """The new password has these weaknesses; the old one was right, nothing changed."""

    def __init__(self, found: tuple[Weakness, ...]) -> None:
        """Keep the weaknesses, never the password."""
        super().__init__()
        self.weaknesses = found


class Merged(Exception):
    """The secret is right, but the account is closed: another one of theirs stays."""

    def __init__(self, account_name: str) -> None:
        """Take the name of the account that stays."""
        super().__init__(account_name)
        self.account_name = account_name


def check_open(person: Person) -> None:
    """Raise Merged where an account is closed; only after the secret is proved."""
    if person.merged_into is not None:
        raise Merged(person.merged_into.account_name)


class AlreadyActive(Exception):
    """What was typed as the initial password is the person's own; nothing changed."""


@sensitive_variables("initial", "new")
def choose_own_password(
    *, account: str, initial: str, new: str, at: datetime
) -> Person:
    """Put a person's own password in the place of the initial one; give the person.

    ``account`` is canonical, both passwords are normalised. Raises throttle.Waiting,
    PasswordRefused (WRONG for every reason that must not be told apart before the
    secret is proved right), TooWeak, AlreadyActive or DirectoryError. Pressing twice
    gives the same person twice: the new password in force proves as much.
    """
    with throttle.one_try(account=account, at=at) as attempt:
        person = Person.objects.filter(account_name=account, kind=Kind.STUDENT).first()
        entry = gateway.person(account)
        if person is None or (entry is not None and gateway.is_staff(entry)):
            entry = None
        _replace(entry, person, initial, new, attempt)
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
        news = lifecycle.activate(person=person.pk, at=at)
        person.refresh_from_db()
        if news:
            mark(people=[person.pk], systems=systems.NAMES, at=at)
            _tell(person, at)
    return person


def names_of(person: Person) -> tuple[str, str, str]:
    """Give the names that do not belong in the person's password."""
    return person.given_names, person.family_name, person.chosen_name


def _tell(person: Person, at: datetime) -> None:
    if person.activated_at == at:
        tell_activated(person=person.pk, at=at)
    else:
        tell_password_changed(person=person.pk, at=at)


@sensitive_variables("initial", "new")
def _replace(
    entry: Entry | None, person: Person | None, initial: str, new: str, attempt: Try
) -> None:
    def proved() -> None:
        attempt.succeeded = True
        assert entry is not None  # noqa: S101 - nobody proves nobody
        assert person is not None  # noqa: S101
        check_open(person)
        if entry.secret is Secret.OWN:
            raise AlreadyActive
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
        if refusal.reason is not Reason.WRONG or not _again(entry, new):
            raise


@sensitive_variables("new")
def _again(entry: Entry | None, new: str) -> bool:
    """Say whether this is the second of two clicks, or a page sent again.

    The new password is in force already then, as the person's own. An initial password
    that was typed in its place proves nothing.
    """
    own = entry if entry is not None and entry.secret is Secret.OWN else None
    return passwords.proves(entry=own, password=new)
