"""The library's folder: every registration gets there once, whatever happens."""

import csv
import fcntl
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from accounts.connectors.contract import (
    AS_FOUND,
    Found,
    Outcome,
    PermanentFailure,
    Registration,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
    compare,
)
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library import FileDrop
from tests.connectors.people import a_subject, left

AT = datetime(2026, 10, 5, 12, 30, 15, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    DropFolder(tmp_path).prepare()
    return tmp_path


@pytest.fixture
def drop(folder: Path) -> FileDrop:
    return FileDrop(DropFolder(folder), clock=lambda: AT)


def a_registrant(**values: str) -> Subject:
    subject = a_subject()
    fields = {"family_name": "Sondermann", "street": "Am Sande 1", **values}
    told = Registration(
        receipt=f"R{subject.id}", submitted_at=AT, fields=tuple(fields.items())
    )
    return replace(subject, registration=told)


def corrected(subject: Subject, **values: str) -> Subject:
    told = subject.registration
    assert told is not None
    fields = tuple({**dict(told.fields), **values}.items())
    return replace(subject, registration=replace(told, fields=fields))


def steps(drop: FileDrop, *people: Subject) -> list[Step]:
    found = drop.find(people)
    verdicts = [compare(drop, one, found.get(one.id)) for one in people]
    return [verdict.step for verdict in verdicts if verdict.step]


def settle(drop: FileDrop, *people: Subject) -> list[Outcome]:
    to_do = steps(drop, *people)
    return list(drop.carry_out(to_do)) if to_do else []


def files(folder: Path) -> list[Path]:
    """Give what the library sees."""
    return sorted(folder.glob("*.csv"))


def rows(folder: Path) -> list[dict[str, str]]:
    return [
        row
        for file in files(folder)
        for row in csv.DictReader(
            io.StringIO(file.read_bytes().decode(), newline=""), delimiter=";"
        )
    ]


def test_a_registration_is_handed_over_once(drop: FileDrop, folder: Path) -> None:
    cem = a_registrant()

    assert settle(drop, cem) == [None]
    assert settle(drop, cem) == []

    [file] = files(folder)
    assert file.name.startswith("registrations-2026-10-05-143015-")
    told = cem.registration
    assert told is not None
    assert rows(folder) == [
        {
            "kind": "new",
            "person": cem.person_key,
            "receipt": told.receipt,
            "submitted_at": "2026-10-05T12:30:15+00:00",
            "family_name": "Sondermann",
            "street": "Am Sande 1",
        }
    ]


def test_the_file_is_what_rfc_4180_says(drop: FileDrop, folder: Path) -> None:
    settle(drop, a_registrant(family_name='Nguyễn; "Chi"', street="Hof\r\nHinterhaus"))

    text = files(folder)[0].read_bytes().decode()

    assert text.startswith("kind;person;receipt;submitted_at;family_name;street\r\n")
    assert text.endswith('"Nguyễn; ""Chi""";"Hof\r\nHinterhaus"\r\n')
    assert files(folder)[0].stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@cem", "'@cem"),
        ("-cem", "'-cem"),
        ("+49 4131 677-0", "+49 4131 677-0"),
    ],
)
def test_no_cell_is_a_formula(
    drop: FileDrop, folder: Path, value: str, written: str
) -> None:
    settle(drop, a_registrant(street=value))

    assert rows(folder)[0]["street"] == written


def test_a_change_after_submission_is_a_correction(
    drop: FileDrop, folder: Path
) -> None:
    cem = a_registrant()
    settle(drop, cem)
    moved = corrected(cem, street="Stint 2")

    assert [step.verb for step in steps(drop, moved)] == [Verb.CHANGE]
    assert settle(drop, moved) == [None]
    assert settle(drop, moved) == []

    assert sorted((row["kind"], row["street"]) for row in rows(folder)) == [
        ("correction", "Stint 2"),
        ("new", "Am Sande 1"),
    ]


