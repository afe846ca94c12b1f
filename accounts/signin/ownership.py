"""Proving to be the account's owner: a session left open is not enough."""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from accounts.directory import gateway, passwords
from accounts.directory.entry import Entry
from accounts.directory.errors import EntryMissing, PasswordRefused, Reason
from accounts.people.models import Person
from accounts.signin import throttle


@sensitive_variables("password")
def proved(*, person: Person, password: str, at: datetime) -> Entry:
    """Give a student's entry to whoever knows the account's password, normalised.

    Raises throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        entry = gateway.person(person.account_name)
        if entry is None or gateway.is_staff(entry):
            raise EntryMissing
        if not passwords.proves(entry=entry, password=password):
            raise PasswordRefused(Reason.WRONG)
        attempt.succeeded = True
    return entry
