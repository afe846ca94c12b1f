"""Finding people by what somebody types: generous in spelling, never merging."""

from dataclasses import dataclass
from functools import lru_cache

from accounts.people.models import Kind, Person
from accounts.people.naming import match_key

MOST = 20
LEAST = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """Who was found, in the order of names; and whether there are more than that."""

    people: tuple[Person, ...] = ()
    more: bool = False


def find_students(typed: str, *, most: int = MOST) -> Hits:
    """Find students by account name, or by the beginnings of their names.

    Whoever has disclosure blocked is found by the whole account name alone. A single
    letter finds only those whose name it is.
    """
    students = Person.objects.filter(kind=Kind.STUDENT)
    exact = students.filter(account_name=typed.strip().lower()).first()
    if exact is not None:
        return Hits((exact,))
    words = match_key(typed).split()
    if not words:
        return Hits()
    fits = _has_all if len("".join(words)) < LEAST else _begins_with_all
    rows = students.filter(confidential=False).values_list(
        "pk", "given_names", "family_name", "chosen_name"
    )
    # Names repeat, so that most of their search forms are known already.
    found = [pk for pk, *names in rows.iterator() if fits(words, names)]
    people = sorted(students.in_bulk(found).values(), key=lambda one: one.sort_key)
    return Hits(tuple(people[:most]), more=len(people) > most)


def _has_all(words: list[str], names: list[str]) -> bool:
    theirs = _all_parts(names)
    return all(word in theirs for word in words)


def _begins_with_all(words: list[str], names: list[str]) -> bool:
    theirs = _all_parts(names)
    return all(any(part.startswith(word) for part in theirs) for word in words)


def _all_parts(names: list[str]) -> list[str]:
    return [part for name in names if name for part in _parts(name)]


@lru_cache(maxsize=50_000)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(match_key(name).split())
