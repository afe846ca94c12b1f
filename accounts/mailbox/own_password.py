"""An own password for e-mail, so that no device has to know the account's."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.directory import gateway, service_passwords
from accounts.directory.connection import Acting
from accounts.directory.entry import Entry
from accounts.directory.errors import EntryMissing
from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import ownership
from accounts.signin.activation import TooWeak, names_of
from accounts.signin.policy import weaknesses
from accounts.signin.tidings import tell

SERVICE = "mail"


class SameAsAccount(Exception):
    """The new one is the account's: nothing would be won."""


def is_set(person: Person) -> bool:
    """Say whether there is one; raises DirectoryError."""
    return service_passwords.exists(dn=_entry(person).dn, service=SERVICE)


@sensitive_variables("account_password", "new")
def choose(*, person: Person, account_password: str, new: str, at: datetime) -> None:
    """Set an own password for e-mail; from then on the account's does not open it.

    Who asks proves to be the account's owner: a session left open is not enough. Raises
    throttle.Waiting, SameAsAccount, TooWeak, PasswordRefused or DirectoryError.
    """
    found = weaknesses(
        password=new,
        account_name=person.account_name,
        names=names_of(person),
        initial=None,
    )
    if new == account_password:
        raise SameAsAccount
    if found:
        raise TooWeak(found)
    entry = ownership.proved(person=person, password=account_password, at=at)
    service_passwords.put(dn=entry.dn, service=SERVICE, password=new)
    _note(person, "mail_password_set", at)


@sensitive_variables("account_password")
def remove(*, person: Person, account_password: str, at: datetime) -> None:
    """Take it away; the account's opens e-mail again.

    Raises throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    entry = ownership.proved(person=person, password=account_password, at=at)
    if service_passwords.remove(dn=entry.dn, service=SERVICE):
        _note(person, "mail_password_removed", at)


def drop(person: Person) -> bool:
    """Take it away from somebody who may have lost the account; says whether it was.

    For whoever sets an initial password: what opens the mailbox must not outlive what
    opened the account. A remedy: raises EntryGuarded, or another DirectoryError.
    """
    dn = _entry(person).dn
    return service_passwords.remove(dn=dn, service=SERVICE, who=Acting.REMEDY)


def _note(person: Person, what: str, at: datetime) -> None:
    with transaction.atomic():
        record(what=what, at=at, whom=person.pk, who=person.pk)
        tell(person=person.pk, message=what, at=at)


def _entry(person: Person) -> Entry:
    entry = gateway.person(person.account_name)
    if entry is None or gateway.is_staff(entry):
        raise EntryMissing
    return entry
