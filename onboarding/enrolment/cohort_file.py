"""The enrolment export, read row by row: what each row says, or why it is refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_noop

from onboarding.enrolment.cells import cells_of
from onboarding.enrolment.columns import CellRefused, Reader, Unreadable
from onboarding.enrolment.layout import OURS, Layout
from onboarding.enrolment.records import (
    Broken,
    Record,
    Records,
    Source,
    physical_lines,
)
from onboarding.enrolment.wording import FileRefused, Sentence

BOM = b"\xef\xbb\xbf"
IN_NAME = re.compile(r".*?-(\d{8}T\d{6})(?:-(\d{1,9}))?\.csv", re.IGNORECASE)
IN_COMMENT = re.compile(r"#\s*made\s+(\S{10,32})(?:\s+rows\s+(\d{1,9}))?\s*")
# How other kinds of files begin, so that they can be called by their name.
OTHER_KINDS = (
    (b"\xff\xfe", gettext_noop("This file is in UTF-16; it must be in UTF-8.")),
    (b"\xfe\xff", gettext_noop("This file is in UTF-16; it must be in UTF-8.")),
    (b"PK\x03\x04", gettext_noop("This is a workbook or an archive, not a CSV file.")),
    (b"%PDF", gettext_noop("This is a PDF, not a CSV file.")),
    (b"\xd0\xcf\x11\xe0", gettext_noop("This is a workbook, not a CSV file.")),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """When an export was made and how many rows it had; empty where unknown."""

    made_at: datetime | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Personal:
    """What a row says of the person; None where the layout has no such column."""

    person_key: str
    given_names: str
    family_name: str
    matriculation_no: str | None = None
    account_name: str | None = None
    chosen_name: str | None = None
    birth_date: str | None = None
    private_email: str | None = None
    mobile: str | None = None
    preferred_language: str | None = None
    # 0: in no group.
    tutor_group: int | None = None
    confidential: bool | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """What a row says of the programme."""

    degree: str
    programme: str
    school: str
    study_start: date
    semester_no: int
    status: str
    status_date: date
    faculty: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person in one programme."""

    line: int
    personal: Personal
    study: Study


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one column (by the file's own name; empty: in the whole row)."""

    column: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be used; the key says whose it was, where that can be read.

    Then ``cells`` has what the row says, by our columns and written as in our layout.
    """

    line: int
    faults: tuple[Fault, ...]
    person_key: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    def by_reason(self) -> Iterator[Fault]:
        """Give each reason once, with all the columns that it holds for."""
        columns: dict[str, list[Fault]] = {}
        for fault in self.faults:
            columns.setdefault(str(fault.reason), []).append(fault)
        for faults in columns.values():
            yield Fault(", ".join(one.column for one in faults), faults[0].reason)


def origin_of_name(name: str) -> Origin:
    """Read what ``enrolment-20260915T060000-181.csv`` says of itself (local time)."""
    found = IN_NAME.fullmatch(name)
    return _origin(found[1], found[2]) if found else Origin()


class CohortFile:
    """An export that is being read; iterate once over its rows and refusals.

    Raises FileRefused at once where the header makes all of it unusable. What can be
    said of the whole file only at its end stands in ``cut``, ``unreadable`` and
    ``blank`` (refusals that are no rows at all) then.
    """

    def __init__(
        self, source: Source, *, name: str, today: date, layout: Layout = OURS
    ) -> None:
        """Read as far as the header; raises FileRefused."""
        self._reader = Reader(layout, today)
        self.layout = layout
        self.origin = origin_of_name(name)
        self.cut = False
        self.unreadable = 0
        self.blank = 0
        self._records = iter(self._begin(source))
        header = next(self._records, None)
        self._columns, self.unknown_columns = _columns(header, layout)

    def __iter__(self) -> Iterator[Row | Refusal]:
        """Give each line of data as exactly one row or one refusal, in order."""
        blanks: list[int] = []
        for record in self._records:
            if isinstance(record, Record) and record.blank:
                blanks = [blanks[0] if blanks else record.line, record.line]
                continue
            if blanks:
                self.blank += 1
                yield _blank(*blanks)
                blanks = []
            yield (
                self._broken(record)
                if isinstance(record, Broken)
                else self._row(record)
            )

    def _begin(self, source: Source) -> Records:
        lines = physical_lines(source)
        first = next(lines, b"")
        _refuse_other_kinds(first)
        first, number = first.removeprefix(BOM), 1
        while first and (comment := _comment(first)) is not None:
            if comment.made_at:
                self.origin = comment
            first, number = next(lines, b""), number + 1
        return Records(
            chain([first] if first else [], lines),
            encoding=self.layout.encoding,
            separator=self.layout.separator,
            first=number,
        )

    def _broken(self, record: Broken) -> Refusal:
        self.cut = not record.closed
        return Refusal(record.line, (Fault("", record.reason),))

    def _row(self, record: Record) -> Row | Refusal:
        if len(record.cells) != len(self._columns):
            return self._misshapen(record)
        values: dict[str, Any] = {}
        faults = []
        for name, cell in self._cells(record):
            try:
                values[name] = self._reader.read(name, cell)
            except CellRefused as refused:
                self.unreadable += isinstance(refused, Unreadable)
                faults.append(Fault(self.layout.name_of(name), refused.reason))
        faults.extend(self._nameless(values))
        if faults:
            key = values.get("person_key", "")
            said = {**dict(self._cells(record)), **values} if key else {}
            return Refusal(record.line, tuple(faults), key, cells_of(said))
        return _row(record.line, values)

    def _cells(self, record: Record) -> Iterator[tuple[str, str]]:
        for name, cell in zip(self._columns, record.cells, strict=True):
            if name:
                yield name, cell
        yield from self.layout.constants.items()

    def _misshapen(self, record: Record) -> Refusal:
        wanted = len(self._columns)
        if not record.closed and len(record.cells) < wanted:
            self.cut = True
            return Refusal(record.line, (Fault("", CUT),))
        reason = Sentence(
            gettext_noop("This row has %(found)d cells instead of %(wanted)d."),
            {"found": len(record.cells), "wanted": wanted},
        )
        return Refusal(record.line, (Fault("", reason),))

    def _nameless(self, values: dict[str, Any]) -> Iterator[Fault]:
        if values.get("given_names") == values.get("family_name") == "":
            yield Fault(
                self.layout.name_of("family_name"),
                Sentence(gettext_noop("Given names and family name are both empty.")),
            )


CUT = Sentence(gettext_noop("The file ends in the middle of this row."))
EMPTY_FILE = Sentence(gettext_noop("This file is empty."))


def _row(line: int, values: dict[str, Any]) -> Row:
    study = {name: values.pop(name) for name in STUDY if name in values}
    return Row(line, Personal(**values), Study(**study))


STUDY = tuple(Study.__dataclass_fields__)


def _blank(first: int, last: int) -> Refusal:
    reason = (
        Sentence(gettext_noop("This line is empty."))
        if first == last
        else Sentence(
            gettext_noop("The lines from here to %(last)d are empty."), {"last": last}
        )
    )
    return Refusal(first, (Fault("", reason),))


def _comment(line: bytes) -> Origin | None:
    """Read a comment before the header; None where the line is no comment."""
    if not line.startswith(b"#"):
        return None
    found = IN_COMMENT.fullmatch(line.decode("ascii", "replace").strip())
    return _origin(found[1], found[2]) if found else Origin()


def _origin(made: str, rows: str | None) -> Origin:
    try:
        made_at = datetime.fromisoformat(made)
    except ValueError:
        return Origin()
    if made_at.tzinfo is None:
        made_at = made_at.replace(tzinfo=get_default_timezone())
    return Origin(made_at, int(rows) if rows else None)


def _refuse_other_kinds(first: bytes) -> None:
    for beginning, sentence in OTHER_KINDS:
        if first.startswith(beginning):
            raise FileRefused(Sentence(sentence))
    if b"\x00" in first:
        raise FileRefused(
            Sentence(gettext_noop("This is not a text file in the expected encoding."))
        )


def _columns(
    header: Record | Broken | None, layout: Layout
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give our name of each column (empty: not ours), and the unknown names."""
    if header is None:
        raise FileRefused(EMPTY_FILE)
    if isinstance(header, Broken):
        raise FileRefused(
            Sentence(
                gettext_noop(
                    "The first line cannot be read as column names; a layout may help."
                )
            ),
            header.reason,
        )
    names = [cell.strip() for cell in header.cells]
    ours = {theirs: name for name, theirs in layout.columns.items()}
    faults = list(_header_faults(names, layout))
    if faults:
        raise FileRefused(*faults)
    unknown = (n for n in names if n and n not in ours and n not in layout.ignore)
    return tuple(ours.get(n, "") for n in names), tuple(map(_plain, unknown))


def _header_faults(names: Sequence[str], layout: Layout) -> Iterator[Sentence]:
    for name in sorted({name for name in names if names.count(name) > 1 and name}):
        yield Sentence(
            gettext_noop("The column “%(column)s” is there more than once."),
            {"column": _plain(name)},
        )
    missing = [n for n in layout.columns.values() if n not in names]
    if len(missing) == len(layout.columns):
        yield _no_header(names, layout)
        return
    for name in missing:
        yield Sentence(
            gettext_noop("The column “%(column)s” is missing."), {"column": name}
        )


def _no_header(names: Sequence[str], layout: Layout) -> Sentence:
    if len(names) == 1 and any(sign in names[0] for sign in ";,\t|"):
        return Sentence(
            gettext_noop("The columns of this file are not separated by “%(sign)s”."),
            {"sign": layout.separator},
        )
    return Sentence(
        gettext_noop("The first line names none of the columns; a layout may help.")
    )


def _plain(name: str) -> str:
    short = name[:60]
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in short)
