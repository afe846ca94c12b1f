"""Marking people due."""

import time

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from accounts.catalogue.systems import DIRECTORY
from accounts.due import nudge as bell
from accounts.due.lease import claim, settle
from accounts.due.mark import mark
from accounts.due.models import Sync
from onboarding.demo.servers.redis import Redis
from tests.cast import NOW, a_student

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]


class Refused(Exception):
    pass


def test_marking_makes_one_row_that_is_due() -> None:
    cem = a_student()

    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    row = Sync.objects.get()
    assert (row.person_id, row.system, row.due_at) == (cem.pk, DIRECTORY, NOW)
    assert (row.generation, row.settled) == (2, False)


def test_marking_belongs_to_the_act_around_it() -> None:
    cem = a_student()

    def refused_act() -> None:
        with transaction.atomic():
            mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
            raise Refused

    with pytest.raises(Refused):
        refused_act()

    assert not Sync.objects.exists()


def test_many_are_marked_with_few_questions(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [a_student().pk for _ in range(600)]

    # Two batches of people.
    with django_assert_max_num_queries(20):
        mark(people=iter(people), systems=[DIRECTORY], at=NOW)

    assert Sync.objects.filter(generation=1, due_at=NOW).count() == 600


def test_a_mark_forgives_failures() -> None:
    cem = a_student()
    Sync.objects.create(
        person=cem, system=DIRECTORY, failures=4, last_error="!refused:busy"
    )

    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    row = Sync.objects.get()
    assert (row.failures, row.last_error, row.due_at) == (0, "", NOW)


def test_who_is_marked_while_at_work_stays_due() -> None:
    cem = a_student()
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
    lease = claim(system=DIRECTORY, at=NOW, limit=9, seconds=60)

    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
    settle(lease=lease, people=[cem.pk], at=NOW)

    row = Sync.objects.get()
    assert (row.due_at, row.lease_token, row.settled) == (NOW, None, False)


# --- The nudge ------------------------------------------------------------------------


@pytest.fixture
def fresh_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what happened to the broker in earlier tests."""
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    monkeypatch.setattr(bell, "_app", None)


def rung(redis: Redis) -> int:
    answer = redis._say("LLEN celery")
    return int(answer.removeprefix(":"))


def test_a_mark_rings_once_it_is_committed(redis: Redis, fresh_bell: None) -> None:
    cem = a_student()

    with transaction.atomic():
        mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
        assert rung(redis) == 0

    assert rung(redis) == 1


def test_a_broker_that_is_down_costs_nothing(redis: Redis, fresh_bell: None) -> None:
    cem = a_student()
    redis.kill()
    begun = time.monotonic()

    for _ in range(20):
        mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    assert time.monotonic() - begun < 3
    assert Sync.objects.get().generation == 20


def test_a_frozen_broker_costs_one_short_wait(redis: Redis, fresh_bell: None) -> None:
    cem = a_student()
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
    redis.child.freeze()
    begun = time.monotonic()

    for _ in range(20):
        mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    assert time.monotonic() - begun < 5
    assert Sync.objects.get().generation == 21


def test_the_bell_rings_again_once_the_broker_is_back(
    redis: Redis, fresh_bell: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "QUIET_SECONDS", 0.2)
    cem = a_student()
    redis.kill()
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)
    redis.start()
    before = rung(redis)
    time.sleep(0.3)

    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    assert rung(redis) == before + 1
