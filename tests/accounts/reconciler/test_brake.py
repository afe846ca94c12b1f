"""Many removals at once stop, before the first of them."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.catalogue.entitlement import ALL
from accounts.catalogue.systems import DIRECTORY
from accounts.connectors.contract import Found, Step, Verb
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.lifecycle import activate
from accounts.people.models import Person
from accounts.reconciler.brake import brake
from onboarding.enrolment.models import Enrolment, Status
from tests.accounts.reconciler.conftest import Settle, services_of
from tests.cast import NOW, a_student, enrolled
from tests.connectors.people import a_subject
from worker.fleet import CONNECTORS

HELD = "!too_many_removals"


def removals(number: int) -> list[Step]:
    return [Step(a_subject(), Verb.REMOVE, Found(None)) for _ in range(number)]


def changes(number: int) -> list[Step]:
    return [Step(a_subject(), Verb.CHANGE, Found(None)) for _ in range(number)]


def test_a_few_removals_go_however_few_people_there_are() -> None:
    steps = [*changes(2), *removals(10)]

    braked = brake(steps, everybody=12, to_come=[], before=0)

    assert braked.free == tuple(steps)


def test_more_than_a_fifth_of_everybody_is_held() -> None:
    going, leaving = changes(3), removals(21)

    assert brake(leaving, everybody=105, to_come=[], before=0).held == ()
    braked = brake([*going, *leaving], everybody=104, to_come=[], before=0)

    assert braked.free == tuple(going)
    assert braked.held == tuple(leaving)


def test_what_is_to_come_counts_and_so_does_what_is_held() -> None:
    leaving = removals(11)

    assert brake(leaving, everybody=100, to_come=[5, 4], before=0).held == ()
    assert brake(leaving, everybody=100, to_come=[5, 5], before=0).held
    assert brake(leaving, everybody=100, to_come=[], before=10).held


def test_no_more_is_read_than_needed() -> None:
    def ahead() -> Iterator[int]:
        yield 500
        raise AssertionError

    assert brake(removals(11), everybody=100, to_come=ahead(), before=0).held


# --- On the directory ----------------------------------------------------------


def students(number: int, settle: Settle) -> list[Person]:
    people = [a_student() for _ in range(number)]
    for one in people:
        enrolled(one)
        activate(person=one.pk, at=NOW)
    due(people)
    settle()
    return people


def due(people: list[Person]) -> None:
    mark(people=[one.pk for one in people], systems=[DIRECTORY], at=NOW)


def leave(people: list[Person]) -> None:
    Enrolment.objects.filter(person__in=people).update(
        status=Status.EXMATRICULATED, status_date=(NOW - timedelta(days=1)).date()
    )
    due(people)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(CONNECTORS[0]), "batch", 15)


@pytest.mark.django_db(transaction=True)
@pytest.mark.rules
def test_a_mass_withdrawal_stops_before_the_first(
    settle: Settle, small_batches: None
) -> None:
    people = students(40, settle)
    stays = a_student()
    enrolled(stays)
    leave(people)
    due([stays])

    settle()

    assert all(services_of(one) == set(ALL) for one in people)
    assert set(Sync.objects.values_list("last_error", flat=True)) == {"", HELD}
    assert Sync.objects.get(person=stays).settled


@pytest.mark.django_db(transaction=True)
@pytest.mark.rules
def test_a_human_may_insist(settle: Settle, small_batches: None) -> None:
    people = students(40, settle)
    leave(people)
    settle()
    said = StringIO()

    call_command("settle", stdout=said)
    assert all(services_of(one) == set(ALL) for one in people)
    call_command("settle", "--insist", stdout=said)

    assert not any(services_of(one) for one in people)
    assert not Sync.objects.exclude(last_error="").exists()
    assert said.getvalue().splitlines() == [
        "0 looked at.",
        "0 to be tried again, 40 waiting for a human.",
        "40 looked at.",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.rules
def test_a_term_ends_for_some_without_a_brake(
    settle: Settle, small_batches: None
) -> None:
    people = students(65, settle)
    leavers = people[:13]
    leave(leavers)

    settle()

    assert not any(services_of(one) for one in leavers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.rules
def test_who_left_long_ago_is_no_removal(settle: Settle, small_batches: None) -> None:
    people = students(60, settle)
    for some in (people[:10], people[10:20], people[20:30], people[30:40]):
        leave(some)
        settle()
    leave(people[40:52])
    due(people)

    settle()

    assert not any(services_of(one) for one in people[:52])
