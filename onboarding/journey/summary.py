"""A sheet to keep: what somebody has here, and since when each step is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.catalogue.systems import MOODLE, MYSTUDY
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.journey.facts import Facts
from onboarding.journey.path import Journey, Station
from onboarding.journey.step import Standing
from onboarding.journey.ticks import ticks_of

# Steps whose day only the journal knows.
_ACTS = {
    "recovery_address_proved": "recovery",
    "mystudy_account_made": "mystudy",
    "mystudy_account_found": "mystudy",
}
# What confirms a step whose system was asked.
_CONFIRMED = Q(system=MYSTUDY) | Q(system=MOODLE, key="last_seen")


@dataclass(frozen=True, slots=True)
class Row:
    """One step on the sheet."""

    station: Station
    # Since when it is done, where somebody or something told us.
    since: datetime | None = None

    @property
    def done(self) -> bool:
        """Say whether the step is done."""
        return self.station.now.standing is Standing.DONE


def summary(*, person: Person, facts: Facts, way: Journey) -> list[Row]:
    """Give the steps of the way with their days; three small questions."""
    known = dict(_dates(person, facts))
    return [
        Row(station, known.get(station.step.key) if _is_done(station) else None)
        for station in way.stations
    ]


def _is_done(station: Station) -> bool:
    return station.now.standing is Standing.DONE


def _dates(person: Person, facts: Facts) -> Iterator[tuple[str, datetime]]:
    """Give what is known of steps (keys); where two are, the later one here counts."""
    yield from ticks_of(person.pk).items()
    seen = Evidence.objects.filter(_CONFIRMED, person=person).order_by("-first_seen_at")
    # The steps have the names of their systems.
    yield from seen.values_list("system", "first_seen_at")
    acts = Event.objects.filter(whom=person, what__in=_ACTS)
    for what, at in acts.order_by("at").values_list("what", "at"):
        yield _ACTS[what], at
    for step, moment in (
        ("activation", person.activated_at),
        ("mail", facts.mail.proved_at),
        ("registration", facts.card.registered_at),
        ("card", facts.card.handed_out_at),
        ("deposit", facts.card.settled_at),
        ("library_account", facts.card.works_since),
    ):
        if moment is not None:
            yield step, moment
