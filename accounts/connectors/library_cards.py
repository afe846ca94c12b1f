"""Which card is whose, told to the library in its folder.

A system with an interface of its own (Koha, FOLIO) takes this one's place as another
class of the name ``LIBRARY_CARDS``: it reads ``Subject.card_number``.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from django.utils import timezone

from accounts.catalogue.systems import LIBRARY_CARDS
from accounts.connectors.contract import (
    Found,
    Outcome,
    Step,
    Subject,
    Verb,
)
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.handing_over import (
    UNREACHABLE,
    as_csv,
    look_into,
    unreachable,
)

COLUMNS = ("kind", "person", "card_number", "told_at")
# The same book tells of registrations, by the person's key alone.
_KEY = "card:{}"
# What the book has where a card was taken away again.
_NONE = ""


class Kind(StrEnum):
    """The first column: a person's card from now on, or no card any more."""

    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """The state: which card the library knows of, by the digest of its number."""

    card: str


class CardDrop:
    """The connector: each card once, and a row more when it is nobody's any longer."""

    name = LIBRARY_CARDS
    batch = 500
    lease_seconds = 120

    def __init__(
        self, folder: DropFolder, *, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        """Tell in ``folder``."""
        self._folder = folder
        self._clock = clock

    def wanted(self, subject: Subject, /) -> Told | None:
        """Give the card in hand; whoever has none is to be known with none."""
        return Told(_digest(subject.card_number)) if subject.card_number else None

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Say what the folder's book has of people."""
        try:
            with self._folder.held():
                delivered = self._folder.delivered()
        except UNREACHABLE as failure:
            raise unreachable(failure) from None
        return {
            one.id: Found(state=Told(entry.digest), evidence=(("told", entry.at),))
            for one in subjects
            if (entry := delivered.get(_KEY.format(one.person_key)))
            and entry.digest != _NONE
        }

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Tell in one file what nobody has told meanwhile."""
        try:
            with self._folder.held():
                self._tell(steps)
        except UNREACHABLE as failure:
            return [unreachable(failure)] * len(steps)
        return [None] * len(steps)

    def ask(self) -> None:
        """Look whether the folder is there and ours."""
        look_into(self._folder)

    def _tell(self, steps: Sequence[Step]) -> None:
        delivered, now = self._folder.delivered(), self._clock()
        at = now.isoformat(timespec="seconds")
        news: dict[str, str] = {}
        rows = []
        for step in steps:
            who = step.subject
            number = "" if step.verb is Verb.REMOVE else who.card_number
            key, digest = _KEY.format(who.person_key), _digest(number)
            had = delivered.get(key)
            if digest == (had.digest if had else _NONE):
                continue
            kind = Kind.ISSUED if number else Kind.WITHDRAWN
            rows.append((kind, who.person_key, number, at))
            news[key] = digest
        if rows:
            day = f"{timezone.localtime(now):%Y-%m-%d-%H%M%S}"
            name = f"cards-{day}-{token_hex(4)}.csv"
            content = as_csv(COLUMNS, rows)
            self._folder.deliver(name=name, content=content, rows=news, at=at)


def _digest(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest() if number else _NONE
