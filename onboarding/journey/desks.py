"""The desks of the staff: which role finds its work where."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.people.roles import Role


@dataclass(frozen=True)
class Desk:
    """One place of work; links may point to any room."""

    title: Promise
    text: Promise
    url_name: str
    roles: frozenset[Role]


DESKS: tuple[Desk, ...] = (
    Desk(
        _("Enrolment exports"),
        _("Upload an export, look at what it would change, and apply it."),
        "enrolment:imports",
        frozenset({Role.REGISTRAR}),
    ),
    Desk(
        _("Letters"),
        _("Issue initial passwords as letters or for mail merge."),
        "enrolment:letters",
        frozenset({Role.REGISTRAR}),
    ),
    Desk(
        _("Semesters"),
        _("Say when Opening Week is, and when the library service desk is open."),
        "enrolment:semesters",
        frozenset({Role.REGISTRAR}),
    ),
    Desk(
        _("Library service desk"),
        _("Find a student, hand out a card, settle the deposit."),
        "cards:desk",
        frozenset({Role.LIBRARY_DESK}),
    ),
    Desk(
        _("Help desk"),
        _("Find a student, see what is stuck and why, and repair it."),
        "helpdesk:desk",
        frozenset({Role.HELP_DESK, Role.HELP_DESK_LEAD}),
    ),
    Desk(
        _("Who is stuck"),
        _("How far everybody is, what is in the way and since when, how systems do."),
        "watch:board",
        frozenset(
            {
                Role.HELP_DESK,
                Role.HELP_DESK_LEAD,
                Role.COORDINATOR,
                Role.AUDITOR,
            }
        ),
    ),
    Desk(
        _("Journal"),
        _("Who looked at whom, did what, when and why; also as a file."),
        "watch:journal",
        frozenset({Role.AUDITOR}),
    ),
    Desk(
        _("A colleague’s second factor"),
        _("When a colleague has lost the device: remove it, give a code."),
        "factors:reset",
        frozenset({Role.HELP_DESK_LEAD}),
    ),
    Desk(
        _("Hand out cards"),
        _("The app for the hall: your group, its cards, offline too."),
        "handout:start",
        frozenset({Role.TUTOR, Role.COORDINATOR}),
    ),
    Desk(
        _("Cards in Opening Week"),
        _("What waits for you, phones, who hands out for which group."),
        "handout:board",
        frozenset({Role.COORDINATOR}),
    ),
    Desk(
        _("Stock of cards"),
        _("Take deliveries in, fill the boxes of the groups, take them back."),
        "cards:stock",
        frozenset({Role.LIBRARY_DESK}),
    ),
    Desk(
        _("Day’s closing"),
        _("Count the desk’s till, then see what differs."),
        "cards:closing",
        frozenset({Role.LIBRARY_DESK}),
    ),
    Desk(
        _("Finance"),
        _("See the accounts, switch cash at the tutors on, take a period along."),
        "cards:finance",
        frozenset({Role.FINANCE}),
    ),
    Desk(
        _("Tills"),
        _("Take counted cash over, as the second person."),
        "cards:tills",
        frozenset({Role.FINANCE, Role.LIBRARY_DESK, Role.COORDINATOR}),
    ),
    Desk(
        _("Cards and cash of Opening Week"),
        _("The week in sums, as a table and as a document."),
        "handout:summary",
        frozenset({Role.FINANCE, Role.COORDINATOR}),
    ),
    Desk(
        _("myStudy and Moodle"),
        _("Decide for each semester which account opens both, and from which day on."),
        "enrolment:mystudy",
        frozenset({Role.REGISTRAR}),
    ),
)


def desks_of(roles: frozenset[Role]) -> list[Desk]:
    """Give the desks that these roles open."""
    return [desk for desk in DESKS if desk.roles & roles]
