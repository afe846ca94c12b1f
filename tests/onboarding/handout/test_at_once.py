"""The coordinator puts right what somebody else is changing at the same instant."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.handout import swap
from onboarding.cards.models import Holding, Place, Spot
from onboarding.cards.stock import current
from onboarding.handout import conflicts
from onboarding.handout.models import How
from tests.onboarding.cards.test_at_once import at_once
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

PAIRS = 5


@pytest.fixture
def hall(seats: None) -> Hall:
    return make_hall(students=2 * PAIRS, cards=2 * PAIRS)


def test_a_card_that_two_got_and_a_swap_of_the_two(
    hall: Hall, phone: PhoneInHand, coordinator: Person
) -> None:
    """Of each pair one has a card, a phone says that the other has it, both swap."""
    for place in range(PAIRS):
        one, other = hall.students[2 * place : 2 * place + 2]
        phone.hands_out(hall, 2 * place, 2 * place)
        phone.hands_out(hall, 2 * place + 1, 2 * place + 1)
        phone.hands_out(hall, 2 * place + 1, 2 * place)
        waiting = conflicts.waiting().latest("noted_at")
        exchange = Act(uuid4(), one, coordinator, timezone.now(), Place.BOARD)

        at_once(
            lambda: conflicts.correct(
                act=waiting,  # noqa: B023
                how=How.REPLACED,
                by=coordinator,
                at=timezone.now(),
            ),
            lambda: swap(act=exchange, other=other),  # noqa: B023
        )

        held = dict(Holding.objects.values_list("person_id", "card__number"))
        placed = current().filter(target=Spot.PERSON)
        assert held == dict(placed.values_list("person_id", "card__number"))
        # Whoever was first: no card is with two, and nobody has two.
        assert len(set(held.values())) == len(held)
