"""Finding a student at the desk: by name, account or card number."""

from accounts.people.models import Person
from accounts.people.search import Hits, find_students
from onboarding.cards.models import Card, Holding
from onboarding.cards.numbers import NumberRefused, Rule, read


def find(typed: str) -> Hits:
    """Find whoever is meant; at most as many as one looks through."""
    try:
        number = read(typed, rule=Rule.in_force()).number
    except NumberRefused:
        return find_students(typed)
    held = Holding.objects.select_related("person").filter(card__number=number)
    return Hits(tuple(one.person for one in held))


def card_meant(typed: str) -> tuple[str, Card | None]:
    """Read what may be a card's number, and give the card if it is known.

    The number is empty where it is none.
    """
    try:
        number = read(typed, rule=Rule.in_force()).number
    except NumberRefused:
        return "", None
    return number, Card.objects.filter(number=number, moves__isnull=False).first()


def student(key: int) -> Person | None:
    """Give the student with this key."""
    return Person.objects.filter(pk=key, kind="student").first()
