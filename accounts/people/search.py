"""Finding people by what somebody types: generous in spelling, never merging."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import zip_longest

from django.db.models import Q, QuerySet

from accounts.people.models import Kind, NameWord, NearWord, Person, PersonWord
from accounts.people.naming import match_key
from accounts.people.register import near

MOST = 20
LEAST = 2
# A word that more people have is not read whole.
FEW = 400
_FAMILY_AND_GIVEN = 2
# Nobody has more names than that in mind.
_MOST_WORDS = 6
_MARKED = frozenset("AOU")
_MOST_SPELLINGS = 8
# Who was found, and where each stands in a list of names.
Places = dict[int, str]


class Fit(IntEnum):
    """How well somebody fits what was typed."""

    EXACT = 0
    BEGINS = 1
    ONE_LETTER_WRONG = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """Who was found, in the order of names; and whether there are more than that."""

    people: tuple[Person, ...] = ()
    more: bool = False
    fit: Fit = Fit.EXACT


def find_students(typed: str, *, most: int = MOST) -> Hits:
    """Find students by account name, or by their names in any spelling and order.

    Whole words come before beginnings, and a slip of one letter counts only where
    nothing else fits. Whoever has disclosure blocked is found by the whole account name
    alone. A single letter finds only those whose name it is.
    """
    students = Person.objects.filter(kind=Kind.STUDENT)
    exact = students.filter(account_name=typed.strip().lower()).first()
    if exact is not None:
        return Hits((exact,))
    words = match_key(typed).split()[:_MOST_WORDS]
    if not words:
        return Hits()
    single = len("".join(words)) < LEAST
    for fit in (Fit.EXACT,) if single else Fit:
        places = _found(frozenset(words), fit, most)
        if places:
            return _in_order(places, most, fit)
    return Hits()


def _in_order(places: Places, most: int, fit: Fit) -> Hits:
    first = sorted(places, key=lambda person: (places[person], person))[:most]
    rows = Person.objects.filter(confidential=False).in_bulk(first)
    people = sorted(rows.values(), key=lambda one: one.sort_key)
    return Hits(tuple(people), more=len(places) > most, fit=fit)


def _found(words: frozenset[str], fit: Fit, most: int) -> Places:
    """Give who fits all words; more than ``most`` of them need not be everybody."""
    some: list[Places] = []
    common: list[str] = []
    for word in words:
        who = dict(_rows(word, fit)[: FEW + 1])
        if not who:
            return {}
        if len(who) > FEW:
            common.append(word)
        else:
            some.append(who)
    if not some:
        return _of_common_words(common, fit, most)
    found = min(some, key=len)
    for others in some:
        found = {person: found[person] for person in found if person in others}
    for word in common:
        also = _rows(word, fit).filter(person__in=found)
        found = {person: found[person] for person, _ in also}
    return found


def _of_common_words(words: list[str], fit: Fit, most: int) -> Places:
    """Let the database cut the long lists; of a long rest only some are read."""
    some = 2 * most + 2
    first, *others = (_rows(word, fit) for word in words)
    if fit is not Fit.BEGINS:
        cut = first.intersection(*others) if others else first
        return dict(cut.order_by("place")[:some])
    found = _of_family_and_given(words, some)
    if len(found) > most or not others:
        return found or dict(first[:some])
    return dict(first.intersection(*others)[:some])


def _of_family_and_given(words: list[str], some: int) -> Places:
    """Give people of whom one word begins the family name, and one another name.

    The family name comes first in a list of names, so that the place tells. Others may
    fit, too; but among thousands that begin so, these are mostly enough to fill a page.
    """
    found: Places = {}
    if len(words) == _FAMILY_AND_GIVEN:
        for family, given in (words, reversed(words)):
            rows = _rows(given, Fit.BEGINS)
            found |= dict(rows.filter(place__range=_beginning(family))[:some])
    return found


def _rows(word: str, fit: Fit) -> QuerySet[PersonWord, tuple[int, str]]:
    rows = PersonWord.objects.filter(_fits(word, fit))
    return rows.values_list("person_id", "place")


def _fits(word: str, fit: Fit) -> Q:
    if fit is Fit.EXACT:
        alike = spellings(word)
        if len(alike) == 1:
            return Q(word__word=word)
        known = NameWord.objects.filter(word__in=alike).values_list("pk", flat=True)
        return Q(word__in=list(known))
    if fit is Fit.BEGINS:
        return Q(word__word__range=_beginning(word))
    return Q(word__in=_one_letter_wrong(word))


def spellings(word: str) -> list[str]:
    """Give a word, and what it is with marks that nobody typed: MULLER is MUELLER, too.

    The search form of DIN 91379 spells ä, ö and ü with an e.
    """
    alike = [""]
    for letter, after in zip_longest(word, word[1:], fillvalue=""):
        marked = letter in _MARKED and after != "E" and len(alike) < _MOST_SPELLINGS
        also = [f"{one}{letter}E" for one in alike] if marked else []
        alike = [f"{one}{letter}" for one in alike] + also
    return alike


def _beginning(word: str) -> tuple[str, str]:
    """Give the range of what begins so: every database agrees on it from A to Z."""
    return word, word + "Z" * 8


def _one_letter_wrong(word: str) -> list[int]:
    """Give the words (ids) that are one letter more, less or other, or a swap, away."""
    less = near(word)
    around = NearWord.objects.filter(near__in={word, *less}).values_list(
        "word", "word__word"
    )
    shorter = NameWord.objects.filter(word__in={word, *less}).values_list("pk", "word")
    candidates = {*around, *shorter}
    return [pk for pk, other in candidates if _one_apart(word, other)]


def _one_apart(one: str, other: str) -> bool:
    """Say whether a single slip makes one of the other (or nothing does)."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    swapped = a[1:2] + a[:1] + a[2:] == b
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
