"""The demo's dates: its semester is always the one that runs today."""

from datetime import date, timedelta

SUMMER, WINTER = 4, 10
# Programmes of the Professional School begin earlier than the others.
EARLIER = timedelta(days=30)
BOOKED_BEFORE = timedelta(days=47)


def dates(*, today: date) -> dict[str, str]:
    """Give every date that the demo's files leave open, by its name in them."""
    start = _start(today)
    monday, _ = opening_week(today=today)
    return {
        name: day.isoformat()
        for name, day in {
            "start": start,
            "early_start": start - EARLIER,
            "earlier_start": _start(_start(start - timedelta(1)) - timedelta(1)),
            "booked": start - BOOKED_BEFORE,
            "left": min(start - timedelta(days=11), today),
            "opening_week": monday,
        }.items()
    }


def opening_week(*, today: date) -> tuple[date, date]:
    """Give the first and the last day of the demo's Opening Week: it is this week."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def semester_start(*, today: date) -> date:
    """Give the day on which the demo's first-years begin."""
    return _start(today)


def _start(day: date) -> date:
    if day.month >= WINTER:
        return date(day.year, WINTER, 1)
    if day.month >= SUMMER:
        return date(day.year, SUMMER, 1)
    return date(day.year - 1, WINTER, 1)
