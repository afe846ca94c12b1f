"""The semesters that people begin in, and the dates that belong to each."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.catalogue.cohort import cohort_code_of
from accounts.journal.record import record
from onboarding.enrolment.models import Cohort, Enrolment

# Every journey page asks it: to compose the query anew takes Django longer.
_BY_CODE = "SELECT * FROM enrolment_cohort WHERE code = %s"


@dataclass(frozen=True, slots=True)
class Dates:
    """What the registrar settles for one semester."""

    opening_from: date | None
    opening_until: date | None
    desk_hours_de: str = ""
    desk_hours_en: str = ""


def named(code: str) -> str:
    """Give the semester as people say it."""
    year, half = int(code[:4]), code[4:]
    if half == "ws":
        years = {"first": year, "second": year + 1}
        return _("Winter semester %(first)d/%(second)d") % years
    return _("Summer semester %(year)d") % {"year": year}


def dates_of(code: str) -> Cohort:
    """Give a semester with its dates; an empty one where nobody has settled any."""
    return next(iter(Cohort.objects.raw(_BY_CODE, [code])), None) or Cohort(code=code)


def semesters() -> list[Cohort]:
    """Give every semester that somebody begins in or that has dates, newest first."""
    settled = {cohort.code: cohort for cohort in Cohort.objects.all()}
    starts = Enrolment.objects.order_by().values_list("study_start", flat=True)
    begun = {cohort_code_of(day) for day in starts.distinct()}
    codes = sorted(begun | settled.keys(), reverse=True)
    return [settled.get(code) or Cohort(code=code) for code in codes]


def settle(*, code: str, dates: Dates, by: int, at: datetime) -> None:
    """Give a semester these dates, in place of those before."""
    values = {name: getattr(dates, name) for name in Dates.__dataclass_fields__}
    with transaction.atomic():
        Cohort.objects.update_or_create(code=code, defaults=values)
        record(what="semester_settled", at=at, who=by, facts={"semester": code})
