"""What can go wrong with the directory, in our own words.

No exception of ldap3 leaves this room, and none of these holds a secret.
"""

from enum import Enum


class DirectoryError(Exception):
    """Something about the directory."""


class DirectoryUnavailable(DirectoryError):
    """The directory does not answer, or not in time; trying again later may help.

    After a write the outcome is unknown: look before writing again.
    """


class EntryMissing(DirectoryError):
    """There is no such entry."""


class EntryExists(DirectoryError):
    """An entry of this name, or with this unique value, is there already."""


class EntryChanged(DirectoryError):
    """Somebody changed the entry between our look and our write: look again."""


class Reason(Enum):
    """Why the directory refuses a password (draft-behera-ldap-password-policy-10)."""

    WRONG = "wrong"
    TOO_SHORT = "too short"
    TOO_WEAK = "too weak"
    USED_BEFORE = "used before"
    TOO_SOON = "too soon"
    NOT_ALLOWED = "not allowed"


class PasswordRefused(DirectoryError):
    """The directory did not take this password, or this one to prove who it is."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason, never the password."""
        super().__init__(reason.value)
        self.reason = reason


class DirectoryRefused(DirectoryError):
    """The directory refused a write for good; a human has to look.

    ``result`` is the LDAP result's name (RFC 4511, 4.1.9), such as
    ``constraintViolation``.
    """

    def __init__(self, result: str) -> None:
        """Keep the name of the result."""
        super().__init__(result)
        self.result = result


class EntryGuarded(DirectoryRefused):
    """The directory lets no remedy touch this entry: its owner has a role."""
