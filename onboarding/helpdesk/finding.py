"""Finding one person by whatever somebody has in hand: a name, a number, an address.

A key that fits names one person and is taken before any name. Whoever has disclosure
blocked is found by a whole key alone, and by the lead alone; to everybody else the
answer is the same as for somebody who does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from accounts.mailbox.models import MailAddress
from accounts.people.models import Kind, Person
from accounts.people.search import MOST, Fit, find_students
from accounts.signin.credentials import canonical_account
from accounts.signin.models import RecoveryAddress
from onboarding.cards.models import Move
from onboarding.cards.numbers import NumberRefused, Rule, read
from onboarding.enrolment.models import Enrolment, GroupPlace

LONGEST = 120
# Enough of a number to tell two people apart, and no more.
_TAIL = 3


class Key(Enum):
    """What somebody was found by."""

    ACCOUNT = "account"
    MATRICULATION = "matriculation"
    CARD = "card"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """Who was found, by what, and whether there are more."""

    people: tuple[Person, ...] = ()
    by: Key = Key.NAME
    more: bool = False
    # Nothing fits as it was typed; these are one letter away.
    nearly: bool = False
    # An account of the staff: none of this desk's business.
    of_staff: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of what was found, with what tells namesakes apart."""

    person: Person
    programmes: tuple[str, ...]
    group: int | None

    @property
    def matriculation_tail(self) -> str:
        """Give the end of the matriculation number."""
        number = self.person.matriculation_no
        return f"…{number[-_TAIL:]}" if number else ""


def find(typed: str, *, lead: bool) -> Finding:
    """Find whoever is meant, at most 20 people, in the order of their names."""
    text = typed.strip()[:LONGEST]
    for key, people in _by_key(text):
        if people:
            seen = tuple(one for one in people if lead or not one.confidential)
            return Finding(seen, key)
    hits = find_students(text)
    named = tuple(one for one in hits.people if not one.confidential)
    return Finding(
        people=named,
        more=hits.more,
        nearly=bool(named) and hits.fit is Fit.ONE_LETTER_WRONG,
        of_staff=not named and _is_staff(text),
    )


def lines(people: tuple[Person, ...]) -> list[Hit]:
    """Give what tells these people apart; two questions, however many they are."""
    ids = [one.pk for one in people]
    programmes: dict[int, list[str]] = {}
    for row in Enrolment.objects.filter(person__in=ids).order_by("pk"):
        programmes.setdefault(row.person_id, []).append(str(row))
    places = GroupPlace.objects.filter(person__in=ids)
    groups = dict(places.values_list("person_id", "group__number"))
    return [
        Hit(one, tuple(programmes.get(one.pk, ())), groups.get(one.pk))
        for one in people
    ]


def student(key: int) -> Person | None:
    """Give the student with this number."""
    return Person.objects.filter(pk=key, kind=Kind.STUDENT).first()


def _by_key(text: str) -> Iterator[tuple[Key, list[Person]]]:
    students = Person.objects.filter(kind=Kind.STUDENT)
    account = canonical_account(text)
    if account is not None:
        yield Key.ACCOUNT, list(students.filter(account_name=account))
    digits = text.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        yield Key.MATRICULATION, list(students.filter(matriculation_no=digits)[:MOST])
        # Said without the letters that every account name begins with.
        yield Key.ACCOUNT, list(students.filter(account_name=f"lg{digits}"))
    yield Key.CARD, _by_card(text)
    if "@" in text:
        yield Key.ADDRESS, _by_address(text.lower())


def _by_card(text: str) -> list[Person]:
    """Give who has the card, or who had it last: a lost one is found, too."""
    try:
        number = read(text, rule=Rule.in_force()).number
    except NumberRefused:
        return []
    moves = Move.objects.select_related("person").filter(card__number=number)
    last = moves.filter(person__isnull=False).order_by("-number").first()
    return [last.person] if last and last.person else []


def _by_address(address: str) -> list[Person]:
    mine = MailAddress.objects.select_related("person").filter(
        address=address, refused_at=None, person__isnull=False
    )
    proved = RecoveryAddress.objects.select_related("person").filter(
        address__iexact=address
    )
    owners = [*(row.person for row in mine), *(row.person for row in proved)]
    found = {one.pk: one for one in owners if one}
    return sorted(found.values(), key=lambda one: one.sort_key)[:MOST]


def _is_staff(text: str) -> bool:
    account = canonical_account(text)
    staff = Person.objects.filter(kind=Kind.STAFF)
    return account is not None and staff.filter(account_name=account).exists()
