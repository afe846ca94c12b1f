"""Who helps: desks, services and schools. Role mailboxes, never a person's name."""

from django.utils.translation import gettext_lazy as _

from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.service import ADDRESS_UNKNOWN, Group, Link, Service, Text


def _body(  # noqa: PLR0913 - a body has that many sides
    key: str,
    name: Text,
    why: Text,
    *,
    more: Link | None = ADDRESS_UNKNOWN,
    schools: frozenset[str] = frozenset(),
    faculties: frozenset[str] = frozenset(),
) -> Service:
    return Service(
        key=key,
        name=name,
        why=why,
        group=Group.HELP,
        more=more,
        support=key,
        schools=schools,
        faculties=faculties,
    )


def _dean(key: str, name: Text, *called: str) -> Service:
    why = _("How studies and teaching are organised and carried out.")
    return _body(key, name, why, faculties=frozenset(called))


CONTACTS: tuple[Service, ...] = (
    _body(
        "miz",
        _("Help desk of the MIZ"),
        _("Account, password, e-mail, Wi-Fi, VPN, and whatever else is stuck."),
        more=None,
    ),
    _body(
        "mystudy-support",
        _("myStudy support"),
        _("Everything about myStudy and Moodle."),
        more=None,
        schools=COLLEGE_AND_GRADUATE,
    ),
    _body(
        "library",
        _("The library, with its service desk"),
        _("Leuphana Card, deposit, library account; a page for first-years."),
    ),
    _body(
        "student-service",
        _("Student Service"),
        _("Fees and charges, student administration, examination administration."),
    ),
    _body(
        "info-portal",
        _("Info Portal"),
        _("First information about your studies."),
    ),
    _body(
        "college",
        _("College"),
        _("The parts of your studies across subjects, and academic advising."),
        schools=frozenset({"College"}),
    ),
    _body(
        "graduate-school",
        _("Graduate School"),
        _("The parts of your studies across subjects, and academic advising."),
        schools=frozenset({"Graduate School"}),
    ),
    _body(
        "professional-school",
        _("Professional School"),
        _("Your programme, its own learning platform, and its contacts."),
        schools=frozenset({"Professional School"}),
    ),
    _body(
        "counselling",
        _("Study Counselling Service"),
        _("Choosing what to study, doubts, and everything about studying."),
    ),
    _dean("dean-education", _("Dean of Studies, Education"), "Education"),
    _dean(
        "dean-humanities",
        _("Dean of Studies, Humanities and Social Sciences"),
        # What the faculty was called before is still in some data.
        *("Humanities and Social Sciences", "Culture and Society"),
    ),
    _dean(
        "dean-sustainability", _("Dean of Studies, Sustainability"), "Sustainability"
    ),
    _dean(
        "dean-management",
        _("Dean of Studies, Management and Technology"),
        "Management and Technology",
    ),
    _dean(
        "dean-public-affairs", _("Dean of Studies, Public Affairs"), "Public Affairs"
    ),
)
