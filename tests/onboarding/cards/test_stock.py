"""Deliveries, boxes, and cards that go aside: where every card is, and who counted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.cards import cash, returns, stock
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.models import (
    BoxCount,
    Card,
    CashDecision,
    Delivery,
    Direction,
    LedgerEntry,
    Move,
    Receipt,
    Shift,
    ShiftCount,
    ShiftHandOver,
    Side,
    Spot,
    Why,
)
from onboarding.cards.refusals import (
    CannotMove,
    CardMoved,
    MeantForAnother,
    NotGivenOut,
    NotInBox,
)
from onboarding.enrolment.models import TutorGroup
from tests.cast import NOW, a_colleague, a_first_year
from tests.onboarding.cards.conftest import Acting, a_number
from tests.onboarding.cards.test_handout import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]
NUMBERS = [a_number(serial) for serial in range(4)]
OPEN, PAID = Settlement.OPEN, Settlement.PAID


@pytest.fixture
def delivered(mirjam: Person) -> tuple[Card, ...]:
    stock.deliver(act=uuid4(), numbers=NUMBERS, counted=4, by=mirjam, at=NOW)
    return tuple(Card.objects.order_by("number"))


@pytest.fixture
def group() -> TutorGroup:
    return TutorGroup.objects.create(number=41)


def spots() -> dict[str, str]:
    moves = stock.current().select_related("card")
    return {one.card.number: one.target for one in moves}


def test_a_delivery_is_counted_and_taken_in_once(mirjam: Person) -> None:
    act = uuid4()
    for _ in range(2):
        stock.deliver(
            act=act, numbers=[*NUMBERS, NUMBERS[0]], counted=5, by=mirjam, at=NOW
        )

    delivery = Delivery.objects.get()
    assert (delivery.counted, delivery.numbers) == (5, 4)
    assert spots() == dict.fromkeys(NUMBERS, "stock")
    facts = Event.objects.get(what="cards_delivered").facts
    assert facts == {"cards": 4, "counted": 5}


def test_a_number_that_is_known_stays_where_it_is(
    delivered: tuple[Card, ...], act: Acting, cem: Person, mirjam: Person
) -> None:
    hand_out(act=act(cem), number=NUMBERS[0], how=OPEN)

    stock.deliver(act=uuid4(), numbers=NUMBERS, counted=4, by=mirjam, at=NOW)

    assert Delivery.objects.latest("pk").numbers == 0
    assert spots()[NUMBERS[0]] == "person"


def test_a_box_is_signed_for_by_both(
    delivered: tuple[Card, ...], group: TutorGroup, mirjam: Person
) -> None:
    stock.allot(act=uuid4(), group=group, cards=delivered[:3], by=mirjam, at=NOW)
    tutor = a_first_year()
    stock.sign(
        act=uuid4(),
        group=group,
        way=Direction.OUT,
        side=Side.TAKEN,
        counted=2,
        by=tutor,
        at=NOW,
    )

    assert stock.box_of(group) == delivered[:3]
    signed = BoxCount.objects.order_by("pk").values_list("side", "counted", "expected")
    assert list(signed) == [("given", 3, 3), ("taken", 2, 3)]


def test_what_comes_back_is_counted_and_what_does_not_stays_in_the_box(
    delivered: tuple[Card, ...], group: TutorGroup, mirjam: Person
) -> None:
    stock.allot(act=uuid4(), group=group, cards=delivered, by=mirjam, at=NOW)

    stock.bring_back(act=uuid4(), group=group, cards=delivered[1:], by=mirjam, at=NOW)

    assert stock.box_of(group) == delivered[:1]
    count = BoxCount.objects.latest("pk")
    assert (count.way, count.counted, count.expected) == ("back", 3, 4)


def test_a_tutor_gives_out_of_the_own_box_alone(
    delivered: tuple[Card, ...],
    group: TutorGroup,
    act: Acting,
    cem: Person,
    mirjam: Person,
) -> None:
    stock.allot(act=uuid4(), group=group, cards=delivered[:1], by=mirjam, at=NOW)
    other = TutorGroup.objects.create(number=42)

    for number, box in ((NUMBERS[0], other), (NUMBERS[1], group), ("3119", group)):
        with pytest.raises(NotInBox):
            hand_out(act=act(cem), number=number, how=OPEN, box=box)
    hand_out(act=act(cem), number=NUMBERS[0], how=OPEN, box=group)

    assert spots()[NUMBERS[0]] == "person"


@pytest.mark.parametrize("spot", [Spot.DEFECTIVE, Spot.LOST, Spot.BLOCKED])
def test_a_card_set_aside_is_given_to_nobody(
    delivered: tuple[Card, ...], act: Acting, cem: Person, spot: Spot
) -> None:
    card = delivered[0]
    returns.set_aside(act=act(cem), card=card, to=spot, reason=Why.DAMAGED)

    with pytest.raises(NotGivenOut, match="recorded as"):
        hand_out(act=act(cem), number=card.number, how=OPEN)


def test_a_card_in_hand_goes_through_its_holder_alone(
    delivered: tuple[Card, ...],
    group: TutorGroup,
    act: Acting,
    cem: Person,
    mirjam: Person,
) -> None:
    hand_out(act=act(cem), number=NUMBERS[0], how=OPEN)

    with pytest.raises(CannotMove):
        stock.allot(act=uuid4(), group=group, cards=delivered[:1], by=mirjam, at=NOW)
    with pytest.raises(CannotMove):
        returns.set_aside(
            act=act(cem), card=delivered[0], to=Spot.LOST, reason=Why.LOST
        )


def test_a_card_made_for_somebody_goes_to_nobody_else(
    act: Acting, cem: Person, mirjam: Person
) -> None:
    stock.deliver(
        act=uuid4(),
        numbers=NUMBERS[:1],
        counted=1,
        by=mirjam,
        at=NOW,
        meant_for={NUMBERS[0]: cem},
    )

    with pytest.raises(MeantForAnother):
        hand_out(act=act(a_first_year()), number=NUMBERS[0], how=OPEN)
    hand_out(act=act(cem), number=NUMBERS[0], how=OPEN)


def test_two_moves_of_a_card_at_once_are_one_move(
    delivered: tuple[Card, ...], mirjam: Person
) -> None:
    card = delivered[0]
    same = {"card": card, "number": 2, "source": "stock", "by": mirjam, "at": NOW}
    Move.objects.create(act=uuid4(), target="lost", noted_at=NOW, place="desk", **same)

    with pytest.raises(CardMoved):
        stock._append(
            Move(act=uuid4(), target="blocked", noted_at=NOW, place="desk", **same)
        )


def test_the_database_itself_refuses_to_change_or_remove_acts(
    delivered: tuple[Card, ...],
    group: TutorGroup,
    act: Acting,
    cem: Person,
    mirjam: Person,
) -> None:
    stock.allot(act=uuid4(), group=group, cards=delivered[:1], by=mirjam, at=NOW)
    hand_out(act=act(cem), number=NUMBERS[1], how=PAID)
    till = Shift.objects.get().key
    cash.count(key=till, act=uuid4(), counted_cents=1000, by=mirjam, at=NOW)
    cash.take_over(key=till, act=uuid4(), by=a_colleague(), at=NOW)
    cash.decide(begins_at=NOW, ends_at=NOW + timedelta(1), by=mirjam, at=NOW)
    kept: list[type[Model]] = [
        *(Move, Delivery, BoxCount, LedgerEntry, Receipt),
        *(Shift, ShiftCount, ShiftHandOver, CashDecision),
    ]

    for model in kept:
        table = model._meta.db_table
        assert model._default_manager.exists()
        for attempt in (f"UPDATE {table} SET by_id = by_id", f"DELETE FROM {table}"):
            with (
                pytest.raises(DatabaseError, match="never changed or removed"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(attempt)


def test_two_desks_take_the_same_delivery_in_once(mirjam: Person) -> None:
    def take_in() -> str:
        try:
            stock.deliver(act=uuid4(), numbers=NUMBERS, counted=4, by=mirjam, at=NOW)
        except CardMoved as refused:
            return refused.code
        return ""

    said = at_once([take_in, take_in, take_in])

    assert "" in said
    assert set(said) <= {"", "card_moved"}
    assert spots() == dict.fromkeys(NUMBERS, "stock")
    assert sum(one.numbers for one in Delivery.objects.all()) == len(NUMBERS)
