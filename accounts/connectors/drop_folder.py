"""A folder that another system empties: every row gets there exactly once.

Each delivery is one file, made like this:

1. the file is written where nobody looks yet (``.portal/drafts``) and flushed to disk;
2. one line in the folder's own book (``.portal/delivered.jsonl``) tells what is in it;
3. the file is renamed to where the other side looks.

Rename is atomic, and the draft's name is its only name until then. So whoever comes
after a crash knows: a draft that the book does not tell of was never promised to
anybody and is thrown away; one that the book tells of is put in its place; one that is
gone has been delivered, even where the other side has long taken the file away.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

PORTAL = ".portal"
# Seconds to wait for another process that holds the folder. A hand-over takes far
# less; one that was stopped in the middle of it must not stop everybody else.
PATIENCE = 10.0
LOOK_AGAIN = 0.02


class FolderMissing(Exception):
    """The folder is not there, or nobody has prepared it."""


class FolderHeld(Exception):
    """Another process holds the folder, and does not let go."""


class Line(TypedDict):
    """One delivery, as the book tells of it."""

    file: str
    at: str
    # Key → digest of what was delivered for it.
    rows: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What was delivered last for one key."""

    digest: str
    file: str
    at: str


class DropFolder:
    """One folder; several processes may use it."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        """Use ``folder``; see ``prepare``. Wait ``patience`` seconds for others."""
        self._folder = folder
        self._patience = patience
        self._drafts = folder / PORTAL / "drafts"
        self._book = folder / PORTAL / "delivered.jsonl"

    def prepare(self) -> None:
        """Make a folder ours, once.

        Never done by itself: where a network folder is not mounted, a new and empty
        book would have everything delivered a second time.
        """
        self._drafts.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._book.touch(mode=0o640)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others out, and finish what a crash has left.

        Raises FolderMissing and FolderHeld.
        """
        try:
            book = self._book.open("r+b")
        except FileNotFoundError:
            raise FolderMissing from None
        with book:
            self._wait_for(book.fileno())
            _cut_torn_line(book.fileno())
            self._finish()
            yield

    def delivered(self) -> Mapping[str, Entry]:
        """Give what was delivered last, by key; ``held`` only."""
        return {
            key: Entry(digest=digest, file=line["file"], at=line["at"])
            for line in self._lines()
            for key, digest in line["rows"].items()
        }

    def deliver(
        self, *, name: str, content: bytes, rows: Mapping[str, str], at: str
    ) -> None:
        """Deliver a file under a new name, with its rows' digests; ``held`` only."""
        draft = self._drafts / name
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o640)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _flush(self._drafts)
        line = Line(file=name, at=at, rows=dict(rows))
        with self._book.open("ab") as book:
            book.write(json.dumps(line).encode() + b"\n")
            book.flush()
            os.fsync(book.fileno())
        self._publish(draft)

    def files(self) -> Sequence[str]:
        """Name every file that was ever delivered; ``held`` only."""
        return [line["file"] for line in self._lines()]

    def _wait_for(self, book: int) -> None:
        end = time.monotonic() + self._patience
        while True:
            try:
                return fcntl.flock(book, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise FolderHeld from None
                time.sleep(LOOK_AGAIN)

    def _finish(self) -> None:
        drafts = list(self._drafts.iterdir())
        if not drafts:
            return
        told = set(self.files())
        for draft in drafts:
            if draft.name in told:
                self._publish(draft)
            else:
                draft.unlink()

    def _publish(self, draft: Path) -> None:
        draft.rename(self._folder / draft.name)
        _flush(self._folder)
        _flush(self._drafts)

    def _lines(self) -> Iterator[Line]:
        with self._book.open(encoding="utf-8") as book:
            for line in book:
                yield json.loads(line)


def _cut_torn_line(book: int) -> None:
    """Take away what was written of a last line before a crash."""
    size = os.fstat(book).st_size
    kept = size
    while kept and os.pread(book, 1, kept - 1) != b"\n":
        kept -= 1
    if kept != size:
        os.ftruncate(book, kept)
        os.fsync(book)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
