"""The target systems that the portal keeps, by the names in the work table."""

from django.conf import settings

DIRECTORY = "directory"
MAILBOX = "mailbox"
MYSTUDY = "mystudy"
MOODLE = "moodle"
# Where registrations and cards are told to the library, and where it tells of accounts.
LIBRARY = "library"
LIBRARY_CARDS = "library_cards"
PAIA = "paia"

# An installation may be without these.
_SWITCHES = {
    MOODLE: settings.MOODLE_URL,
    LIBRARY: settings.LIBRARY_DROP_DIR,
    LIBRARY_CARDS: settings.LIBRARY_DROP_DIR,
    PAIA: settings.PAIA_URL,
}
NAMES: tuple[str, ...] = (
    DIRECTORY,
    MAILBOX,
    MYSTUDY,
    *(one for one, on in _SWITCHES.items() if on),
)

# What these say of a person is kept as evidence.
TELLING: frozenset[str] = frozenset({MAILBOX, MYSTUDY, MOODLE, LIBRARY, PAIA})

# Who has to know that somebody got a card, or has it no longer.
OF_CARDS: tuple[str, ...] = tuple(
    one for one in (DIRECTORY, LIBRARY_CARDS, PAIA) if one in NAMES
)
