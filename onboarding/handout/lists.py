"""The people and cards behind the figures: masked, as for everybody but the owner."""

from dataclasses import dataclass
from datetime import datetime

from accounts.people.models import Person
from onboarding.cards.models import Holding, Move, Spot
from onboarding.cards.numbers import masked
from onboarding.cards.stock import current
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.handout.figures import DEPOSITS, Mark, marks


@dataclass(frozen=True, slots=True)
class Listed:
    """One student: group, card and deposit."""

    person: Person
    group: int
    where: Mark
    card: str = ""
    given: Move | None = None
    deposit: Mark | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A card that lies in a group's box."""

    card: str
    number: str
    group: int


def people(
    *, mark: Mark, at: datetime, group: TutorGroup | None = None
) -> tuple[Listed, ...]:
    """Give those of whom a mark holds, by group and name; five questions for all."""
    counted = {
        person: its
        for (person, place), its in marks(at=at).items()
        if mark in its and (group is None or place == group.pk)
    }
    places = (
        GroupPlace.objects.filter(person__in=list(counted))
        .select_related("person", "group")
        .order_by("group__number")
    )
    held = Holding.objects.filter(person__in=list(counted))
    cards = {one.person_id: one for one in held.select_related("card", "move__by")}
    found = [_listed(one, counted[one.person_id], cards) for one in places]
    return tuple(sorted(found, key=lambda one: (one.group, one.person.sort_key)))


def cards_left(*, group: TutorGroup | None = None) -> tuple[Left, ...]:
    """Give the cards that lie in the boxes, by group and number."""
    lying = current().filter(target=Spot.BOX).select_related("card", "group")
    if group is not None:
        lying = lying.filter(group=group)
    return tuple(
        Left(masked(one.card.number), one.card.number, one.group.number)
        for one in lying.order_by("group__number", "card__number")
        if one.group is not None
    )


def _listed(
    place: GroupPlace, its: frozenset[Mark], cards: dict[int, Holding]
) -> Listed:
    held = cards.get(place.person_id)
    return Listed(
        person=place.person,
        group=place.group.number,
        where=next(iter(its - set(DEPOSITS))),
        card=masked(held.card.number) if held else "",
        given=held.move if held else None,
        deposit=next(iter(its & set(DEPOSITS)), None),
    )
