"""Finding a student at the desk: by name, account or card number."""

from accounts.people.models import Person
from accounts.people.naming import display_name, match_key
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


def name_on_id(person: Person) -> str:
    """Give the name that a photo ID shows, where it is not the one that is shown."""
    name = display_name(
        given_names=person.given_names, family_name=person.family_name, chosen_name=""
    )
    return "" if name == person.display_name else name


def name_meant(person: Person, typed: str) -> str:
    """Give the name on the ID, where that was typed and not the one that is shown."""
    shown = match_key(person.display_name).split()
    meant = [
        word
        for word in match_key(typed).split()
        if not any(one.startswith(word) for one in shown)
    ]
    return name_on_id(person) if meant else ""


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
