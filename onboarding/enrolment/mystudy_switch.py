"""Switching what opens myStudy for a cohort, and what was decided so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.catalogue.cohort import begins, ends
from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.systems import NAMES
from accounts.connectors.contract import Mode
from accounts.due.mark import mark
from accounts.mystudy.models import MyStudyMode
from accounts.mystudy.modes import decide, mode_of
from onboarding.enrolment.models import Enrolment


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom and when, and whether it (still) counts."""

    from_date: date
    mode: Mode
    set_at: datetime
    set_by: str
    # A later one is about the same day.
    replaced: bool
    # In force on the day that the page is made.
    in_force: bool


def switch(
    *, cohort_code: str, from_date: date, mode: Mode, by: int | None, at: datetime
) -> None:
    """Decide a cohort's way from a day on, and have its people looked at.

    What lies ahead is done by the nightly look of its day. Raises ValueError for what
    names no cohort.
    """
    with transaction.atomic():
        before = mode_of(cohort_code, on=timezone.localdate(at))
        decide(cohort_code=cohort_code, from_date=from_date, mode=mode, by=by, at=at)
        if mode_of(cohort_code, on=timezone.localdate(at)) is not before:
            mark(people=people_of(cohort_code), systems=NAMES, at=at)


def decisions(cohort_code: str, *, on: date) -> list[Decision]:
    """Give all that was decided for a cohort, the latest day first."""
    rows = list(
        MyStudyMode.objects.filter(cohort_code=cohort_code)
        .select_related("set_by")
        .order_by("-from_date", "-pk")
    )
    return list(_told(rows, on))


def _told(rows: list[MyStudyMode], on: date) -> Iterator[Decision]:
    days: set[date] = set()
    reached = False
    for row in rows:
        replaced = row.from_date in days
        in_force = not replaced and not reached and row.from_date <= on
        reached |= in_force
        days.add(row.from_date)
        yield Decision(
            from_date=row.from_date,
            mode=Mode(row.mode),
            set_at=row.set_at,
            set_by=row.set_by.display_name if row.set_by else "",
            replaced=replaced,
            in_force=in_force,
        )


def people_of(cohort_code: str) -> list[int]:
    """Give everybody (ids) who began in a cohort at one of the two schools."""
    began = Enrolment.objects.filter(
        study_start__gte=begins(cohort_code),
        study_start__lt=ends(cohort_code),
        school__in=COLLEGE_AND_GRADUATE,
    )
    return sorted(set(began.values_list("person_id", flat=True)))
