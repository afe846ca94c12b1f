"""Leases: one worker at a time looks after a row, and a dead one frees it by itself."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.due.models import Sync

# Waits after failures: 2, 4, 8 … seconds, five minutes at most, spread a little.
LONGEST_WAIT = timedelta(minutes=5)
# Where a whole system is silent, asking it again soon costs one question.
LONGEST_SILENCE = timedelta(seconds=30)
# Before the error of a row that rests until somebody marks it again.
PARKED = "!"


@dataclass(frozen=True, slots=True)
class Lease:
    """The rows of one system that this worker holds until ``until``."""

    system: str
    token: UUID
    until: datetime
    # person id → generation seen when the lease was taken
    rows: Mapping[int, int]


def claim(
    *,
    system: str,
    at: datetime,
    limit: int,
    seconds: int,
    only: Sequence[int] | None = None,
) -> Lease:
    """Take up to ``limit`` due rows; none may be left to take.

    The newest come first: who has just acted does not queue behind a cohort.
    """
    due = Sync.objects.filter(system=system, due_at__lte=at)
    if only is not None:
        due = due.filter(person_id__in=only)
    return _taken(due.order_by("-due_at"), system, at, limit, seconds)


def claim_parked(
    *, system: str, error: str, at: datetime, limit: int, seconds: int
) -> Lease:
    """Take up to ``limit`` rows that were parked for this reason."""
    parked = Sync.objects.filter(
        system=system, due_at=None, last_error=f"{PARKED}{error}"
    )
    return _taken(parked.order_by("pk"), system, at, limit, seconds)


def held(lease: Lease) -> frozenset[int]:
    """Give the people (ids) whose rows are still ours, locked until the commit."""
    rows = Sync.objects.filter(system=lease.system, lease_token=lease.token)
    mine = rows.filter(person_id__in=list(lease.rows))
    # In the order of their keys, as everywhere: nobody waits in a circle.
    locked = mine.select_for_update().order_by("pk")
    return frozenset(locked.values_list("person_id", flat=True))


def settle(*, lease: Lease, people: Iterable[int], at: datetime) -> None:
    """Note that these people are as wanted; who was marked meanwhile stays due.

    A worker whose lease has run out and been taken by another changes nothing.
    """
    by_generation: defaultdict[int, list[int]] = defaultdict(list)
    for one in people:
        by_generation[lease.rows[one]].append(one)
    for generation, some in by_generation.items():
        _mine(lease, some).update(
            settled_generation=generation,
            settled_at=at,
            due_at=_unless_marked(generation),
            failures=0,
            last_error="",
            failing_since=None,
            **_FREE,
        )


def postpone(
    *,
    lease: Lease,
    people: Iterable[int],
    error: str,
    at: datetime,
    longest: timedelta = LONGEST_WAIT,
) -> None:
    """Note a failure that may pass; these rows are due again after a growing wait."""
    by_failures: defaultdict[int, list[int]] = defaultdict(list)
    rows = _mine(lease, list(people)).values_list("person_id", "failures")
    for one, failures in rows:
        by_failures[failures + 1].append(one)
    for failures, some in by_failures.items():
        _mine(lease, some).update(
            failures=failures,
            last_error=error[:255],
            failing_since=Coalesce(F("failing_since"), at),
            due_at=at + _wait(failures, longest),
            **_FREE,
        )


def park(*, lease: Lease, people: Iterable[int], error: str, at: datetime) -> None:
    """Note a failure that a human has to look at; the rows rest until marked again.

    Who was marked meanwhile stays due: the failure may be about what was before.
    """
    by_generation: defaultdict[int, list[int]] = defaultdict(list)
    for one in people:
        by_generation[lease.rows[one]].append(one)
    for generation, some in by_generation.items():
        _mine(lease, some).update(
            failures=F("failures") + 1,
            last_error=f"{PARKED}{error}"[:255],
            failing_since=Coalesce(F("failing_since"), at),
            due_at=_unless_marked(generation),
            **_FREE,
        )


def waken(*, system: str, error: str, at: datetime) -> None:
    """Make everybody due who waits because of this failure: it has passed."""
    waiting = Sync.objects.filter(system=system, due_at__gt=at, last_error=error)
    waiting.update(due_at=at)


_FREE: Mapping[str, None] = {"lease_token": None, "leased_until": None}


def _taken(
    rows: QuerySet[Sync], system: str, at: datetime, limit: int, seconds: int
) -> Lease:
    lease = Lease(system, uuid4(), at + timedelta(seconds=seconds), {})
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    with transaction.atomic():
        ids = list(rows.filter(free).values_list("pk", flat=True)[:limit])
        if not ids:
            return lease
        # The condition stands again: on SQLite nothing was locked by looking.
        Sync.objects.filter(free, pk__in=ids).update(
            lease_token=lease.token, leased_until=lease.until
        )
        taken = Sync.objects.filter(pk__in=ids, lease_token=lease.token)
        seen = dict(taken.values_list("person_id", "generation"))
    return Lease(system, lease.token, lease.until, seen)


def _mine(lease: Lease, people: Sequence[int]) -> QuerySet[Sync]:
    return Sync.objects.filter(
        system=lease.system, lease_token=lease.token, person_id__in=people
    )


def _unless_marked(generation: int) -> Case:
    return Case(When(generation=generation, then=Value(None)), default=F("due_at"))


def _wait(failures: int, longest: timedelta) -> timedelta:
    seconds = min(2.0 ** min(failures, 12), longest.total_seconds())
    # Shorter or longer by a quarter, never longer than the longest.
    spread = seconds * random.uniform(0.75, 1.25)  # noqa: S311
    return min(timedelta(seconds=spread), longest)
