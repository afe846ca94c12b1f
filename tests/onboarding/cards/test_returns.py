"""Cards that come back, and the money that goes back with them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.cards import cash, returns, stock
from onboarding.cards.deposits import Settlement, keep_surplus
from onboarding.cards.handout import hand_out, undo
from onboarding.cards.ledger import balance
from onboarding.cards.models import (
    Account,
    Card,
    Correction,
    LedgerEntry,
    Move,
    Reason,
    Shift,
    Spot,
    Why,
)
from onboarding.cards.refusals import CardStillOut, NothingToRefund
from onboarding.cards.unwinding import foreseen
from tests.cast import NOW
from tests.onboarding.cards.conftest import Acting, a_number
from tests.onboarding.cards.test_handout import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

NUMBER = a_number()
PAID = Settlement.PAID


def test_card_and_money_go_back_in_one_act(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=PAID)
    back = act(cem)

    cents = [
        returns.take_in_and_pay_back(act=back, fees_open=fees)
        for fees in (False, False, True)
    ]

    assert cents == [1000, 1000, 1000]
    assert balance(Account.CASH) == 0
    assert stock.current().get().target == Spot.RETURNED


def test_open_fees_hold_the_money_and_not_the_card(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=PAID)
    back = act(cem)

    held = returns.take_in_and_pay_back(act=back, fees_open=True)
    # The fees were paid meanwhile: the same act still does nothing more.
    again = returns.take_in_and_pay_back(act=back, fees_open=False)

    assert (held, again) == (0, 0)
    assert stock.current().get().target == Spot.RETURNED
    assert returns.refund(act=act(cem), fees_open=False) == 1000


def test_a_blocked_card_has_to_come_back_before_its_deposit_goes(
    act: Acting, cem: Person
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=PAID)
    returns.report(act=act(cem), to=Spot.BLOCKED, reason=Why.OTHER)

    with pytest.raises(CardStillOut):
        returns.refund(act=act(cem), fees_open=False)
    returns.set_aside(
        act=act(cem), card=Card.objects.get(), to=Spot.RETURNED, reason=Why.FOUND
    )

    assert returns.refund(act=act(cem), fees_open=False) == 1000


def test_a_mistake_at_the_desk_is_foreseen_and_named(act: Acting, cem: Person) -> None:
    given = act(cem)
    hand_out(act=given, number=NUMBER, how=PAID)
    back = act(cem, at=NOW + timedelta(hours=3))

    assert foreseen(act=back, of=given.id) == (1000, 0)
    undo(act=back, of=given.id, reason=Why.OTHER)

    assert Move.objects.latest("pk").reason == Why.OTHER
    counters = LedgerEntry.objects.exclude(reverses=None)
    assert {one.reason for one in counters} == {Correction.MISTAKE}


def test_cash_that_was_counted_already_is_foreseen_as_surplus(
    act: Acting, cem: Person, mirjam: Person
) -> None:
    given = act(cem)
    hand_out(act=given, number=NUMBER, how=PAID)
    till = Shift.objects.get()
    cash.count(key=till.key, act=uuid4(), counted_cents=1000, by=mirjam, at=NOW)

    assert foreseen(act=act(cem), of=given.id) == (0, 1000)
    undo(act=act(cem), of=given.id)

    assert returns.surplus(cem.pk) == 1000


def test_a_card_set_aside_is_noted_once(
    act: Acting, cem: Person, mirjam: Person
) -> None:
    stock.deliver(act=uuid4(), numbers=[NUMBER], counted=1, by=mirjam, at=NOW)
    aside = act(cem)
    for _ in range(2):
        returns.set_aside(
            act=aside, card=Card.objects.get(), to=Spot.LOST, reason=Why.MISSING
        )

    event = Event.objects.get(what="card_set_aside")
    assert (event.who_id, event.facts) == (mirjam.pk, {"to": "lost"})


def test_saying_again_what_holds_decides_nothing(mirjam: Person) -> None:
    hours = NOW, NOW + timedelta(hours=2)
    one, two = (
        cash.decide(begins_at=hours[0], ends_at=hours[1], by=mirjam, at=NOW)
        for _ in range(2)
    )

    assert one == two


def test_counts_name_every_spot(act: Acting, cem: Person, mirjam: Person) -> None:
    numbers = [a_number(serial) for serial in range(3)]
    stock.deliver(act=uuid4(), numbers=numbers, counted=3, by=mirjam, at=NOW)
    hand_out(act=act(cem), number=numbers[0], how=PAID)

    there = {spot: cards for spot, cards in stock.counts().items() if cards}

    assert there == {Spot.STOCK: 2, Spot.PERSON: 1}


def test_two_desks_pay_a_surplus_back_once(act: Acting, cem: Person) -> None:
    keep_surplus(act=act(cem), cents=1000)

    def pay_back() -> str:
        try:
            return str(returns.refund(act=act(cem), fees_open=False))
        except NothingToRefund as refused:
            return refused.code

    said = at_once([pay_back, pay_back, pay_back])

    assert sorted(said) == ["1000", "nothing_to_refund", "nothing_to_refund"]
    assert (returns.surplus(cem.pk), balance(Account.CASH)) == (0, 0)


@pytest.mark.parametrize("deed", ["return", "undo"])
def test_the_same_act_at_once_is_done_once_and_said_so(
    act: Acting, cem: Person, deed: str
) -> None:
    given, back = act(cem), act(cem)
    hand_out(act=given, number=NUMBER, how=PAID)

    def once() -> str:
        if deed == "return":
            return str(returns.take_in_and_pay_back(act=back, fees_open=False))
        return undo(act=back, of=given.id).target

    said = at_once([once, once, once])

    assert len(set(said)) == 1
    assert balance(Account.CASH) == 0
    assert Move.objects.filter(act=back.id).count() == 1


def test_waiving_what_a_lost_card_left_behind_touches_no_other_deposit(
    act: Acting, cem: Person
) -> None:
    """Lost unpaid, replaced and all waived, lost again: what is held stays right."""
    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)
    for serial, how in enumerate((Settlement.WAIVED, PAID), start=1):
        returns.replace(
            act=act(cem),
            number=a_number(serial),
            to=Spot.LOST,
            reason=Why.LOST,
            how=how,
            waived=Reason.HARDSHIP,
        )

    assert balance(Account.OPEN, person=cem.pk) == 0
    assert balance(Account.DEPOSITS, person=cem.pk) == -1000
    assert returns.refundable(cem.pk) == 1000
    assert balance(Account.FORFEITED, person=cem.pk) == 0
