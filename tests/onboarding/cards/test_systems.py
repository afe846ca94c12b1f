"""From a form and a hand-out to the library's own systems, and back as evidence."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.catalogue import systems
from accounts.catalogue.systems import LIBRARY, PAIA
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library import FileDrop
from accounts.due.mark import mark
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from onboarding.applications.registration import submit, told_by
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.journey.facts import facts_of
from onboarding.journey.steps.library_account import LibraryAccount
from tests.onboarding.applications.test_registration import complete
from tests.onboarding.cards.conftest import Acting, a_number
from tests.services.paia import PaiaServer
from worker.fleet import FACTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

NUMBER = a_number()


@pytest.fixture(autouse=True)
def _systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, LIBRARY, PAIA))


def test_a_registration_gets_to_the_library_once_and_its_correction_once(
    cem: Person, tmp_path: Path
) -> None:
    folder = DropFolder(tmp_path)
    folder.prepare()
    drop = FileDrop(folder)
    complete(cem)
    submit(person=cem, version=1, at=timezone.now())
    settle_batch(connector=drop, facts=FACTS, at=timezone.now())
    mark(people=[cem.pk], systems=[LIBRARY], at=timezone.now())
    settle_batch(connector=drop, facts=FACTS, at=timezone.now())
    complete(cem, street="Neue Straße 2")
    submit(person=cem, version=2, at=timezone.now())
    settle_batch(connector=drop, facts=FACTS, at=timezone.now())

    rows = sorted(
        (row for file in tmp_path.glob("*.csv") for row in _rows(file)),
        key=lambda row: row["submitted_at"],
    )
    told = told_by(cem.pk)
    assert told
    by_kind = {row["kind"]: row for row in rows}
    assert len(rows) == 2
    assert by_kind["new"]["street"] == "Am Sande 1"
    assert by_kind["correction"]["street"] == "Neue Straße 2"
    assert {row["receipt"] for row in rows} == {told.reference}
    assert cem.birth_date not in str(rows)


def test_the_librarys_word_on_a_card_that_was_handed_out_finishes_the_step(
    cem: Person, act: Acting, paia: PaiaServer
) -> None:
    connector = paia.connector()
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    settle_batch(connector=connector, facts=FACTS, at=timezone.now())
    before = standing(cem)
    paia.library.link(NUMBER, status=0)
    mark(people=[cem.pk], systems=[PAIA], at=timezone.now())
    settle_batch(connector=connector, facts=FACTS, at=timezone.now())

    assert before != "done"
    assert standing(cem) == "done"


def standing(person: Person) -> str:
    facts = facts_of(person, at=timezone.now())
    return LibraryAccount().now(facts).standing.value


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter=";"))
