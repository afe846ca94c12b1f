"""How the cohort came through the steps: how many finished each, per hour and per day.

No step stores when it was done. The moments are those of the student's own sheet: acts,
entries of the ledger, and when a target system first said so. Whoever has finished a
step without such a moment counts from before the beginning.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise

from django.utils import timezone

from onboarding.journey.path import PATH
from onboarding.journey.step import Standing, Text
from onboarding.watch.crowd import Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# What lies before is counted in one sum.
MOST_DAYS = 42


@dataclass(frozen=True, slots=True)
class Curve:
    """One step: how many finished it in each span, and before the first."""

    key: str
    title: Text
    everybody: int
    before: int
    new: tuple[int, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Give how many have finished it by the end of each span."""
        return tuple(accumulate(self.new, initial=self.before))[1:]

    @property
    def total(self) -> int:
        """Give how many have finished it by the end of the last one."""
        return self.before + sum(self.new)


@dataclass(frozen=True, slots=True)
class Growth:
    """All steps over the same spans of time, named by their beginnings."""

    spans: tuple[datetime, ...]
    curves: tuple[Curve, ...]

    @property
    def rows(self) -> list[tuple[datetime, list[tuple[int, int]]]]:
        """Give for each span, the newest first, each step's total and what is new."""
        columns = [list(zip(one.totals, one.new, strict=True)) for one in self.curves]
        rows = zip(self.spans, zip(*columns, strict=True), strict=True)
        return [(span, list(cells)) for span, cells in rows][::-1]


def per_day(members: Sequence[Member], *, until: date) -> Growth:
    """Count by days: from the first on which anything was done, 42 at most."""
    earliest = until - timedelta(days=MOST_DAYS - 1)
    days = [timezone.localdate(at) for _key, at in _done(members) if at is not None]
    first = max(min(days, default=until), earliest)
    number = max((until - first).days, 0) + 1
    return _growth(members, [first + DAY * one for one in range(number + 1)])


def per_hour(members: Sequence[Member], *, on: date, at: datetime) -> Growth:
    """Count by the hours of a day that have begun; of a day to come there are none."""
    begin = _midnight(on)
    begun = [
        begin + HOUR * one for one in range(hours_of(on)) if begin + HOUR * one <= at
    ]
    return _growth(members, [*begun, begun[-1] + HOUR] if begun else [])


def hours_of(day: date) -> int:
    """Say how many hours a day has: 23 or 25 when the clocks change."""
    return (_midnight(day + DAY) - _midnight(day)) // HOUR


def _growth(members: Sequence[Member], borders: Sequence[date]) -> Growth:
    moments = [one if isinstance(one, datetime) else _midnight(one) for one in borders]
    spans = list(pairwise(moments))
    counted: Counter[tuple[str, int]] = Counter()
    for key, at in _done(members):
        counted[key, _place(at, moments)] += 1
    everybody: Counter[str] = Counter()
    for member in members:
        everybody.update(member.way.standings.keys())
    return Growth(
        spans=tuple(timezone.localtime(begin) for begin, _end in spans),
        curves=tuple(
            Curve(
                key=step.key,
                title=step.title,
                everybody=everybody[step.key],
                before=counted[step.key, -1],
                new=tuple(counted[step.key, place] for place in range(len(spans))),
            )
            for step in PATH
        ),
    )


def _done(members: Sequence[Member]) -> Iterator[tuple[str, datetime | None]]:
    for member in members:
        for key, standing in member.way.standings.items():
            if standing is Standing.DONE:
                yield key, member.done_at[key]


def _place(at: datetime | None, borders: Sequence[datetime]) -> int:
    """Give the span that a moment lies in; -1 before all of them."""
    return -1 if at is None else bisect_right(borders, at) - 1


def _midnight(day: date) -> datetime:
    # In UTC, where an hour is an hour.
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)
