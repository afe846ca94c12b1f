"""Tutor groups: who leads which group, and where and when it meets."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_noop

from accounts.directory.errors import DirectoryError
from accounts.directory.gateway import taken
from accounts.people.models import Person
from onboarding.enrolment.cohort_file import BOM, Fault, Refusal
from onboarding.enrolment.models import TutorGroup
from onboarding.enrolment.records import (
    Broken,
    Record,
    Records,
    Source,
    physical_lines,
)
from onboarding.enrolment.wording import FileRefused, Sentence

COLUMNS = ("group", "tutor_account", "deputy_account", "meeting_point", "meets_at")
LEADERS = ("tutor_account", "deputy_account")
LONGEST = {"tutor_account": 64, "deputy_account": 64, "meeting_point": 255}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What the file says of one group."""

    line: int
    number: int
    tutor_account: str
    deputy_account: str
    meeting_point: str
    meets_at: datetime | None


@dataclass(slots=True)
class GroupReport:
    """What became, or would become, of a tutor file."""

    groups: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    # Groups whose tutor or deputy nobody knows; the place stays empty.
    unknown: list[Refusal] = field(default_factory=list)
    # Whether anybody could see which accounts exist.
    accounts_seen: bool = True


def check_groups(source: Source) -> None:
    """Raise FileRefused where the header is not ours."""
    next(_read(source), None)


def plan_groups(source: Source) -> GroupReport:
    """Say what is wrong with a tutor file; changes nothing.

    Without a directory everything but the accounts is looked at. Raises FileRefused
    where the header is not ours.
    """
    report, rows = _look(source)
    try:
        _led(rows, report)
    except DirectoryError:
        report.accounts_seen = False
    return report


def apply_groups(source: Source) -> GroupReport:
    """Write the groups; whom neither directory nor portal knows leads none.

    Groups that are not in the file are left alone. Raises FileRefused where the header
    is not ours, and DirectoryError.
    """
    report, rows = _look(source)
    led = _led(rows, report)
    with transaction.atomic():
        for row in led:
            TutorGroup.objects.update_or_create(
                number=row.number,
                defaults={
                    "tutor_account": row.tutor_account,
                    "deputy_account": row.deputy_account,
                    "meeting_point": row.meeting_point,
                    "meets_at": row.meets_at,
                },
            )
    return report


def _look(source: Source) -> tuple[GroupReport, list[GroupRow]]:
    report = GroupReport()
    rows: dict[int, GroupRow] = {}
    for one in _read(source):
        if isinstance(one, Refusal):
            report.refusals.append(one)
        elif one.number in rows:
            report.refusals.append(_refusal(one.line, "group", TWICE))
        else:
            rows[one.number] = one
    report.groups = len(rows)
    return report, list(rows.values())


def _led(rows: Sequence[GroupRow], report: GroupReport) -> list[GroupRow]:
    """Empty the places of leaders whom nobody knows; raises DirectoryError."""
    names = {name for row in rows for name in _accounts(row) if name}
    known = taken(sorted(names)) | set(
        Person.objects.filter(account_name__in=names).values_list(
            "account_name", flat=True
        )
    )
    return [_known_only(row, known, report) for row in rows]


def _accounts(row: GroupRow) -> tuple[str, str]:
    return row.tutor_account, row.deputy_account


def _known_only(row: GroupRow, known: Set[str], report: GroupReport) -> GroupRow:
    for column, name in zip(LEADERS, _accounts(row), strict=True):
        if name and name not in known:
            reason = Sentence(UNKNOWN_ACCOUNT, {"account": name, "group": row.number})
            report.unknown.append(_refusal(row.line, column, reason))
    tutor, deputy = (name if name in known else "" for name in _accounts(row))
    return replace(row, tutor_account=tutor, deputy_account=deputy)


def _read(source: Source) -> Iterator[GroupRow | Refusal]:
    lines = physical_lines(source)
    first = next(lines, b"").removeprefix(BOM)
    records = iter(
        Records(chain([first], lines), encoding="utf-8", separator=";", first=1)
    )
    header = next(records, None)
    names = (
        [cell.strip() for cell in header.cells] if isinstance(header, Record) else []
    )
    if any(names.count(name) != 1 for name in COLUMNS):
        raise FileRefused(Sentence(HEADER, {"columns": ", ".join(COLUMNS)}))
    for record in records:
        if isinstance(record, Broken):
            yield _refusal(record.line, "", record.reason)
        elif len(record.cells) != len(names) and not record.blank:
            yield _refusal(record.line, "", SHAPE)
        elif not record.blank:
            yield _row(record.line, dict(zip(names, record.cells, strict=True)))


def _row(line: int, cells: Mapping[str, str]) -> GroupRow | Refusal:
    cells = {name: cells[name].strip() for name in COLUMNS}
    number, meets_at = cells["group"], _moment(cells["meets_at"])
    if not re.fullmatch(r"[1-9][0-9]{0,3}", number):
        return _refusal(line, "group", NUMBER)
    for name, most in LONGEST.items():
        if len(cells[name]) > most or not cells[name].isprintable():
            return _refusal(line, name, TEXT)
    if cells["meets_at"] and meets_at is None:
        return _refusal(line, "meets_at", MOMENT)
    return GroupRow(
        line=line,
        number=int(number),
        # As the directory compares them.
        tutor_account=cells["tutor_account"].lower(),
        deputy_account=cells["deputy_account"].lower(),
        meeting_point=cells["meeting_point"],
        meets_at=meets_at,
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=get_default_timezone())


def _refusal(line: int, column: str, reason: Sentence) -> Refusal:
    return Refusal(line, (Fault(column, reason),))


HEADER = gettext_noop(
    "The file of tutor groups needs each of these columns once: %(columns)s."
)
UNKNOWN_ACCOUNT = gettext_noop(
    "Nobody has the account %(account)s; group %(group)d stays without."
)
TWICE = Sentence(
    gettext_noop("This group is there more than once; its first row counts.")
)
SHAPE = Sentence(
    gettext_noop("This row does not have as many cells as there are columns.")
)
NUMBER = Sentence(gettext_noop("A group is a number from 1 to 9999."))
TEXT = Sentence(gettext_noop("This cell is too long or holds invisible characters."))
MOMENT = Sentence(gettext_noop("This is no time, written YYYY-MM-DDTHH:MM."))
