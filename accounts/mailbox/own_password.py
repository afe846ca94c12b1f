"""An own password for e-mail, so that no device has to know the account's."""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from accounts.directory import gateway, passwords, service_passwords
from accounts.directory.entry import Entry
from accounts.directory.errors import EntryMissing, PasswordRefused, Reason
from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import throttle
from accounts.signin.activation import TooWeak, names_of
from accounts.signin.policy import weaknesses

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
    entry = _proved(person, account_password, at)
    service_passwords.put(dn=entry.dn, service=SERVICE, password=new)
    record(what="mail_password_set", at=at, whom=person.pk, who=person.pk)


def remove(*, person: Person, at: datetime) -> None:
    """Take it away; the account's opens e-mail again. Raises DirectoryError."""
    if service_passwords.remove(dn=_entry(person).dn, service=SERVICE):
        record(what="mail_password_removed", at=at, whom=person.pk, who=person.pk)


@sensitive_variables("password")
def _proved(person: Person, password: str, at: datetime) -> Entry:
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        entry = _entry(person)
        if not passwords.proves(entry=entry, password=password):
            raise PasswordRefused(Reason.WRONG)
        attempt.succeeded = True
    return entry


def _entry(person: Person) -> Entry:
    entry = gateway.person(person.account_name)
    if entry is None or gateway.is_staff(entry):
        raise EntryMissing
    return entry
