"""Steps that go by the student's own word."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.signin import terms
from onboarding.journey import ticks
from onboarding.journey.facts import facts_of
from onboarding.journey.models import Tick
from onboarding.journey.path import PATH, journey
from onboarding.journey.step import Now, Standing, Word
from tests.cast import a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


@pytest.fixture
def cem() -> Person:
    person = a_student(activated_at=timezone.now())
    enrolled(person)
    enrolled(person, programme="Digital Media")
    terms.accept(person=person.pk, at=timezone.now())
    return person


@pytest.fixture
def tab(cem: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cem)
    return client


def acts(person: Person) -> list[str]:
    return list(Event.objects.filter(whom=person).values_list("what", flat=True))


def test_a_word_is_given_once_taken_back_once_and_given_again(cem: Person) -> None:
    now = timezone.now()
    for _ in range(2):
        ticks.tick(person=cem, step="moodle", at=now)
    assert ticks.ticked(cem.pk) == {"moodle"}

    for _ in range(2):
        ticks.take_back(person=cem, step="moodle", at=now)
    assert ticks.ticked(cem.pk) == frozenset()

    ticks.tick(person=cem, step="moodle", at=now)
    assert ticks.ticks_of(cem.pk) == {"moodle": now}
    assert Tick.objects.count() == 2
    assert acts(cem) == ["step_ticked", "step_tick_taken_back", "step_ticked"]


def test_a_word_is_ones_own(cem: Person) -> None:
    ticks.tick(person=a_student(), step="moodle", at=timezone.now())

    assert ticks.ticked(cem.pk) == frozenset()
    assert facts_of(cem, at=timezone.now()).ticks == frozenset()


def test_the_facts_know_what_was_said(cem: Person) -> None:
    now = timezone.now()
    for step in ("moodle", "library_account"):
        ticks.tick(person=cem, step=step, at=now)
    ticks.tick(person=cem, step="mystudy", at=now)
    ticks.take_back(person=cem, step="mystudy", at=now)

    facts = facts_of(cem, at=now)

    assert facts.ticks == {"moodle", "library_account"}
    assert facts.schools == {"College"}


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_noted(cem: Person) -> None:
    start = Barrier(8, timeout=60)

    def press() -> None:
        start.wait()
        ticks.tick(person=cem, step="moodle", at=timezone.now())
        connection.close()

    presses = [Thread(target=press) for _ in range(8)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert Tick.objects.count() == 1
    assert acts(cem) == ["step_ticked"]


def words(person: Person) -> dict[str, Word]:
    way = journey(facts_of(person, at=timezone.now()))
    return {one.step.key: one.now.word for one in way.stations}


def test_no_request_ticks_a_step_that_does_not_ask_for_it(
    cem: Person, tab: Client
) -> None:
    asking = {key for key, word in words(cem).items() if word is Word.ASKED}

    for step in PATH:
        tab.post(f"/journey/{step.key}/tick/")

    assert ticks.ticked(cem.pk) == asking


def test_a_step_that_nobody_knows_is_not_found(tab: Client) -> None:
    assert tab.post("/journey/nowhere/tick/").status_code == 404
    assert not Tick.objects.exists()


def test_looking_ticks_nothing(tab: Client) -> None:
    assert tab.get("/journey/moodle/tick/").status_code == 405
    assert not Tick.objects.exists()


def test_whoever_ticked_may_take_it_back(cem: Person, tab: Client) -> None:
    ticks.tick(person=cem, step="moodle", at=timezone.now())

    answer = tab.post("/journey/moodle/take-back/")

    assert (answer.status_code, answer["Location"]) == (302, "/journey/")
    assert ticks.ticked(cem.pk) == frozenset()


def test_a_word_alone_looks_different_from_what_a_system_confirms() -> None:
    assert Now(Standing.DONE, word=Word.GIVEN).by_word
    assert not Now(Standing.DONE).by_word
    assert not Now(Standing.HERE, word=Word.ASKED).by_word
