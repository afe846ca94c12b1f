"""Leases: one worker at a time looks after a row, and a dead one frees it by itself."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.due.models import Sync

# Waits after failures: 2, 4, 8 … seconds, five minutes at most, spread a little.
LONGEST_WAIT = timedelta(minutes=5)


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
    """Take up to ``limit`` due rows, oldest first; none may be left to take."""
    lease = Lease(system, uuid4(), at + timedelta(seconds=seconds), {})
    with transaction.atomic():
        ids = list(_due(system, at, only).order_by("due_at")[:limit])
        if not ids:
            return lease
        # The condition stands again: on SQLite nothing was locked by looking.
        Sync.objects.filter(_free(at), pk__in=ids).update(
            lease_token=lease.token, leased_until=lease.until
        )
        rows = dict(
            Sync.objects.filter(pk__in=ids, lease_token=lease.token).values_list(
                "person_id", "generation"
            )
        )
    return Lease(lease.system, lease.token, lease.until, rows)


def settle(*, lease: Lease, people: Iterable[int], at: datetime) -> None:
    """Note that these people are as wanted; who was marked meanwhile stays due.

    A worker whose lease has run out and been taken by another changes nothing.
    """
    ids = list(people)
    by_generation: dict[int, list[int]] = {}
    for one in ids:
        by_generation.setdefault(lease.rows[one], []).append(one)
    for generation, some in by_generation.items():
        _mine(lease, some).update(
            settled_generation=generation,
            settled_at=at,
            due_at=Case(
                When(generation=generation, then=Value(None)), default=F("due_at")
            ),
            lease_token=None,
            leased_until=None,
            failures=0,
            last_error="",
        )


def postpone(*, lease: Lease, person: int, error: str, at: datetime) -> None:
    """Note a failure that may pass; the row is due again after a growing wait."""
    failures = (
        _mine(lease, [person]).values_list("failures", flat=True).first() or 0
    ) + 1
    _mine(lease, [person]).update(
        failures=failures,
        last_error=error[:255],
        due_at=at + _wait(failures),
        lease_token=None,
        leased_until=None,
    )


def park(*, lease: Lease, person: int, error: str) -> None:
    """Note a failure that a human has to look at; the row rests until marked again."""
    _mine(lease, [person]).update(
        failures=F("failures") + 1,
        last_error=f"!{error}"[:255],
        due_at=None,
        lease_token=None,
        leased_until=None,
    )


def release(*, lease: Lease) -> None:
    """Give back what is still held; it stays due."""
    _mine(lease, list(lease.rows)).update(lease_token=None, leased_until=None)


def _due(system: str, at: datetime, only: Sequence[int] | None) -> QuerySet[Sync, int]:
    due = Sync.objects.filter(_free(at), system=system, due_at__lte=at)
    if only is not None:
        due = due.filter(person_id__in=only)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return due.values_list("pk", flat=True)


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=at)


def _mine(lease: Lease, people: Sequence[int]) -> QuerySet[Sync]:
    return Sync.objects.filter(
        system=lease.system, lease_token=lease.token, person_id__in=people
    )


def _wait(failures: int) -> timedelta:
    longest = min(LONGEST_WAIT.total_seconds(), 2.0 ** min(failures, 12))
    return timedelta(seconds=longest * random.uniform(0.75, 1.25))  # noqa: S311
