"""Tills: floats, blind counts, differences, handing over, and what comes late."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.people.models import Person
from onboarding.cards import cash
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, keep_surplus, settle
from onboarding.cards.handout import hand_out
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Place, Receipt, Shift
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadyCounted,
    NoShift,
    NotCounted,
    OwnCash,
    TakenOver,
)
from tests.cast import NOW, a_colleague, a_first_year
from tests.onboarding.cards.conftest import Acting, a_number

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]


@pytest.fixture
def tutor() -> Person:
    return a_first_year(given_names="Emil", family_name="Hansen")


@pytest.fixture
def till(tutor: Person) -> Shift:
    return cash.open_shift(key=uuid4(), by=tutor, float_cents=2000, at=NOW)


def takes(tutor: Person, till: Shift | None, *, receipt: int = 1) -> Act:
    return Act(
        id=uuid4(),
        person=a_first_year(),
        by=tutor,
        at=NOW,
        place=Place.TUTOR,
        shift=till,
        receipt_number=receipt,
    )


def given(act: Act, serial: int) -> None:
    hand_out(act=act, number=a_number(serial), how=Settlement.PAID)


def test_a_float_comes_once_and_is_part_of_the_till(tutor: Person) -> None:
    key = uuid4()
    for _ in range(2):
        till = cash.open_shift(key=key, by=tutor, float_cents=2000, at=NOW)

    assert cash.expected(till) == 2000
    assert balance(Account.SAFE) == -2000
    with pytest.raises(ActDiffers):
        cash.open_shift(key=key, by=tutor, float_cents=1000, at=NOW)


def test_a_tutor_without_a_till_takes_no_cash(tutor: Person) -> None:
    with pytest.raises(NoShift):
        given(takes(tutor, None), 1)


def test_receipts_carry_the_numbers_that_the_phone_wrote(
    tutor: Person, till: Shift
) -> None:
    given(takes(tutor, till, receipt=1), 1)
    given(takes(tutor, till, receipt=2), 2)
    # Another act had the number first: the next free one, and nothing is lost.
    given(takes(tutor, till, receipt=2), 3)

    numbers = [str(one) for one in Receipt.objects.order_by("pk")]
    series = cash.series_of(till.key)
    assert numbers == [f"{series}-0000{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(("counted", "kind"), [(3150, "over"), (2800, "short")])
def test_a_difference_is_posted_and_the_till_holds_what_was_counted(
    tutor: Person, till: Shift, counted: int, kind: str
) -> None:
    given(takes(tutor, till), 1)

    cash.count(key=till.key, act=uuid4(), counted_cents=counted, by=tutor, at=NOW)

    assert cash.expected(till) == counted
    assert till.entries.get(kind=kind).cents == abs(counted - 3000)
    with pytest.raises(AlreadyCounted):
        cash.count(key=till.key, act=uuid4(), counted_cents=0, by=tutor, at=NOW)


def test_a_second_person_takes_the_cash_over(tutor: Person, till: Shift) -> None:
    pia = a_colleague()
    with pytest.raises(NotCounted):
        cash.take_over(key=till.key, act=uuid4(), by=pia, at=NOW)
    cash.count(key=till.key, act=uuid4(), counted_cents=2000, by=tutor, at=NOW)
    with pytest.raises(OwnCash):
        cash.take_over(key=till.key, act=uuid4(), by=tutor, at=NOW)
    act = uuid4()
    for _ in range(2):
        cash.take_over(key=till.key, act=act, by=pia, at=NOW)

    assert cash.expected(till) == 0
    assert balance(Account.SAFE) == 0
    with pytest.raises(TakenOver):
        cash.take_over(key=till.key, act=uuid4(), by=pia, at=NOW)


@pytest.mark.parametrize("taken_over", [False, True])
def test_what_arrives_after_the_count_explains_the_difference(
    tutor: Person, till: Shift, *, taken_over: bool
) -> None:
    # The tenner lies in the till already; its act is still on a phone.
    cash.count(key=till.key, act=uuid4(), counted_cents=3000, by=tutor, at=NOW)
    assert balance(Account.DIFFERENCES) == -1000
    if taken_over:
        cash.take_over(key=till.key, act=uuid4(), by=a_colleague(), at=NOW)

    given(takes(tutor, till), 1)
    cash.late(shift=till, by=tutor, at=NOW)

    assert balance(Account.DIFFERENCES) == 0
    assert cash.expected(till) == (0 if taken_over else 3000)


def test_money_that_nobody_owed_is_kept_to_be_paid_back(
    tutor: Person, till: Shift
) -> None:
    act = takes(tutor, till)
    for _ in range(2):
        keep_surplus(act=act, cents=1000)

    assert cash.expected(till) == 3000
    assert balance(Account.SURPLUS, person=act.person) == -1000


def test_the_desk_has_a_till_of_its_own_after_each_closing(
    act: Acting, cem: Person, mirjam: Person
) -> None:
    hand_out(act=act(cem), number=a_number(), how=Settlement.PAID)
    first = Shift.objects.get()
    cash.count(key=first.key, act=uuid4(), counted_cents=1000, by=mirjam, at=NOW)

    other = a_first_year()
    hand_out(act=act(other), number=a_number(2), how=Settlement.OPEN)
    settle(act=act(other), how=Settlement.PAID)

    second = Shift.objects.exclude(pk=first.pk).get()
    assert (cash.expected(first), cash.expected(second)) == (1000, 1000)
    assert first.place == second.place == Place.DESK


def test_finance_decides_when_tutors_take_cash(mirjam: Person) -> None:
    hour = timedelta(hours=1)
    assert not cash.allowed(at=NOW)
    cash.decide(begins_at=NOW, ends_at=NOW + 2 * hour, by=mirjam, at=NOW)
    assert cash.allowed(at=NOW + hour)
    assert not cash.allowed(at=NOW + 2 * hour)

    cash.decide(begins_at=None, ends_at=None, by=mirjam, at=NOW + hour)

    assert not cash.allowed(at=NOW + hour)
    # What was done before the decision was right when it was done.
    assert cash.allowed(at=NOW + hour - timedelta(minutes=1))


def test_the_database_refuses_cash_outside_a_till(tutor: Person, till: Shift) -> None:
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO cards_ledgerentry (act, kind, cents, debit, credit, by_id,"
            " at, place, reason) SELECT act, kind, cents, debit, credit, by_id, at,"
            " place, reason FROM cards_ledgerentry"
        )
