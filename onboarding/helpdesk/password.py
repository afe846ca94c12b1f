"""The state of somebody's password, read live from the directory; never a password."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.conf import settings

from accounts.directory import gateway
from accounts.directory.entry import Entry, Secret
from accounts.directory.errors import DirectoryError
from accounts.people.models import Person
from accounts.signin import throttle


class State(Enum):
    """Whose choice the password is, and whether it still opens anything."""

    UNKNOWN = "the directory does not answer"
    NO_ENTRY = "no entry"
    NONE = "none"
    INITIAL = "initial"
    EXPIRED = "expired"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Password:
    """What directory and portal say of the password of one person."""

    state: State
    # The end of an initial one.
    until: datetime | None = None
    changed_at: datetime | None = None
    # The directory refuses every password until then, or for good.
    locked_until: datetime | None = None
    locked_for_good: bool = False
    # For so many seconds the portal looks at no try.
    waits: int = 0
    entry: Entry | None = None

    @property
    def locked(self) -> bool:
        """Say whether the directory refuses every password at the moment."""
        return self.locked_for_good or self.locked_until is not None


def password_of(person: Person, *, at: datetime) -> Password:
    """Ask the directory; it says so where there is no answer."""
    waits = throttle.waits(account=person.account_name, at=at)
    try:
        entry = gateway.person(person.account_name)
    except DirectoryError:
        return Password(State.UNKNOWN, waits=waits)
    if entry is None or gateway.is_staff(entry):
        return Password(State.NO_ENTRY, waits=waits)
    lock_ends = entry.locked_at + settings.LDAP_LOCKOUT if entry.locked_at else None
    return Password(
        state=_state(entry, at),
        until=entry.ends_at,
        changed_at=entry.changed_at,
        locked_until=lock_ends if lock_ends and lock_ends > at else None,
        locked_for_good=entry.locked and entry.locked_at is None,
        waits=waits,
        entry=entry,
    )


def _state(entry: Entry, at: datetime) -> State:
    if entry.secret is Secret.NONE:
        return State.NONE
    if entry.secret is Secret.OWN:
        return State.OWN
    ended = entry.ends_at is not None and entry.ends_at <= at
    return State.EXPIRED if ended else State.INITIAL
