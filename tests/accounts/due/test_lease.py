"""Leases: who works on which rows, and what becomes of them."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.catalogue.systems import DIRECTORY
from accounts.due.lease import (
    LONGEST_WAIT,
    Lease,
    claim,
    claim_parked,
    held,
    park,
    postpone,
    settle,
    waken,
)
from accounts.due.mark import mark
from accounts.due.models import Sync
from tests.cast import NOW, a_student
from tests.services.surroundings import ON_POSTGRESQL

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

MINUTE = timedelta(minutes=1)


def due(number: int = 1, *, at: datetime = NOW) -> list[int]:
    people = [a_student().pk for _ in range(number)]
    mark(people=people, systems=[DIRECTORY], at=at)
    return people


def a_lease(*, at: datetime = NOW, limit: int = 500, seconds: int = 60) -> Lease:
    return claim(system=DIRECTORY, at=at, limit=limit, seconds=seconds)


def test_what_is_not_due_yet_is_left_alone() -> None:
    due(at=NOW + MINUTE)

    assert a_lease().rows == {}
    assert len(a_lease(at=NOW + MINUTE).rows) == 1


def test_a_leased_row_is_nobody_elses() -> None:
    people = due(5)

    first, second, third = a_lease(limit=3), a_lease(limit=3), a_lease()

    assert len(first.rows) == 3
    assert sorted([*first.rows, *second.rows]) == people
    assert third.rows == {}


def test_who_has_just_acted_does_not_queue_behind_a_cohort() -> None:
    due(5)
    [newest] = due(at=NOW + MINUTE)

    assert newest in a_lease(at=NOW + 2 * MINUTE, limit=2).rows


def test_two_at_once_take_different_rows() -> None:
    people = due(200)
    start = threading.Barrier(4, timeout=60)
    taken: list[list[int]] = []

    def work() -> None:
        start.wait()
        while rows := claim(system=DIRECTORY, at=NOW, limit=10, seconds=60).rows:
            taken.append(list(rows))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sorted(one for rows in taken for one in rows) == people


def test_a_dead_worker_frees_its_rows_by_itself() -> None:
    people = due()
    a_lease(seconds=60)

    assert a_lease(at=NOW + timedelta(seconds=59)).rows == {}
    assert list(a_lease(at=NOW + timedelta(seconds=60)).rows) == people


def test_a_worker_that_comes_late_changes_nothing() -> None:
    [cem] = due()
    late = a_lease(seconds=60)
    current = a_lease(at=NOW + MINUTE)
    before = Sync.objects.values().get()

    settle(lease=late, people=[cem], at=NOW)
    postpone(lease=late, people=[cem], error="no_answer", at=NOW)
    park(lease=late, people=[cem], error="refused", at=NOW)

    assert Sync.objects.values().get() == before
    with transaction.atomic():
        assert held(late) == frozenset()
        assert held(current) == {cem}


def test_a_settled_row_rests() -> None:
    [cem] = due()

    settle(lease=a_lease(), people=[cem], at=NOW)

    row = Sync.objects.get()
    assert row.settled
    assert (row.due_at, row.settled_at, row.leased_until) == (None, NOW, None)


def test_waits_grow_to_five_minutes_and_differ() -> None:
    [cem] = due()
    at, waits = NOW, []
    for _ in range(12):
        postpone(lease=a_lease(at=at), people=[cem], error="no_answer", at=at)
        next_at = Sync.objects.get().due_at
        assert next_at is not None
        waits.append(next_at - at)
        at = next_at

    assert timedelta(seconds=1.5) <= waits[0] <= timedelta(seconds=2.5)
    assert waits[:6] == sorted(waits[:6])
    assert max(waits) <= LONGEST_WAIT
    assert min(waits[9:]) >= 0.75 * LONGEST_WAIT
    assert len(set(waits)) > 3
    row = Sync.objects.get()
    assert (row.failures, row.last_error) == (12, "no_answer")


def test_rows_with_different_pasts_wait_differently() -> None:
    first, second = due(2)
    Sync.objects.filter(person_id=second).update(failures=7)

    postpone(lease=a_lease(), people=[first, second], error="no_answer", at=NOW)

    soon = Sync.objects.filter(due_at__lt=NOW + timedelta(seconds=10))
    assert [row.person_id for row in soon] == [first]


def test_a_parked_row_rests_until_somebody_marks_it() -> None:
    [cem] = due()
    park(lease=a_lease(), people=[cem], error="refused:naming", at=NOW)

    assert a_lease(at=NOW + timedelta(days=30)).rows == {}
    row = Sync.objects.get()
    assert (row.last_error, row.settled) == ("!refused:naming", False)

    mark(people=[cem], systems=[DIRECTORY], at=NOW)
    assert list(a_lease().rows) == [cem]


def test_since_when_it_fails_outlasts_further_tries_and_looks() -> None:
    [cem] = due()
    postpone(lease=a_lease(), people=[cem], error="no_answer", at=NOW)
    mark(people=[cem], systems=[DIRECTORY], at=NOW + MINUTE)
    lease = a_lease(at=NOW + MINUTE)
    park(lease=lease, people=[cem], error="refused", at=NOW + MINUTE)
    assert Sync.objects.get().failing_since == NOW

    mark(people=[cem], systems=[DIRECTORY], at=NOW + MINUTE)
    settle(lease=a_lease(at=NOW + MINUTE), people=[cem], at=NOW + MINUTE)
    assert Sync.objects.get().failing_since is None


def test_who_was_marked_meanwhile_is_not_parked() -> None:
    [cem] = due()
    lease = a_lease()
    mark(people=[cem], systems=[DIRECTORY], at=NOW)

    park(lease=lease, people=[cem], error="refused:naming", at=NOW)

    assert list(a_lease().rows) == [cem]


def test_parked_rows_can_be_taken_by_their_reason() -> None:
    held_back, refused = due(2)
    lease = a_lease()
    park(lease=lease, people=[held_back], error="too_many", at=NOW)
    park(lease=lease, people=[refused], error="refused", at=NOW)

    again = claim_parked(
        system=DIRECTORY, error="too_many", at=NOW, limit=9, seconds=60
    )

    assert list(again.rows) == [held_back]


def test_who_waited_for_a_silent_system_is_woken() -> None:
    waits, failed = due(2)
    lease = a_lease()
    postpone(lease=lease, people=[waits], error="silent", at=NOW)
    postpone(lease=lease, people=[failed], error="no_answer", at=NOW)

    waken(system=DIRECTORY, error="silent", at=NOW)

    assert list(a_lease().rows) == [waits]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time")
def test_nobody_waits_for_rows_that_another_is_taking() -> None:
    people = due(4)
    ready, leave = threading.Event(), threading.Event()

    def take_slowly() -> None:
        with transaction.atomic():
            claim(system=DIRECTORY, at=NOW, limit=2, seconds=60)
            ready.set()
            leave.wait(10)
        connection.close()

    other = threading.Thread(target=take_slowly)
    other.start()
    ready.wait(10)
    mine = a_lease()
    leave.set()
    other.join()

    assert len(mine.rows) == 2
    assert set(mine.rows) < set(people)
