"""What systems say of people is kept, and stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.catalogue.systems import LIBRARY, PAIA
from accounts.connectors.contract import Found, Registration
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library import FileDrop
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.reconciler.evidence import evidence_of, note, said_by
from accounts.reconciler.settle import settle_batch
from accounts.reconciler.subject import Facts
from onboarding.enrolment.facts import programmes_of
from tests.cast import NOW, a_student, enrolled
from tests.services.paia import PaiaServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

CARD = "3110372827"
HOUR = timedelta(hours=1)


@pytest.fixture
def cem() -> Person:
    person = a_student()
    enrolled(person)
    return person


def facts(person: Person) -> Facts:
    told = Registration(
        receipt="R1", submitted_at=NOW, fields=(("family_name", "Sondermann"),)
    )

    def cards(_: Sequence[int]) -> Mapping[int, str]:
        return {person.pk: CARD}

    def registrations(_: Sequence[int]) -> Mapping[int, Registration]:
        return {person.pk: told}

    return replace(
        Facts(programmes=programmes_of),
        card_numbers=cards,
        registrations=registrations,
    )


def values(person: Person) -> dict[tuple[str, str], str]:
    return {key: row.value for key, row in evidence_of(person.pk).items()}


def test_a_library_account_that_works_is_evidence(
    cem: Person, paia: PaiaServer
) -> None:
    connector = paia.connector()
    mark(people=[cem.pk], systems=[PAIA], at=NOW)

    settle_batch(connector=connector, facts=facts(cem), at=NOW)
    assert values(cem) == {}
    assert Sync.objects.get(person=cem).settled

    paia.library.link(CARD, status=0)
    mark(people=[cem.pk], systems=[PAIA], at=NOW)
    settle_batch(connector=connector, facts=facts(cem), at=NOW)

    assert values(cem) == {
        (PAIA, "account"): "there",
        (PAIA, "state"): "0",
        (PAIA, "works"): "yes",
    }


def test_what_worked_once_stays_and_the_present_state_is_told(
    cem: Person, paia: PaiaServer
) -> None:
    paia.library.link(CARD, status=0)
    for at, status in ((NOW, 0), (NOW + HOUR, 3)):
        paia.library.link(CARD, status=status)
        mark(people=[cem.pk], systems=[PAIA], at=at)
        settle_batch(connector=paia.connector(), facts=facts(cem), at=at)

    kept = evidence_of(cem.pk)

    assert kept[PAIA, "works"].value == "yes"
    assert kept[PAIA, "works"].seen_at == NOW
    assert kept[PAIA, "state"].value == "3"
    assert kept[PAIA, "state"].first_seen_at == NOW
    assert kept[PAIA, "state"].seen_at == NOW + HOUR


def test_after_an_act_the_system_is_asked_at_once(cem: Person, tmp_path: Path) -> None:
    folder = DropFolder(tmp_path)
    folder.prepare()
    mark(people=[cem.pk], systems=[LIBRARY], at=NOW)

    settle_batch(
        connector=FileDrop(folder, clock=lambda: NOW), facts=facts(cem), at=NOW
    )

    assert values(cem)[LIBRARY, "handed_over"] == NOW.isoformat()
    assert Sync.objects.get(person=cem).settled


def test_a_library_that_is_silent_says_nothing_and_loses_nobody(
    cem: Person, paia: PaiaServer
) -> None:
    paia.library.link(CARD, status=0)
    paia.door.close()
    mark(people=[cem.pk], systems=[PAIA], at=NOW)
    settle_batch(connector=paia.connector(), facts=facts(cem), at=NOW)
    assert values(cem) == {}
    assert not Sync.objects.get(person=cem).settled

    paia.door.open()
    settle_batch(connector=paia.connector(), facts=facts(cem), at=NOW + HOUR)

    assert (PAIA, "works") in values(cem)


def test_evidence_of_many_costs_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [a_student() for _ in range(50)]
    found = {
        one.pk: Found(state=None, evidence=(("a", "1"), ("b", "2"))) for one in people
    }

    # The statement, and the transaction around it.
    with django_assert_num_queries(3):
        note(found, system=PAIA, at=NOW)
    note(found, system=PAIA, at=NOW + HOUR)

    assert said_by(PAIA).count() == 100
    assert said_by(LIBRARY).count() == 0


def test_a_value_that_is_too_long_is_cut(cem: Person) -> None:
    note({cem.pk: Found(state=None, evidence=(("a", "x" * 999),))}, system=PAIA, at=NOW)

    assert values(cem) == {(PAIA, "a"): "x" * 255}
