"""Which user names somebody may choose for myStudy."""

import re
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mailbox.alias import RESERVED

SHORTEST, LONGEST = 3, 32
# What every system behind myStudy takes, Moodle (PARAM_USERNAME) included.
_WELL_FORMED = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
# Names under which attackers look first, beside those of the university.
_TECHNICAL = frozenset({"anonymous", "daemon", "guest", "null", "system", "user"})


class Fault(Enum):
    """Why somebody cannot have a user name."""

    LENGTH = "length"
    SIGNS = "signs"
    RESERVED = "reserved"
    ACCOUNT = "account"
    TAKEN = "taken"

    def sentence(self) -> Promise:
        """Say what to do."""
        return _SENTENCES[self]


def canonical(typed: str) -> str:
    """Give the one form of a name, however it was typed."""
    return typed.strip().lower()


def fault(name: str, *, account_name: str) -> Fault | None:
    """Say what speaks against a name for whoever has this Leuphana account."""
    if name == account_name:
        # One name for both is easiest to remember; only the password differs.
        return None
    if not SHORTEST <= len(name) <= LONGEST:
        return Fault.LENGTH
    if re.fullmatch(settings.ACCOUNT_NAME_PATTERN, name):
        return Fault.ACCOUNT
    if not _WELL_FORMED.fullmatch(name):
        return Fault.SIGNS
    return Fault.RESERVED if name in RESERVED | _TECHNICAL else None


_SENTENCES: dict[Fault, Promise] = {
    Fault.LENGTH: _("Use three to 32 characters."),
    Fault.SIGNS: _(
        "Begin with a letter, and use a to z, digits, and single dots, hyphens or"
        " underscores in between."
    ),
    Fault.RESERVED: _("This name belongs to the university. Please choose another."),
    Fault.ACCOUNT: _(
        "This looks like a Leuphana account. Your own user name is fine; otherwise"
        " choose a name that looks different."
    ),
    Fault.TAKEN: _("Somebody has this user name already. Please choose another."),
}
