"""What students say about the way to their card: an act, which a later one replaces."""

from datetime import datetime

from django.db import transaction

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.cards.models import RouteWish, Wish


def say(*, person: Person, wish: Wish, at: datetime) -> None:
    """Note a wish; saying the same again changes nothing."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if wish_of(person.pk) is wish:
            return
        RouteWish.objects.create(person=person, wish=wish, at=at)
        record(
            what="card_route_wished",
            at=at,
            whom=person.pk,
            who=person.pk,
            facts={"wish": wish.value},
        )


def wish_of(person: int) -> Wish:
    """Give what a person (id) said last."""
    mine = RouteWish.objects.filter(person=person).order_by("-at", "-pk")
    return Wish(mine.values_list("wish", flat=True).first() or Wish.NONE)
