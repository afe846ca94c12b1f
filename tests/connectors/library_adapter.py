"""The library's folder as the contract suite sees it: files, and another worker."""

import csv
import fcntl
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest

from accounts.connectors.contract import Connector, Registration, Step, Subject, Verb
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.library import FileDrop
from tests.connectors.people import a_subject
from tests.connectors.traits import Trait
from tests.services.proxy import BadLine

Record = dict[str, frozenset[bytes]]
AT = datetime(2026, 10, 5, 12, 30, 15, tzinfo=UTC)
# Where the person lived when another worker handed the registration over.
BEFORE = "Bockelmannstraße 3"


class Share:
    """A folder of a file server: it may go away, and somebody may sit on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._away = folder.with_name(f"{folder.name}-away")
        self._held: IO[bytes] | None = None

    def kill(self) -> None:
        self.folder.rename(self._away)

    def start(self) -> None:
        self._away.rename(self.folder)

    def freeze(self) -> None:
        """Hold the book and never let go, as a worker does that was stopped."""
        self._held = (self.folder / ".portal" / "delivered.jsonl").open("rb")
        fcntl.flock(self._held, fcntl.LOCK_EX)

    def thaw(self) -> None:
        if self._held:
            self._held.close()
            self._held = None


class LibraryAdapter:
    """The library's folder."""

    line: BadLine
    without: Mapping[Trait, str] = {
        Trait.CONDITIONS: "a file is added: there is nothing that others could change",
        Trait.REFUSALS: "a folder takes whatever is put there",
        Trait.LINE: "a folder is no line; test_library.py dies at each touch of it",
    }
    # What was handed over cannot be taken back, and who has left is told of no more.
    parting: Verb | None = None
    early_parting: Verb | None = None
    forgets_who_never_came = False
    # It gets what the person told it, not what student administration knows.
    keeps_to_itself = frozenset(
        {"given_names", "family_name", "display_name", "language"}
    )
    # Whoever comes second holds the book, and sees it before writing.
    says_who_was_first = False
    # Once handed over, a file is the library's: it takes it, or does what it likes.
    sees_edits = False

    def __init__(self, request: pytest.FixtureRequest) -> None:
        place: Path = request.getfixturevalue("tmp_path")
        self.server = Share(place / "library")
        self.server.folder.mkdir()
        request.addfinalizer(self.server.thaw)
        DropFolder(self.server.folder).prepare()
        self.connector: Connector = self._worker()

    def start(self) -> None:
        self.server.start()

    def use_the_bad_line(self) -> None:
        raise NotImplementedError(self.without[Trait.LINE])

    def newcomer(self, **facts: Any) -> Subject:
        subject = a_subject(**facts)
        fields = (("family_name", "Sondermann"), ("street", "Am Sande 1"))
        told = Registration(receipt=f"R{subject.id}", submitted_at=AT, fields=fields)
        return replace(subject, registration=told)

    def advanced(self, subject: Subject) -> Subject:
        """Give the same person after a correction."""
        return _moved(subject, "Stint 2")

    def record(self, subject: Subject) -> Record | None:
        mine = {
            file.name: frozenset(value.encode() for value in row.values())
            for file in self._files()
            for row in _rows(file)
            if row["person"] == subject.person_key
        }
        return mine or None

    def make_as_another(self, subject: Subject) -> None:
        """Hand over what the person told before, as another worker."""
        before = _moved(subject, BEFORE)
        step = Step(before, Verb.CREATE, None, self.connector.wanted(before))
        assert self._worker().carry_out([step]) == [None]

    def others(self, record: Record) -> Record:
        """Give the row that another worker handed over."""
        [theirs] = (row for row in record.values() if BEFORE.encode() in row)
        return {"handed over": theirs}

    def tamper(self, subject: Subject) -> None:
        """Correct by hand what was handed over."""
        for file in self._files():
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("Sondermann", "Sonderman"), encoding="utf-8")

    def unacceptable(self, subject: Subject) -> Subject:
        raise NotImplementedError(self.without[Trait.REFUSALS])

    def _worker(self) -> FileDrop:
        folder = DropFolder(self.server.folder, patience=0.5)
        return FileDrop(folder, clock=lambda: AT)

    def _files(self) -> list[Path]:
        return sorted(self.server.folder.glob("*.csv"))


def _moved(subject: Subject, street: str) -> Subject:
    told = subject.registration
    assert told is not None
    fields = (("family_name", "Sondermann"), ("street", street))
    return replace(subject, registration=replace(told, fields=fields))


def _rows(file: Path) -> list[dict[str, str]]:
    text = io.StringIO(file.read_bytes().decode(), newline="")
    return list(csv.DictReader(text, delimiter=";"))
