"""Lists of card numbers that somebody scanned, pasted or uploaded, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.cards.numbers import NumberRefused, Rule, read

# Nobody has more cards than that in one go.
MOST_LINES = 5000
_TYPED_SHOWN = 40
_HEADS = ("number", "nummer", "card", "karte")


@dataclass(frozen=True, slots=True)
class Row:
    """One line with a number that may be one."""

    line: int
    number: str
    # What stands behind the semicolon: whose it is, or which group gets it.
    second: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One line that cannot be used, and why."""

    line: int
    typed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds; a number that stands in it twice is a row once."""

    rows: tuple[Row, ...] = ()
    doubled: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def doubtful(self) -> tuple[Row, ...]:
        """Give the rows whose check digit does not fit."""
        return tuple(row for row in self.rows if row.doubtful)

    def text(self) -> str:
        """Write the rows again, as a list that reads the same."""
        return "\n".join(f"{row.number};{row.second}" for row in self.rows)


def read_list(text: str) -> Listed:
    """Read a number per line, with one more cell behind a semicolon or none."""
    rule = Rule.in_force()
    rows: dict[str, Row] = {}
    doubled, faults = [], []
    for line, cells in _lines(text):
        typed = cells[0][:_TYPED_SHOWN]
        try:
            card = read(cells[0], rule=rule)
        except NumberRefused as refused:
            faults.append(Fault(line, typed, str(refused)))
            continue
        if card.number in rows:
            first = {"line": rows[card.number].line}
            reason = _("The same number as in line %(line)s.") % first
            doubled.append(Fault(line, typed, reason))
            continue
        rows[card.number] = Row(line, card.number, cells[1], card.doubtful)
    return Listed(tuple(rows.values()), tuple(doubled), tuple(faults))


def without(listed: Listed, faults: Sequence[Fault]) -> Listed:
    """Give a list of which some lines turned out not to be of use."""
    bad = {one.line for one in faults}
    rows = tuple(row for row in listed.rows if row.line not in bad)
    everything = sorted((*listed.faults, *faults), key=lambda one: one.line)
    return Listed(rows, listed.doubled, tuple(everything))


def _lines(text: str) -> list[tuple[int, tuple[str, str]]]:
    found = []
    for line, whole in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        first, _semicolon, second = whole.partition(";")
        cells = first.strip(' "\t\0'), second.strip(' "\t\0;')
        heading = line == 1 and cells[0].lower().startswith(_HEADS)
        if any(cells) and not heading:
            found.append((line, cells))
    return found
