"""Whether somebody is of age; a date of birth may be partial, and is never shown."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

OF_AGE = 18


class Age(StrEnum):
    """What the library has to know of it; the value stands in its file."""

    ADULT = "no"
    UNDER_AGE = "yes"
    # The date of birth is unknown, or not known well enough.
    UNKNOWN = "ask"


def age_of(birth_date: str, *, on: date) -> Age:
    """Say whether somebody is of age on a day."""
    parts = [int(part) for part in birth_date.split("-") if part]
    if not parts:
        return Age.UNKNOWN
    earliest, latest = _limits(parts)
    if _years(latest, on) >= OF_AGE:
        return Age.ADULT
    return Age.UNDER_AGE if _years(earliest, on) < OF_AGE else Age.UNKNOWN


def _limits(parts: list[int]) -> tuple[date, date]:
    match parts:
        case [year]:
            return date(year, 1, 1), date(year, 12, 31)
        case [year, month]:
            last = monthrange(year, month)[1]
            return date(year, month, 1), date(year, month, last)
        case [year, month, day, *_]:
            return date(year, month, day), date(year, month, day)
    raise ValueError(len(parts))


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
