"""Whatever happens to worker, Redis, directory and database: nothing is lost."""

import time

import pytest
from django.db import connection

from accounts.due.models import Sync
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from tests.faults.conftest import (
    Hire,
    all_settled,
    due,
    entries,
    everything_is_as_wanted,
    students,
    time_passes,
    until,
)
from tests.services.postgres import Postgres
from tests.services.surroundings import ON_POSTGRESQL

pytestmark = pytest.mark.faults

MANY = 400


def test_redis_never_started_is_only_a_delay(
    worker: Child, redis: Redis, slapd: Slapd
) -> None:
    redis.kill()
    people = students(3)

    worker.start()

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


def test_redis_may_do_what_it_likes(worker: Child, redis: Redis, slapd: Slapd) -> None:
    people = students(1)
    worker.start()
    until(all_settled)

    people += students(2)
    redis.flush()
    until(all_settled)

    redis.child.freeze()
    people += students(2)
    until(all_settled)
    redis.child.thaw()

    redis.kill()
    people += students(2)
    until(all_settled)

    redis.start()
    people += students(2)
    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


def test_a_worker_killed_in_its_work_loses_nothing(
    worker: Child, hire: Hire, slapd: Slapd
) -> None:
    people = students(MANY)
    worker.start()
    until(lambda: entries(slapd))
    worker.kill()
    assert not all_settled()

    time_passes()
    hire().start()

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


def test_a_directory_killed_in_the_work_is_waited_for(
    worker: Child, slapd: Slapd
) -> None:
    people = students(MANY)
    worker.start()
    until(lambda: entries(slapd))
    slapd.kill()
    assert not all_settled()
    until(lambda: Sync.objects.filter(failures__gt=0).exists())

    slapd.start()

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


def test_a_directory_frozen_in_the_work_is_waited_for(
    worker: Child, slapd: Slapd
) -> None:
    people = students(MANY)
    worker.start()
    until(lambda: entries(slapd))
    slapd.child.freeze()
    until(lambda: Sync.objects.filter(failures__gt=0).exists())

    slapd.child.thaw()

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


def test_two_workers_share_the_work(hire: Hire, slapd: Slapd) -> None:
    people = students(MANY)
    for worker in (hire(), hire()):
        worker.start()
    until(all_settled)
    # Both live; from now on they compete for every single row.
    for some in range(0, MANY, 20):
        due(people[some : some + 20])
        time.sleep(0.05)

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)
    assert not Sync.objects.filter(failures__gt=0).exists()


def test_a_worker_asked_to_end_finishes_what_it_holds(
    worker: Child, hire: Hire, slapd: Slapd
) -> None:
    people = students(6 * MANY)
    worker.start()
    until(lambda: entries(slapd))

    worker.ask_to_end()
    until(lambda: not worker.running, seconds=40)

    # The batch it held is settled, others not begun; nobody has to wait for a lease.
    assert not Sync.objects.exclude(leased_until=None).exists()
    assert not all_settled()
    settled = sum(row.settled for row in Sync.objects.all())
    assert settled == len(entries(slapd)) > 0
    hire().start()
    until(all_settled)
    assert everything_is_as_wanted(slapd, people)


@pytest.mark.rules
@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has no server to kill")
def test_a_database_killed_in_the_work_is_waited_for(
    worker: Child, slapd: Slapd, postgres: Postgres
) -> None:
    people = students(MANY)
    worker.start()
    until(lambda: entries(slapd))
    postgres.kill()
    connection.close()

    postgres.start()
    time_passes()

    until(all_settled)
    assert everything_is_as_wanted(slapd, people)