def test_a_change_there_and_back_is_told(drop: FileDrop, folder: Path) -> None:
    cem = a_registrant()
    for one in (cem, corrected(cem, street="Stint 2"), cem):
        settle(drop, one)

    assert Counter(row["kind"] for row in rows(folder)) == {"new": 1, "correction": 2}


def test_the_library_may_take_files_away(drop: FileDrop, folder: Path) -> None:
    cem = a_registrant()
    settle(drop, cem)
    files(folder)[0].unlink()

    assert settle(drop, cem) == []
    assert settle(drop, a_registrant()) == [None]
    assert len(rows(folder)) == 1


def test_a_batch_is_one_file(drop: FileDrop, folder: Path) -> None:
    people = [a_registrant() for _ in range(50)]

    assert settle(drop, *people) == [None] * 50

    assert len(files(folder)) == 1
    assert len(rows(folder)) == 50


def test_a_form_that_changed_begins_another_file(drop: FileDrop, folder: Path) -> None:
    settle(drop, a_registrant(), a_registrant(phone="+49 1"))

    assert len(files(folder)) == 2
    assert len(rows(folder)) == 2


def test_who_told_nothing_or_left_is_not_handed_over(
    drop: FileDrop, folder: Path
) -> None:
    cem = a_registrant()

    assert settle(drop, a_subject(), left(cem)) == []
    settle(drop, cem)
    assert drop.wanted(left(cem)) is AS_FOUND
    assert settle(drop, left(corrected(cem, street="Stint 2"))) == []


def test_the_folder_tells_when_somebody_was_handed_over(
    drop: FileDrop, folder: Path
) -> None:
    cem = a_registrant()
    settle(drop, cem)

    found = drop.find([cem])[cem.id]

    assert isinstance(found, Found)
    assert dict(found.evidence) == {
        "handed_over": AT.isoformat(),
        "file": files(folder)[0].name,
    }


def test_a_step_carried_out_twice_hands_over_once(drop: FileDrop, folder: Path) -> None:
    to_do = steps(drop, a_registrant())

    drop.carry_out(to_do)
    drop.carry_out(to_do)

    assert len(rows(folder)) == 1


def test_two_workers_at_once_hand_over_once(folder: Path) -> None:
    people = [a_registrant() for _ in range(20)]
    drops = [FileDrop(DropFolder(folder)) for _ in range(8)]
    to_do = steps(drops[0], *people)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: one.carry_out(to_do), drops))

    assert Counter(row["person"] for row in rows(folder)) == {
        one.person_key: 1 for one in people
    }


def test_a_folder_that_nobody_prepared_is_not_used(tmp_path: Path) -> None:
    drop, cem = FileDrop(DropFolder(tmp_path)), a_registrant()

    with pytest.raises(TemporaryFailure, match="folder_missing"):
        drop.find([cem])
    with pytest.raises(PermanentFailure, match="folder_missing"):
        drop.ask()
    [outcome] = drop.carry_out([Step(cem, Verb.CREATE, None)])

    assert isinstance(outcome, TemporaryFailure)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_away_and_back(drop: FileDrop, folder: Path) -> None:
    settle(drop, a_registrant())
    away = folder.with_name("away")
    folder.rename(away)
    folder.mkdir()
    cem = a_registrant()

    with pytest.raises(TemporaryFailure):
        drop.find([cem])

    folder.rmdir()
    away.rename(folder)
    assert settle(drop, cem) == [None]
    assert len(rows(folder)) == 2


def test_who_holds_the_folder_for_a_moment_is_waited_for(
    drop: FileDrop, folder: Path
) -> None:
    cem = a_registrant()
    with (folder / ".portal" / "delivered.jsonl").open("rb") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(settle, drop, cem)
            time.sleep(0.2)
            assert not waiting.done()
            fcntl.flock(book, fcntl.LOCK_UN)
            assert waiting.result() == [None]

    assert len(rows(folder)) == 1


