"""The target systems that the portal keeps, by the names in the work table."""

from django.conf import settings

DIRECTORY = "directory"
MAILBOX = "mailbox"
MYSTUDY = "mystudy"
MOODLE = "moodle"
# Where registrations with the library go, and where the library tells of accounts.
LIBRARY = "library"
PAIA = "paia"

# An installation may be without these.
_SWITCHES = {
    MOODLE: settings.MOODLE_URL,
    LIBRARY: settings.LIBRARY_DROP_DIR,
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
