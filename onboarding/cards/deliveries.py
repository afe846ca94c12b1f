"""Deliveries of cards: what a list would bring, before it is taken in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.people.models import Kind, Person
from onboarding.cards.models import Card
from onboarding.cards.number_lists import Fault, Listed, read_list, without


@dataclass(frozen=True, slots=True)
class Expected:
    """What a delivery brings."""

    listed: Listed
    # Numbers that are known already; they stay where they are.
    known: frozenset[str]
    # Who alone gets which card.
    meant_for: dict[str, Person]

    @property
    def new(self) -> int:
        """Give how many cards come in."""
        return len(self.listed.rows) - len(self.known)

    @property
    def numbers(self) -> list[str]:
        """Give the numbers as they were delivered."""
        return [row.number for row in self.listed.rows]


def look_through(text: str) -> Expected:
    """Look a list through; the questions to the tables do not grow."""
    listed = read_list(text)
    names = {row.second.lower() for row in listed.rows if row.second}
    people = {
        one.account_name: one
        for one in Person.objects.filter(kind=Kind.STUDENT, account_name__in=names)
    }
    listed = without(
        listed,
        [
            Fault(row.line, row.number, _("Nobody has this user name."))
            for row in listed.rows
            if row.second and row.second.lower() not in people
        ],
    )
    numbers = [row.number for row in listed.rows]
    known = Card.objects.filter(number__in=numbers).values_list("number", flat=True)
    return Expected(
        listed=listed,
        known=frozenset(known),
        meant_for={
            row.number: people[row.second.lower()] for row in listed.rows if row.second
        },
    )
