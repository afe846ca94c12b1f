"""One person of a file: several rows that must not contradict one another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from django.utils.translation import gettext_noop

from onboarding.enrolment.cells import cells_of_row
from onboarding.enrolment.cohort_file import (
    Fault,
    Personal,
    Refusal,
    Row,
    Study,
)
from onboarding.enrolment.wording import Sentence

# Here an empty cell says something: that there is no such name.
NAMES = frozenset({"given_names", "family_name"})
OTHERWISE = gettext_noop("Line %(other)d says something else about the same person.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a file says of one person, from all the rows about that person."""

    lines: tuple[int, ...]
    personal: Personal
    studies: tuple[Study, ...]
    # Some rows of this person may be missing or refused: what the rows at hand do not
    # name is left alone.
    whole: bool


def merged(rows: Sequence[Row], *, whole: bool) -> Arrival:
    """Make one of the rows of one person, which agree with one another."""
    first, *others = rows
    personal = first.personal
    for row in others:
        personal = _filled(personal, row.personal)
    return Arrival(
        lines=tuple(row.line for row in rows),
        personal=personal,
        studies=tuple(dict.fromkeys(row.study for row in rows)),
        whole=whole,
    )


def contradictions(
    rows: Sequence[Row], *, name_of: Callable[[str], str]
) -> Iterator[Refusal]:
    """Refuse all rows of one person where two of them contradict each other."""
    found = _first_contradiction(rows)
    if found is None:
        return
    one, other, columns = found
    for row in rows:
        against = other if row is one else one
        reason = Sentence(OTHERWISE, {"other": against.line})
        faults = tuple(Fault(name_of(column), reason) for column in columns)
        cells = cells_of_row(row.personal, row.study)
        yield Refusal(row.line, faults, row.personal.person_key, cells)


def _first_contradiction(
    rows: Sequence[Row],
) -> tuple[Row, Row, tuple[str, ...]] | None:
    for one, other in combinations(rows, 2):
        columns = tuple(_differing(one, other))
        if columns:
            return one, other, columns
    return None


def _differing(one: Row, other: Row) -> Iterator[str]:
    for name in Personal.__dataclass_fields__:
        said, also = getattr(one.personal, name), getattr(other.personal, name)
        # A cell that is empty in one of two rows contradicts nothing.
        if said != also and (name in NAMES or (said and also)):
            yield name
    if title(one.study) == title(other.study):
        for name in Study.__dataclass_fields__:
            if getattr(one.study, name) != getattr(other.study, name):
                yield name


def title(study: Study) -> tuple[str, str]:
    """Give what names a programme."""
    return study.degree, study.programme


def _filled(personal: Personal, other: Personal) -> Personal:
    gaps = {
        name: getattr(other, name)
        for name in Personal.__dataclass_fields__
        if name not in NAMES and not getattr(personal, name)
    }
    return replace(personal, **gaps)
