"""Handing a matter on: to whom, with what they need to know and no more."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.catalogue import systems
from accounts.catalogue.shown import service
from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person
from onboarding.cards.numbers import masked
from onboarding.helpdesk.limits import quick, start_of_day
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.known import troubles
from onboarding.helpdesk.troubles.trouble import Trouble
from onboarding.journey.acts import BODIES
from onboarding.notes.models import Note, Readers
from onboarding.notes.writing import write

HANDED_ON = "handed_on"


@dataclass(frozen=True, slots=True)
class Need:
    """One fact that a body needs to do its part."""

    label: Promise
    value: Callable[[Seen], str]


def _systems(seen: Seen, *keys: str) -> str:
    lines = [one for one in seen.systems if one.key in keys and one.sentence]
    return " ".join(f"{one.name}: {one.sentence}" for one in lines)


NAME = Need(_("Name"), lambda seen: seen.facts.display_name)
ON_PAPERS = Need(
    _("Name in the papers"),
    lambda seen: f"{seen.person.given_names} {seen.person.family_name}".strip(),
)
ACCOUNT = Need(_("User name"), lambda seen: seen.person.account_name)
MATRICULATION = Need(
    _("Matriculation number"), lambda seen: seen.person.matriculation_no or ""
)
STUDIES = Need(_("Studies"), lambda seen: "; ".join(str(one) for one in seen.studies))
MAIL = Need(_("E-mail"), lambda seen: seen.facts.mail.address)
MYSTUDY = Need(
    _("User name in myStudy"), lambda seen: seen.facts.mystudy.user_name or ""
)
CARD = Need(_("Card"), lambda seen: masked(seen.facts.card.number))
REGISTRATION = Need(
    _("Library registration"), lambda seen: seen.facts.card.reference or ""
)
TEACHING = Need(
    _("What the systems say"),
    lambda seen: _systems(seen, systems.MYSTUDY, systems.MOODLE),
)
ENTRY = Need(
    _("What the systems say"),
    lambda seen: _systems(seen, systems.DIRECTORY, systems.MAILBOX),
)
# By the key that troubles name; never a date of birth, never a private address.
NEEDS: Mapping[str, tuple[Need, ...]] = {
    "student-service": (ON_PAPERS, MATRICULATION, STUDIES),
    "library": (NAME, ACCOUNT, CARD, REGISTRATION),
    "mystudy-support": (NAME, ACCOUNT, MAIL, MYSTUDY, TEACHING),
    "miz": (NAME, ACCOUNT, MAIL, ENTRY),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the agent adds to a matter that is handed on."""

    ticket: str = ""
    # What they are to do.
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a body gets to know of one person."""

    body: str
    facts: tuple[tuple[Promise, str], ...]
    confidential: bool
    troubles: tuple[Trouble, ...]
    # The address of the body, where this installation has one.
    mail: str
    # Who hands it on, and what the agent wrote to it.
    by: str
    matter: str

    @property
    def text(self) -> str:
        """Give it as plain text, in the reader's language."""
        blocked = gettext(
            "Disclosure is blocked: no information about this person to anybody."
        )
        parts = [
            blocked if self.confidential else "",
            "\n".join(f"{label}: {value}" for label, value in self.facts),
            "\n".join(f"{one.title}. {one.because}" for one in self.troubles),
            self.matter,
            gettext("From the help desk of the MIZ: %(agent)s") % {"agent": self.by},
        ]
        return "\n\n".join(part for part in parts if part)

    @property
    def name(self) -> Promise:
        """Give the name of the body."""
        return BODIES[self.body]


def sheet(seen: Seen, *, body: str, by: Person, handed: Event | None) -> Sheet:
    """Put together what a body (a key of NEEDS) needs to know.

    Once it is ``handed`` on, with what the agent wrote then.
    """
    facts = ((one.label, one.value(seen)) for one in NEEDS[body])
    contact = service(body) if body != "miz" else None
    return Sheet(
        body=body,
        facts=tuple((label, value) for label, value in facts if value),
        confidential=seen.person.confidential,
        troubles=_theirs(seen, body),
        mail=contact.mail if contact else "",
        by=by.display_name,
        matter=_matter(handed),
    )


def _matter(handed: Event | None) -> str:
    number = handed.facts.get("note") if handed else None
    note = Note.objects.filter(pk=number).first() if number else None
    return note.text if note else ""


def _theirs(seen: Seen, body: str) -> tuple[Trouble, ...]:
    """Give what is stuck with them; what is merely good to know if nothing is."""
    known = tuple(one for one in troubles(seen) if one.body == body)
    return tuple(one for one in known if not one.mild) or known


def bodies(seen: Seen) -> Iterator[tuple[str, Promise, bool]]:
    """Give whom there is to hand on to, and whether a trouble of now is theirs."""
    theirs = {one.body for one in troubles(seen) if not one.mild}
    for body in NEEDS:
        yield body, BODIES[body], body in theirs


def hand_on(
    *,
    person: Person,
    body: str,
    by: Person,
    at: datetime,
    said: Said,
) -> None:
    """Note that a matter is handed on, and keep what it is; raises TooMuchToday."""
    facts: dict[str, Fact] = {"body": body}
    if said.ticket:
        facts["ticket"] = said.ticket
    with transaction.atomic():
        quick(by=by, at=at)
        if said.matter:
            readers = Readers.HELP_DESK
            note = write(person=person, by=by, text=said.matter, readers=readers, at=at)
            facts["note"] = note.pk
        record(what=HANDED_ON, at=at, whom=person.pk, who=by.pk, facts=facts)


def handed_on(*, person: Person, body: str, by: Person, at: datetime) -> Event | None:
    """Give how this agent handed it on today, if so."""
    rows = Event.objects.filter(whom=person, who=by, what=HANDED_ON)
    today = rows.filter(facts__body=body, at__gte=start_of_day(at))
    return today.order_by("-pk").first()
