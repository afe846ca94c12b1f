"""Bytes in, records out: RFC 4180 as it really arrives, a record at a time."""

import csv
import inspect
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_noop

from onboarding.enrolment.wording import Sentence

CHUNK = 64 * 1024
# No row of ours is longer; what is longer has lost its line ends or its mind.
LONGEST_LINE = 64 * 1024
# A quotation mark that is still open after so many lines was never closed.
MOST_LINES = 20

TOO_LONG = Sentence(
    gettext_noop("This line is longer than %(most)d bytes."), {"most": LONGEST_LINE}
)
OPEN_QUOTE = Sentence(
    gettext_noop("A quotation mark is opened in this row and never closed.")
)
STRAY_QUOTE = Sentence(
    gettext_noop("After the closing quotation mark of a cell something else follows.")
)


class Source(Protocol):
    """Anything that bytes can be read from, piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the line it begins in and its cells; ``closed`` by a line end."""

    line: int
    cells: list[str]
    closed: bool

    @property
    def blank(self) -> bool:
        """Say whether the row is an empty line."""
        return not self.cells or (len(self.cells) == 1 and not self.cells[0].strip())


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row at all, and why."""

    line: int
    reason: Sentence
    closed: bool


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    too_long: bool

    @property
    def closed(self) -> bool:
        return self.text.endswith(("\n", "\r"))


def physical_lines(source: Source) -> Iterator[bytes]:
    r"""Give the lines with their ends, be they LF, CRLF or CR, mixed as they like.

    Of a line that is too long only the beginning is kept, never the whole of it.
    """
    rest = b""
    while chunk := source.read(CHUNK):
        lines = (rest + chunk).splitlines(keepends=True)
        # A CR at the very end may be the first half of a CRLF.
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        if len(rest) > LONGEST_LINE and not rest.endswith(b"\r"):
            rest = rest[: LONGEST_LINE + 1]
        yield from lines
    if rest:
        yield rest


class Records:
    """The records of a file, in order; holds a few lines at most."""

    def __init__(
        self, lines: Iterator[bytes], *, encoding: str, separator: str, first: int
    ) -> None:
        """Take the lines that are left; the next one bears the number ``first``.

        The first record's number of cells is the ``width`` that the others are held
        against where a cell goes over several lines.
        """
        self._lines = enumerate(lines, first)
        self._encoding = encoding
        self._separator = separator
        self._again: deque[_Line] = deque()
        self.width = 0

    def __iter__(self) -> Iterator[Record | Broken]:
        """Give one after the other; an unclosed quotation mark costs its own line."""
        while line := self._next_line():
            yield self._record(line)

    def _record(self, first: _Line) -> Record | Broken:
        if first.too_long:
            return Broken(first.number, TOO_LONG, first.closed)
        taken: list[_Line] = []
        pieces = self._pieces(first, taken)
        reader = csv.reader(pieces, delimiter=self._separator, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            asked = taken or inspect.getgeneratorstate(pieces) == inspect.GEN_CLOSED
            return self._broken(first, taken, OPEN_QUOTE if asked else STRAY_QUOTE)
        if taken and self.width and len(cells) != self.width:
            return self._broken(first, taken, OPEN_QUOTE)
        self.width = self.width or len(cells)
        return Record(first.number, cells, (taken or [first])[-1].closed)

    def _broken(self, first: _Line, taken: list[_Line], reason: Sentence) -> Broken:
        # What the open quotation mark swallowed is read again, row by row.
        self._again.extendleft(reversed(taken))
        return Broken(first.number, reason, first.closed)

    def _pieces(self, first: _Line, taken: list[_Line]) -> Generator[str, None, None]:
        """Give the first line, and further ones as long as the reader asks for them."""
        yield first.text
        while len(taken) < MOST_LINES and (line := self._next_line()):
            taken.append(line)
            if line.too_long:
                return
            yield line.text

    def _next_line(self) -> _Line | None:
        if self._again:
            return self._again.popleft()
        number, raw = next(self._lines, (0, b""))
        if not raw:
            return None
        too_long = len(raw) > LONGEST_LINE
        # What is not text in this encoding stays recognisable, cell by cell.
        text = raw.decode(self._encoding, "surrogateescape")
        return _Line(number, text, too_long)
