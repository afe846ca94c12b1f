"""What the library says of an account, in words (PAIA 2.8)."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountState(Enum):
    """The state of a library account, by the value of its evidence."""

    UNKNOWN = ""
    ACTIVE = "0"
    INACTIVE = "1"
    EXPIRED = "2"
    FEES = "3"
    EXPIRED_AND_FEES = "4"

    @classmethod
    def read(cls, value: str) -> "AccountState":
        """Read a state; one that nobody knows is "inactive" (PAIA 2.8)."""
        try:
            return cls(value)
        except ValueError:
            return cls.INACTIVE

    @property
    def sentence(self) -> Promise:
        """Say it to the student."""
        return _SENTENCES[self]


_SENTENCES: dict[AccountState, Promise] = {
    AccountState.UNKNOWN: _(
        "The library does not know your card yet. It links the two by hand, usually"
        " within a working day."
    ),
    AccountState.ACTIVE: _("The library says that your account works."),
    AccountState.INACTIVE: _(
        "The library says that your account is not active yet. If that lasts longer"
        " than a day or two, ask at the library service desk."
    ),
    AccountState.EXPIRED: _(
        "The library says that your account has expired. The library service desk"
        " extends it; bring your card."
    ),
    AccountState.FEES: _(
        "The library says that fees are open. Once they are paid, you can borrow again."
    ),
    AccountState.EXPIRED_AND_FEES: _(
        "The library says that your account has expired and fees are open. The library"
        " service desk helps with both; bring your card."
    ),
}
