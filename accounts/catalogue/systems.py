"""The target systems that the portal keeps, by the names in the work table."""

DIRECTORY = "directory"
MAILBOX = "mailbox"
MYSTUDY = "mystudy"
MOODLE = "moodle"
# Where registrations with the library go, and where the library tells of accounts.
LIBRARY = "library"
PAIA = "paia"

NAMES: tuple[str, ...] = (DIRECTORY,)

# What these say of a person is kept as evidence.
TELLING: frozenset[str] = frozenset({MAILBOX, MYSTUDY, MOODLE, LIBRARY, PAIA})
