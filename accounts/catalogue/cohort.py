"""Cohorts: who begins in the same semester."""

import re
from datetime import date

# The semesters begin in April and October; study_start may lie some weeks around.
SUMMER_BEGINS, WINTER_BEGINS = 4, 10
CODE = re.compile(r"(\d{4})(ss|ws)")


def cohort_code_of(study_start: date) -> str:
    """Name the cohort of whoever begins on this day: ``2026ws``, ``2027ss``."""
    if study_start.month < SUMMER_BEGINS:
        return f"{study_start.year - 1}ws"
    semester = "ss" if study_start.month < WINTER_BEGINS else "ws"
    return f"{study_start.year}{semester}"


def begins(cohort_code: str) -> date:
    """Give the first day of a cohort; raises ValueError for what names none."""
    return _first(*_parts(cohort_code))


def ends(cohort_code: str) -> date:
    """Give the day on which the next cohort begins."""
    year, semester = _parts(cohort_code)
    return _first(year, "ws") if semester == "ss" else _first(year + 1, "ss")


def _parts(cohort_code: str) -> tuple[int, str]:
    found = CODE.fullmatch(cohort_code)
    if found is None:
        message = "A cohort is named like 2026ws or 2027ss."
        raise ValueError(message)
    return int(found[1]), found[2]


def _first(year: int, semester: str) -> date:
    return date(year, SUMMER_BEGINS if semester == "ss" else WINTER_BEGINS, 1)
