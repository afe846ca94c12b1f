"""The library learns which card is whose, once, and when it is nobody's any more."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from accounts.connectors.contract import Subject, TemporaryFailure, compare
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library_cards import CardDrop
from tests.connectors.people import a_subject

NUMBER, ANOTHER = "3110372827", "3110000008"


@pytest.fixture
def folder(tmp_path: Path) -> DropFolder:
    folder = DropFolder(tmp_path)
    folder.prepare()
    return folder


@pytest.fixture
def library(folder: DropFolder) -> CardDrop:
    return CardDrop(folder)


def settle(library: CardDrop, *subjects: Subject) -> int:
    """Do what the sweep does; says how many steps there were."""
    found = library.find(subjects)
    verdicts = [compare(library, one, found.get(one.id)) for one in subjects]
    steps = [verdict.step for verdict in verdicts if verdict.step]
    assert library.carry_out(steps) == [None] * len(steps)
    return len(steps)


def told(folder: Path) -> Sequence[tuple[str, ...]]:
    rows = []
    for file in sorted(
        folder.glob("cards-*.csv"), key=lambda one: one.stat().st_mtime_ns
    ):
        with file.open(encoding="utf-8", newline="") as lines:
            rows += list(csv.reader(lines, delimiter=";"))[1:]
    return [tuple(row[:3]) for row in rows]


def test_a_card_is_told_once(library: CardDrop, tmp_path: Path) -> None:
    cem = replace(a_subject(), card_number=NUMBER)

    assert [settle(library, cem), settle(library, cem)] == [1, 0]

    assert told(tmp_path) == [("issued", cem.person_key, NUMBER)]


def test_another_card_takes_its_place(library: CardDrop, tmp_path: Path) -> None:
    cem = replace(a_subject(), card_number=NUMBER)
    settle(library, cem)

    settle(library, replace(cem, card_number=ANOTHER))

    assert told(tmp_path)[-1] == ("issued", cem.person_key, ANOTHER)


def test_a_card_that_came_back_is_taken_away(library: CardDrop, tmp_path: Path) -> None:
    cem = replace(a_subject(), card_number=NUMBER)
    settle(library, cem)
    gone = replace(cem, card_number="")

    assert [settle(library, gone), settle(library, gone)] == [1, 0]

    assert told(tmp_path)[-1] == ("withdrawn", cem.person_key, "")
    assert settle(library, cem) == 1


def test_whoever_never_had_a_card_is_not_told_of(
    library: CardDrop, tmp_path: Path
) -> None:
    assert settle(library, a_subject()) == 0
    assert told(tmp_path) == []


def test_a_step_done_twice_tells_once(library: CardDrop, tmp_path: Path) -> None:
    cem = replace(a_subject(), card_number=NUMBER)
    step = compare(library, cem, None).step
    assert step is not None

    for _ in range(2):
        library.carry_out([step])

    assert len(told(tmp_path)) == 1


def test_the_book_has_no_number(library: CardDrop, tmp_path: Path) -> None:
    settle(library, replace(a_subject(), card_number=NUMBER))

    assert NUMBER not in (tmp_path / ".portal" / "delivered.jsonl").read_text()


def test_a_folder_that_is_not_mounted_waits(tmp_path: Path) -> None:
    library = CardDrop(DropFolder(tmp_path / "gone"))
    cem = replace(a_subject(), card_number=NUMBER)

    with pytest.raises(TemporaryFailure, match="folder_missing"):
        library.find([cem])
