"""Each target system for one person: wanted, found, in the way, and next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.catalogue import systems
from accounts.catalogue.shown import service
from accounts.connectors.contract import Mode, Subject
from accounts.directory.entry import Entry
from accounts.due.lease import PARKED
from accounts.due.models import Sync
from accounts.reconciler.evidence import evidence_of
from accounts.reconciler.models import Evidence
from onboarding.cards.numbers import masked
from onboarding.helpdesk.failures import in_words

NAMES: dict[str, Promise] = {
    systems.DIRECTORY: gettext_lazy("Directory"),
    systems.MAILBOX: gettext_lazy("Mailbox"),
    systems.MYSTUDY: gettext_lazy("myStudy"),
    systems.MOODLE: gettext_lazy("Moodle"),
    systems.LIBRARY: gettext_lazy("Library: registration"),
    systems.LIBRARY_CARDS: gettext_lazy("Library: cards"),
    systems.PAIA: gettext_lazy("Library: account"),
}

# Entitlements whose service goes by another key.
_OFFERED_AS = {"mail": "email", "rocketchat": "chat"}


@dataclass(frozen=True, slots=True)
class Line:
    """One system and one person."""

    key: str
    name: Promise
    wanted: str
    found: str
    # When the system last was as wanted.
    settled_at: datetime | None
    # What is in the way; nothing where all is well.
    sentence: Promise | str
    next_try: datetime | None
    # Nothing more happens by itself.
    parked: bool
    failures: int

    @property
    def well(self) -> bool:
        """Say whether the system is as wanted, as far as anybody knows."""
        return not self.sentence and self.next_try is None


def lines(
    *, person: int, subject: Subject | None, entry: Entry | None
) -> tuple[Line, ...]:
    """Give a line per system of this installation; two questions."""
    rows = {one.system: one for one in Sync.objects.filter(person=person)}
    told = evidence_of(person)
    return tuple(
        _line(
            key,
            rows.get(key),
            wanted=_wanted(key, subject) if subject else "",
            found=_found(key, rows.get(key), told, entry),
        )
        for key in systems.NAMES
    )


def _line(key: str, row: Sync | None, *, wanted: str, found: str) -> Line:
    parked = row is not None and row.last_error.startswith(PARKED)
    return Line(
        key=key,
        name=NAMES[key],
        wanted=wanted or _("nothing"),
        found=found,
        settled_at=row.settled_at if row else None,
        sentence=in_words(row.last_error) if row else "",
        next_try=row.due_at if row else None,
        parked=parked,
        failures=row.failures if row else 0,
    )


def _wanted(key: str, subject: Subject) -> str:
    match key:
        case systems.DIRECTORY:
            return _entry_wanted(subject)
        case systems.MAILBOX:
            return subject.mail.address if subject.mail else ""
        case systems.MYSTUDY | systems.MOODLE:
            return _teaching_wanted(key, subject)
        case systems.LIBRARY:
            told = subject.registration
            return told.receipt if told else ""
        case _:
            return masked(subject.card_number)


def _entry_wanted(subject: Subject) -> str:
    if not subject.lives_here:
        return _("no entry")
    return _entry_with(subject.entitlements)


def _teaching_wanted(key: str, subject: Subject) -> str:
    if key not in subject.entitlements:
        return ""
    if subject.mystudy_mode is Mode.OWN:
        return subject.mystudy or _("an account, once the person makes one")
    return subject.account_name


Told = dict[tuple[str, str], Evidence]


def _found(key: str, row: Sync | None, told: Told, entry: Entry | None) -> str:
    if key == systems.DIRECTORY:
        return _entry_found(entry)
    said = _said(key, told)
    if said:
        return said
    if row is None:
        return _("never asked")
    return _("as wanted") if row.settled else _("not as wanted yet")


def _entry_found(entry: Entry | None) -> str:
    if entry is None:
        return _("no entry, or no answer")
    return _entry_with(entry.values.get("entitlements", ()))


def _entry_with(entitlements: Iterable[str]) -> str:
    services = ", ".join(sorted(map(_service_named, entitlements), key=str.casefold))
    if not services:
        return _("an entry without services")
    return _("an entry with: %(services)s") % {"services": services}


def _service_named(entitlement: str) -> str:
    """Give the name that pages use; an unknown word stays as the directory has it."""
    offered = service(_OFFERED_AS.get(entitlement, entitlement))
    return str(offered.title) if offered else entitlement


def _said(key: str, told: Told) -> str:
    """Put what a system has said of the person into words."""
    facts = {name: row.value for (system, name), row in told.items() if system == key}
    if not facts:
        return ""
    match key:
        case systems.MAILBOX:
            return _("takes mail")
        case systems.MYSTUDY:
            return _("lets the person in")
        case systems.MOODLE:
            seen = "last_seen" in facts
            return _("a user who was there") if seen else _("a user, never there yet")
        case systems.PAIA:
            return _("an account that works") if "works" in facts else _("an account")
        case _:
            return _("told to the library")