def test_who_never_lets_go_of_the_folder_holds_nobody_up(folder: Path) -> None:
    drop = FileDrop(DropFolder(folder, patience=0.1))
    with (folder / ".portal" / "delivered.jsonl").open("rb") as book:
        fcntl.flock(book, fcntl.LOCK_EX)

        with pytest.raises(TemporaryFailure, match="folder_held"):
            drop.find([a_registrant()])
        with pytest.raises(TemporaryFailure, match="folder_held"):
            drop.ask()


# --- Killed at any point ------------------------------------------------------------


class Killed(BaseException):
    """The process is gone; nothing after it happens."""


ACTS = (os.fsync, os.fchmod, os.ftruncate, os.rename)


def _die_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die before the ``number``-th touch of the disk."""
    touched = 0

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*arguments: Any, **named: Any) -> Any:
            nonlocal touched
            touched += 1
            if touched == number:
                raise Killed
            return act(*arguments, **named)

        return acted

    for act in ACTS:
        monkeypatch.setattr(os, act.__name__, dying(act))
    monkeypatch.setattr(Path, "unlink", dying(Path.unlink))


def test_death_at_any_touch_of_the_disk_loses_and_doubles_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in count(1):
        folder = tmp_path / str(number)
        folder.mkdir()
        DropFolder(folder).prepare()
        drop = FileDrop(DropFolder(folder))
        people = [a_registrant() for _ in range(3)]
        settle(drop, people[0])
        with monkeypatch.context() as dying, suppress(Killed):
            _die_at(number, dying)
            settle(drop, *people)
            # Nothing is left to die at.
            break

        settle(FileDrop(DropFolder(folder)), *people)

        assert Counter(row["person"] for row in rows(folder)) == {
            one.person_key: 1 for one in people
        }, number
    assert number > 6


@pytest.mark.parametrize("torn", [1, 20, 60])
def test_a_line_of_the_book_that_was_cut_is_as_if_never_written(
    drop: FileDrop, folder: Path, torn: int
) -> None:
    first, second = a_registrant(), a_registrant()
    settle(drop, first)
    book = folder / ".portal" / "delivered.jsonl"
    with book.open("ab") as open_book:
        open_book.write(
            b'{"file": "registrations-x.csv", "at": "2026", "rows": {"'[:torn]
        )
    (folder / ".portal" / "drafts" / "registrations-x.csv").write_text("never promised")

    assert settle(drop, first, second) == [None]

    assert len(rows(folder)) == 2
    assert list((folder / ".portal" / "drafts").iterdir()) == []


KILLED_AGAIN_AND_AGAIN = """
import sys, django
django.setup()
from pathlib import Path
from tests.connectors.test_library import a_registrant, settle
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library import FileDrop
people = [a_registrant() for _ in range(300)]
drop = FileDrop(DropFolder(Path(sys.argv[1])))
print("begun", flush=True)
for start in range(0, 300, 5):
    settle(drop, *people[start:start + 5])
"""


@pytest.fixture
def kill_soon(folder: Path) -> Iterator[Callable[[], bool]]:
    """Give a way to start the hand-over and kill it; says whether it was finished."""
    command = [sys.executable, "-c", KILLED_AGAIN_AND_AGAIN, str(folder)]
    running: list[subprocess.Popen[str]] = []

    def kill() -> bool:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(random.uniform(0.0, 0.15))
            done = process.poll() == 0
            process.send_signal(signal.SIGKILL)
        return done

    yield kill
    for process in running:
        process.kill()


@pytest.mark.faults
def test_a_killed_worker_loses_and_doubles_nobody(
    folder: Path, kill_soon: Callable[[], bool]
) -> None:
    for _ in range(5):
        kill_soon()
    subprocess.run(
        [sys.executable, "-c", KILLED_AGAIN_AND_AGAIN, str(folder)], check=True
    )

    people = Counter(row["person"] for row in rows(folder))
    assert len(people) == 300
    assert set(people.values()) == {1}
