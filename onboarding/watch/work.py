"""The work table in figures: what each target system still owes to how many people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.catalogue import systems
from accounts.due.lease import PARKED
from accounts.due.models import Sync
from accounts.due.progress import LATE
from accounts.people.models import Person
from accounts.reconciler.brake import REASON
from accounts.reconciler.models import Pulse
from onboarding.helpdesk.failures import AWAY, in_words, kind_of, sentence
from onboarding.helpdesk.systems import NAMES

OLDEST = 10


class Lack(StrEnum):
    """What is the matter with a person in a system; nobody has both of the first."""

    # Nothing more happens by itself.
    PARKED = "parked"
    # It is tried again, or its turn has not come.
    WAITING = "waiting"
    # Of those that wait, the ones that have failed before.
    FAILING = "failing"
    # Of those that wait, the ones that nobody has got to for too long.
    LATE = "late"
    # Of those that are parked, the ones that the brake holds.
    HELD = "held"
    # Nothing: all is as wanted.
    NONE = "settled"


WORDS: dict[Lack, Promise] = {
    Lack.PARKED: _("a human has to look"),
    Lack.WAITING: _("under way"),
    Lack.FAILING: _("tried in vain so far"),
    Lack.LATE: _("nobody has got to it yet"),
    Lack.HELD: _("held by the brake"),
    Lack.NONE: _("as wanted"),
}


class State(StrEnum):
    """How a target system does, as a whole."""

    WELL = "well"
    # It refuses or fails for some, and is asked again.
    AGAIN = "again"
    # Somebody has to look: at what is parked, or why nobody gets to it.
    LOOK = "look"
    # It does not answer.
    AWAY = "away"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One sentence that is in many people's way in one system."""

    system: str
    name: Promise
    kind: str
    sentence: Promise
    people: int
    parked: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """One target system: whom it knows, what it owes, and how it has answered."""

    key: str
    name: Promise
    everybody: int = 0
    settled: int = 0
    parked: int = 0
    waiting: int = 0
    failing: int = 0
    late: int = 0
    held: int = 0
    # When something was last found or made as wanted.
    last_success: datetime | None = None
    # Since when the oldest of what is not yet as wanted waits.
    oldest: datetime | None = None
    # What is in most people's way there.
    trouble: Trouble | None = None
    # Whether it is away itself, for all that anybody waits for it.
    away: bool = False
    # What it lacks when it is merely asked whether it is there, and since when.
    silence: Promise | str = ""
    silent_since: datetime | None = None

    @property
    def well(self) -> bool:
        """Say whether nothing is in anybody's way."""
        return not (self.parked or self.failing or self.late)

    @property
    def state(self) -> State:
        """Say in one word how it does; the gravest first."""
        if self.held:
            return State.HELD
        if self.away:
            return State.AWAY
        if self.parked or self.late or self.silence:
            return State.LOOK
        return State.AGAIN if self.failing else State.WELL


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who has been waiting for a system."""

    person: Person
    system: str
    name: Promise
    since: datetime
    sentence: Promise | str


def of(lack: Lack, *, at: datetime) -> Q:
    """Say which rows have this lack at a moment."""
    rests, failed = Q(last_error__startswith=PARKED), Q(failures__gt=0)
    due = Q(due_at__isnull=False) & ~rests
    return {
        Lack.PARKED: rests,
        Lack.WAITING: due,
        Lack.FAILING: due & failed,
        Lack.LATE: due & ~failed & Q(due_at__lt=at - LATE),
        Lack.HELD: Q(last_error=f"{PARKED}{REASON}"),
        Lack.NONE: Q(settled_generation__gte=F("generation")),
    }[lack]


def since(at: datetime) -> Coalesce:
    """Say since when rows wait: since they first failed, else since they are due.

    Nothing where nobody knows: of old failures, and of what is not due yet.
    """
    first = Case(When(failures=0, due_at__lte=at, then="due_at"))
    return Coalesce("failing_since", first)


def rows_of(people: QuerySet[Person]) -> QuerySet[Sync]:
    """Give what the work table says of these people, in the systems that are on."""
    return Sync.objects.filter(system__in=systems.NAMES, person__in=people)


def health(
    people: QuerySet[Person], *, at: datetime, known: Sequence[Trouble] = ()
) -> tuple[Health, ...]:
    """Count each system; two queries. ``known`` are troubles, the greatest first."""
    counts = {lack.value: Count("pk", filter=of(lack, at=at)) for lack in Lack}
    not_yet = of(Lack.PARKED, at=at) | of(Lack.WAITING, at=at)
    names = ("everybody", "last_success", "oldest", *counts)
    rows = rows_of(people).order_by().values_list("system")
    counted = rows.annotate(
        everybody=Count("pk"),
        last_success=Max("settled_at"),
        oldest=Min(since(at), filter=not_yet),
        **counts,
    )
    found: dict[str, dict[str, Any]] = {
        system: dict(zip(names, values, strict=True))
        for system, *values in counted.values_list("system", *names)
    }
    pulses = Pulse.objects.in_bulk()
    return tuple(
        Health(
            key=key,
            name=NAMES[key],
            trouble=next((one for one in known if one.system == key), None),
            away=_away(key, known, pulses.get(key)),
            silence=in_words(pulses[key].word) if key in pulses else "",
            silent_since=pulses[key].silent_since if key in pulses else None,
            **found.get(key, {}),
        )
        for key in systems.NAMES
    )


def _away(key: str, known: Sequence[Trouble], pulse: Pulse | None) -> bool:
    if any(one.kind in AWAY for one in known if one.system == key):
        return True
    word = pulse.word if pulse else ""
    return bool(word) and not word.startswith(PARKED)


def troubles(people: QuerySet[Person]) -> tuple[Trouble, ...]:
    """Give the sentences that are in the way, those of most people first; one query."""
    rows = rows_of(people).exclude(last_error="").order_by()
    noted = rows.values_list("system", "last_error").annotate(
        people=Count("pk"), since=Min("failing_since")
    )
    found: dict[tuple[str, str], Trouble] = {}
    for system, error, number, since in noted:
        kind = kind_of(error)
        known = found.get((system, kind))
        found[system, kind] = Trouble(
            system=system,
            name=NAMES[system],
            kind=kind,
            sentence=sentence(kind),
            people=number + (known.people if known else 0),
            parked=error.startswith(PARKED) or bool(known and known.parked),
            since=_earlier((since, known.since if known else None)),
        )
    return tuple(sorted(found.values(), key=lambda one: -one.people))


def oldest(
    people: QuerySet[Person], *, at: datetime, most: int = OLDEST
) -> tuple[Waiting, ...]:
    """Give what has waited longest; one query."""
    lacks = of(Lack.PARKED, at=at) | of(Lack.WAITING, at=at)
    rows = rows_of(people).filter(lacks).annotate(since=since(at))
    known = rows.filter(since__isnull=False).select_related("person")
    return tuple(
        Waiting(
            person=row.person,
            system=row.system,
            name=NAMES[row.system],
            since=row.since,
            sentence=in_words(row.last_error),
        )
        for row in known.order_by("since", "pk")[:most]
    )


def _earlier(moments: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
