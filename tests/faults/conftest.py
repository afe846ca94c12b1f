"""A Celery worker as it runs in real life, to be killed, frozen and doubled."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from django.utils import timezone

from accounts.catalogue.entitlement import ALL
from accounts.catalogue.systems import DIRECTORY
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.lifecycle import activate
from accounts.people.models import Person
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_student, enrolled
from tests.services.portal import Portal, address_of_the_test_database


class Hire(Protocol):
    """Describes one more worker; it is not started yet."""

    def __call__(self) -> Child: ...


@pytest.fixture
def hire(transactional_db: None, slapd: Slapd, redis: Redis) -> Iterator[Hire]:
    """Give a way to have workers; all of them are gone afterwards."""
    hired: list[Child] = []

    def hire() -> Child:
        worker = Portal(database_url=address_of_the_test_database()).worker
        hired.append(worker)
        return worker

    yield hire
    for worker in hired:
        worker.thaw()
        worker.kill()


@pytest.fixture
def worker(hire: Hire) -> Child:
    """Give a worker that is not started yet."""
    return hire()


def students(number: int) -> list[Person]:
    """Enrol and activate so many; all are due."""
    people = [a_student() for _ in range(number)]
    for one in people:
        enrolled(one)
        activate(person=one.pk, at=timezone.now())
    due(people)
    return people


def due(people: list[Person]) -> None:
    mark(people=[o.pk for o in people], systems=[DIRECTORY], at=timezone.now())


def until(true: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.05)


def all_settled() -> bool:
    return all(one.settled for one in Sync.objects.all())


def entries(slapd: Slapd) -> dict[str, int]:
    """Count each student's services in the directory, by account name."""
    admin = slapd.admin()
    admin.search(
        f"ou=people,{slapd.base}", "(uid=*)", attributes=["uid", "eduPersonEntitlement"]
    )
    found: dict[str, int] = {}
    for one in admin.response:
        [name] = one["raw_attributes"]["uid"]
        assert name.decode() not in found
        found[name.decode()] = len(
            one["raw_attributes"].get("eduPersonEntitlement", ())
        )
    return found


def everything_is_as_wanted(slapd: Slapd, people: list[Person]) -> bool:
    """Nothing lost, nothing doubled, and no row settled without its effect."""
    assert all_settled()
    assert not Sync.objects.exclude(last_error="").exists()
    return entries(slapd) == {one.account_name: len(ALL) for one in people}


def time_passes() -> None:
    """Let the leases of the dead run out."""
    Sync.objects.exclude(leased_until=None).update(leased_until=timezone.now())
