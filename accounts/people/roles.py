"""The roles of staff; each is a group under ou=roles in the directory."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody at the university does here; the value is the group's cn."""

    REGISTRAR = "registrar"
    HELP_DESK = "help-desk"
    HELP_DESK_LEAD = "help-desk-lead"
    LIBRARY_DESK = "library-desk"
    FINANCE = "finance"
    COORDINATOR = "coordinator"
    TUTOR = "tutor"
    AUDITOR = "auditor"


# Whose work opens other people's records, money, cards or passwords: a password alone
# is not enough for it. Tutors see names and marks, in a hall without a network.
SECOND_FACTOR = frozenset(Role) - {Role.TUTOR}
