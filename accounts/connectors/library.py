"""The library's own registration: what people told it, handed over in a folder.

A system with an interface of its own (Koha, FOLIO) takes this one's place as another
class of the name ``LIBRARY``: it reads ``Subject.registration`` and passes the contract
suite; nothing else changes.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from django.utils import timezone

from accounts.catalogue.systems import LIBRARY
from accounts.connectors.contract import (
    AS_FOUND,
    AsFound,
    Found,
    Outcome,
    Registration,
    Step,
    Subject,
)
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.handing_over import (
    UNREACHABLE,
    as_csv,
    look_into,
    unreachable,
)

# Before the columns of the form itself.
COLUMNS = ("kind", "person", "receipt", "submitted_at")


class Kind(StrEnum):
    """The first column: a new registration, or new content of one handed over."""

    NEW = "new"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The state: which content the library has got, by its digest."""

    content: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's row of a file."""

    person: str
    digest: str
    header: tuple[str, ...]
    cells: tuple[str, ...]


class FileDrop:
    """The connector: each person once, and once more after a correction."""

    name = LIBRARY
    batch = 500
    lease_seconds = 120

    def __init__(
        self, folder: DropFolder, *, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        """Hand over in ``folder``."""
        self._folder = folder
        self._clock = clock

    def wanted(self, subject: Subject, /) -> HandedOver | AsFound:
        """Give the registration's content; who has left needs none."""
        if subject.registration is None or not subject.standing.studies(subject.on):
            return AS_FOUND
        return HandedOver(_digest(subject.registration))

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Say what the folder's book has of people."""
        try:
            with self._folder.held():
                delivered = self._folder.delivered()
        except UNREACHABLE as failure:
            raise unreachable(failure) from None
        return {
            one.id: Found(
                state=HandedOver(entry.digest),
                evidence=(("handed_over", entry.at), ("file", entry.file)),
            )
            for one in subjects
            if (entry := delivered.get(one.person_key))
        }

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Hand over in one file what nobody has handed over meanwhile."""
        try:
            with self._folder.held():
                self._hand_over(steps)
        except UNREACHABLE as failure:
            return [unreachable(failure)] * len(steps)
        return [None] * len(steps)

    def ask(self) -> None:
        """Look whether the folder is there and ours."""
        look_into(self._folder)

    def _hand_over(self, steps: Sequence[Step]) -> None:
        delivered = self._folder.delivered()
        # A file has one header, so a form that has changed begins another file.
        by_header: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
        for subject in (step.subject for step in steps):
            had = delivered.get(subject.person_key)
            row = _row(subject, Kind.CORRECTION if had else Kind.NEW)
            if had is None or had.digest != row.digest:
                by_header[row.header].append(row)
        now = self._clock()
        day = f"{timezone.localtime(now):%Y-%m-%d-%H%M%S}"
        for header, rows in by_header.items():
            self._folder.deliver(
                name=f"registrations-{day}-{token_hex(4)}.csv",
                content=as_csv(header, [row.cells for row in rows]),
                rows={row.person: row.digest for row in rows},
                at=now.isoformat(),
            )


def _row(subject: Subject, kind: Kind) -> Row:
    told = subject.registration
    if told is None:
        raise TypeError(subject.id)
    names, values = zip(*told.fields, strict=True) if told.fields else ((), ())
    submitted = told.submitted_at.isoformat(timespec="seconds")
    return Row(
        person=subject.person_key,
        digest=_digest(told),
        header=(*COLUMNS, *names),
        cells=(kind, subject.person_key, told.receipt, submitted, *values),
    )


def _digest(registration: Registration) -> str:
    content = json.dumps(registration.fields, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
