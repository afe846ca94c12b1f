"""Acts about the same cards at the same instant: nobody waits in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.people.models import Person
from onboarding.cards import returns
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out, swap
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Holding, Spot, Why
from onboarding.cards.refusals import Refused
from onboarding.cards.stock import current
from tests.cast import a_student, enrolled
from tests.onboarding.cards.conftest import Acting, a_number

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

ROUNDS = 8
PRICE = 1000
Deed = Callable[[], object]


@pytest.fixture
def two(act: Acting) -> tuple[Person, Person]:
    ada, bela = (a_student(given_names=name) for name in ("Ada", "Bela"))
    for serial, one in enumerate((ada, bela)):
        enrolled(one)
        hand_out(act=act(one), number=a_number(serial), how=Settlement.OPEN)
    return ada, bela


def at_once(*deeds: Deed) -> list[object]:
    """Do all of them at the same instant; give what came of each, refusals too."""
    ready = Barrier(len(deeds), timeout=30)

    def one(deed: Deed) -> object:
        ready.wait()
        try:
            return deed()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(one, deeds))


def test_two_swaps_from_either_side(act: Acting, two: tuple[Person, Person]) -> None:
    ada, bela = two
    for _ in range(ROUNDS):
        came = at_once(
            lambda: swap(act=act(ada), other=bela),
            lambda: swap(act=act(bela), other=ada),
        )
        assert came == [None, None]

    assert _held() == {ada.pk: a_number(0), bela.pk: a_number(1)}


def test_a_swap_a_return_and_a_hand_out(
    act: Acting, two: tuple[Person, Person]
) -> None:
    ada, bela = two
    cem = a_student(given_names="Cem")
    enrolled(cem)
    for _ in range(ROUNDS):
        number = _held()[bela.pk]
        at_once(
            lambda: swap(act=act(ada), other=bela),
            lambda: returns.report(act=act(ada), to=Spot.DEFECTIVE, reason=Why.DAMAGED),
            lambda: hand_out(act=act(cem), number=number, how=Settlement.OPEN),  # noqa: B023
        )
        _one_place_each()
        assert cem.pk not in _held()
        free = {a_number(0), a_number(1)} - set(_held().values())
        for card in free:
            _into_stock(act, ada, card)
            hand_out(act=act(ada), number=card, how=Settlement.OPEN)


def test_a_replacement_and_a_hand_out_of_the_same_card_to_the_same_person(
    act: Acting, two: tuple[Person, Person]
) -> None:
    ada, _ = two
    for serial in range(2, 2 + ROUNDS):
        new = a_number(serial)
        at_once(
            lambda: returns.replace(
                act=act(ada),
                number=new,  # noqa: B023
                to=Spot.DEFECTIVE,
                reason=Why.DAMAGED,
            ),
            lambda: hand_out(act=act(ada), number=new, how=Settlement.OPEN),  # noqa: B023
        )
        _one_place_each()
        assert _held()[ada.pk] == new
        assert balance(Account.DEPOSITS, person=ada.pk) == -PRICE


def _into_stock(act: Acting, person: Person, number: str) -> None:
    card = current().select_related("card").get(card__number=number).card
    returns.set_aside(act=act(person), card=card, to=Spot.STOCK, reason=Why.FOUND)


def _held() -> dict[int, str]:
    return dict(Holding.objects.values_list("person_id", "card__number"))


def _one_place_each() -> None:
    with_people = current().filter(target=Spot.PERSON)
    assert _held() == dict(with_people.values_list("person_id", "card__number"))
