"""Which login opens myStudy for whom, by cohort and date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from accounts.catalogue.cohort import begins, cohort_code_of
from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.standing import Programme
from accounts.connectors.contract import Mode
from accounts.journal.record import record
from accounts.mystudy.models import MyStudyMode
from accounts.people.questions import Question

_DECIDED = Question(
    lambda _everybody: MyStudyMode.objects.order_by(
        "cohort_code", "from_date", "pk"
    ).values_list("cohort_code", "from_date", "mode")
)


@dataclass(frozen=True, slots=True)
class Switch:
    """From this day on, one way."""

    from_date: date
    mode: Mode


@dataclass(frozen=True, slots=True)
class Modes:
    """All that was decided, to be asked for many people."""

    switches: dict[str, tuple[Switch, ...]]

    def of(self, cohort_code: str, *, on: date) -> Mode:
        """Give a cohort's way on a day; where nothing was decided, the settings'."""
        mine = self.switches.get(cohort_code, ())
        past = [switch.mode for switch in mine if switch.from_date <= on]
        return past[-1] if past else Mode(settings.MYSTUDY_MODE)

    def for_programmes(self, programmes: Iterable[Programme], *, on: date) -> Mode:
        """Give the way of somebody with these programmes.

        The newest that the person holds counts: who goes on to the Graduate School
        does as those who begin there. Without College or Graduate School: none.
        """
        starts = [
            one.study_start
            for one in programmes
            if one.holds(on) and one.school in COLLEGE_AND_GRADUATE
        ]
        return self.of(cohort_code_of(max(starts)), on=on) if starts else Mode.NONE


def modes() -> Modes:
    """Read everything that was decided, with one query."""
    found: dict[str, dict[date, Mode]] = {}
    for code, day, mode in _DECIDED():
        found.setdefault(code, {})[day] = Mode(mode)
    return Modes(
        {
            code: tuple(Switch(day, mode) for day, mode in days.items())
            for code, days in found.items()
        }
    )


def mode_of(cohort_code: str, *, on: date) -> Mode:
    """Give one cohort's way on a day."""
    return modes().of(cohort_code, on=on)


def decide(
    *, cohort_code: str, from_date: date, mode: Mode, by: int | None, at: datetime
) -> MyStudyMode:
    """Have a cohort sign in this way from a day on; what was decided before is kept.

    Raises ValueError for a name that no cohort has, and for no way at all. Who calls
    marks the cohort's people due.
    """
    begins(cohort_code)
    if mode is Mode.NONE:
        message = "A cohort signs in in some way."
        raise ValueError(message)
    decided = MyStudyMode.objects.create(
        cohort_code=cohort_code, from_date=from_date, mode=mode, set_at=at, set_by_id=by
    )
    facts = {"cohort": cohort_code, "from": from_date.isoformat(), "mode": mode.value}
    record(what="mystudy_mode_decided", at=at, who=by, facts=facts)
    return decided
