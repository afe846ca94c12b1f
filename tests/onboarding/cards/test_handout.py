"""Handing out cards: one act, once, whoever else is at it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.catalogue import systems
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import RecoveryAddress
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, owed, settle
from onboarding.cards.handout import card_numbers_of, hand_out
from onboarding.cards.models import (
    Holding,
    LedgerEntry,
    Move,
    OpenDeposit,
    Place,
    Reason,
    Receipt,
)
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadyHasCard,
    AlreadySettled,
    CardTaken,
    MayNotWaive,
    NothingOpen,
    OwnRecord,
    Refused,
)
from tests.cast import NOW, a_colleague, a_first_year
from tests.onboarding.cards.conftest import Acting, a_number, given

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

NUMBER = a_number()
PAID, OPEN, WAIVED = Settlement.PAID, Settlement.OPEN, Settlement.WAIVED


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def entries(person: Person) -> list[tuple[str, int]]:
    rows = LedgerEntry.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("kind", "cents"))


def test_card_and_paid_deposit_are_one_act(act: Acting, cem: Person) -> None:
    RecoveryAddress.objects.create(person=cem, address="c@mail.example", proved_at=NOW)

    given = hand_out(act=act(cem), number=NUMBER, how=PAID)

    assert card_numbers_of([cem.pk]) == {cem.pk: NUMBER}
    assert entries(cem) == [("deposit_due", 1000), ("deposit_in", 1000)]
    assert owed(cem.pk) == 0
    assert str(Receipt.objects.get()) == "L26-00001"
    assert {e.what for e in Event.objects.all()} == {"card_handed_out", "deposit_paid"}
    assert {mail.message for mail in Mail.objects.all()} == {
        "card_recorded",
        "deposit_receipt",
    }
    assert str(given.card) == "311…2827"


def test_an_open_deposit_is_settled_later(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=OPEN)
    assert owed(cem.pk) == 1000

    settle(act=act(cem), how=PAID)

    assert owed(cem.pk) == 0
    with pytest.raises(AlreadySettled, match="Mirjam Okonkwo"):
        settle(act=act(cem), how=PAID)
    assert Receipt.objects.count() == 1


def test_a_waiver_has_a_reason_and_no_receipt(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=WAIVED, reason=Reason.HARDSHIP)

    waiver = LedgerEntry.objects.get(kind="deposit_waiver")
    assert (waiver.reason, waiver.receipt) == ("hardship", None)
    assert owed(cem.pk) == 0
    with pytest.raises(TypeError):
        settle(act=act(cem), how=WAIVED)


def test_a_fee_is_due_and_paid_with_the_deposit(
    act: Acting, cem: Person, settings: Settings
) -> None:
    settings.LIBRARY_FEE_CENTS = ((NOW.date(), 500),)
    settings.CARD_DEPOSIT_CENTS = ((NOW.date(), 1500),)
    hand_out(act=act(cem), number=NUMBER, how=OPEN)
    assert owed(cem.pk) == 2000

    settle(act=act(cem), how=PAID)

    receipt = Receipt.objects.get()
    assert sum(entry.cents for entry in receipt.entries.all()) == 2000
    assert owed(cem.pk) == 0


def test_where_a_card_costs_nothing_nothing_is_due(
    act: Acting, cem: Person, settings: Settings
) -> None:
    settings.CARD_DEPOSIT_CENTS = ((NOW.date(), 0),)

    hand_out(act=act(cem), number=NUMBER, how=OPEN)

    assert entries(cem) == []
    with pytest.raises(NothingOpen):
        settle(act=act(cem), how=PAID)


def test_the_same_act_again_changes_nothing(act: Acting, cem: Person) -> None:
    same = act(cem)

    first = hand_out(act=same, number=NUMBER, how=PAID)
    again = hand_out(act=same, number=NUMBER, how=PAID)
    settle(act=same, how=PAID)

    assert first == again
    assert (given().count(), Receipt.objects.count()) == (1, 1)
    assert Event.objects.count() == 2


def test_the_same_act_with_other_details_is_refused(act: Acting, cem: Person) -> None:
    same = act(cem)
    hand_out(act=same, number=NUMBER, how=PAID)

    with pytest.raises(ActDiffers):
        hand_out(act=same, number=a_number(1), how=PAID)


def test_a_second_card_is_refused_with_who_and_when_and_books_nothing(
    act: Acting, cem: Person
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=OPEN)

    with pytest.raises(AlreadyHasCard, match=r"15 September 2026.*Mirjam Okonkwo"):
        hand_out(act=act(cem), number=a_number(1), how=PAID)

    assert entries(cem) == [("deposit_due", 1000)]
    assert not Receipt.objects.exists()


def test_a_card_of_somebody_else_is_refused_without_a_name(
    act: Acting, cem: Person
) -> None:
    other = a_first_year(given_names="Noor", family_name="Ohlsen")
    hand_out(act=act(cem), number=NUMBER, how=PAID)

    with pytest.raises(CardTaken) as refused:
        hand_out(act=act(other), number=NUMBER, how=PAID)

    assert "Mirjam Okonkwo" in str(refused.value)
    assert "Sondermann" not in str(refused.value)
    assert entries(other) == []


def test_nobody_records_for_themselves(act: Acting, cem: Person) -> None:
    with pytest.raises(OwnRecord):
        hand_out(act=act(cem, by=cem), number=NUMBER, how=PAID)
    hand_out(act=act(cem), number=NUMBER, how=OPEN)
    with pytest.raises(OwnRecord):
        settle(act=act(cem, by=cem), how=PAID)

    assert owed(cem.pk) == 1000


def test_every_system_that_knows_of_cards_looks_again(
    act: Acting, cem: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systems, "OF_CARDS", (systems.DIRECTORY, systems.PAIA))

    hand_out(act=act(cem), number=NUMBER, how=PAID)

    due = Sync.objects.filter(person=cem).values_list("system", flat=True)
    assert sorted(due) == ["directory", "paia"]


def test_many_desks_and_one_card(act: Acting) -> None:
    people = [a_first_year() for _ in range(12)]
    acts = [act(person, by=a_colleague()) for person in people]

    told = at_once([partial(give, one, NUMBER) for one in acts])

    assert sorted(told) == sorted([*["CardTaken"] * 11, ""])
    assert Holding.objects.count() == given().count() == 1
    assert LedgerEntry.objects.count() == 2
    assert Receipt.objects.get().number == 1


def test_many_desks_and_one_person(act: Acting, cem: Person) -> None:
    acts = [act(cem) for _ in range(12)]
    numbers = [a_number(serial) for serial in range(12)]

    told = at_once([partial(give, *one) for one in zip(acts, numbers, strict=True)])

    assert sorted(told) == sorted([*["AlreadyHasCard"] * 11, ""])
    assert OpenDeposit.objects.count() == 1
    assert entries(cem) == [("deposit_due", 1000), ("deposit_in", 1000)]


def test_a_button_pressed_many_times_at_once(act: Acting, cem: Person) -> None:
    same = act(cem)

    told = at_once([lambda: give(same, NUMBER)] * 12)

    assert told == [""] * 12
    assert given().count() == Receipt.objects.count() == 1


def test_many_desks_and_one_open_deposit(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=OPEN)

    told = at_once([lambda: pay(act(cem))] * 12)

    assert sorted(told) == sorted([*["AlreadySettled"] * 11, ""])
    assert Receipt.objects.count() == 1
    assert owed(cem.pk) == 0


def test_receipts_run_without_gaps(act: Acting) -> None:
    people = [a_first_year() for _ in range(8)]
    taken = a_first_year()
    hand_out(act=act(taken), number=a_number(99), how=PAID)
    acts = [act(person) for person in people]
    numbers = [a_number(99 if i % 2 else i) for i in range(8)]

    at_once([partial(give, *one) for one in zip(acts, numbers, strict=True)])

    printed = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(printed) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("model", [Move, LedgerEntry, Receipt])
def test_the_database_itself_refuses_to_change_or_remove_acts(
    act: Acting, cem: Person, model: type[Model]
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=PAID)
    table = model._meta.db_table

    for attempt in (f"UPDATE {table} SET place = 'tutor'", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError, match="never changed or removed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attempt)

    assert model._default_manager.filter(place="desk").exists()


def test_the_database_refuses_a_second_claim(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=PAID)
    entry = LedgerEntry.objects.filter(kind="deposit_in").get()

    with pytest.raises(DatabaseError), transaction.atomic():
        OpenDeposit.objects.create(person=cem, due=entry)


def give(act: Act, number: str) -> str:
    try:
        hand_out(act=act, number=number, how=PAID)
    except Refused as refused:
        return type(refused).__name__
    return ""


def pay(act: Act) -> str:
    try:
        settle(act=act, how=PAID)
    except Refused as refused:
        return type(refused).__name__
    return ""


def at_once(doings: Sequence[Callable[[], str]]) -> list[str]:
    ready = Barrier(len(doings), timeout=60)

    def do(one: Callable[[], str]) -> str:
        ready.wait()
        try:
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(do, doings))


def test_a_tutor_waives_nothing(act: Acting, cem: Person) -> None:
    hand_out(act=act(cem), number=NUMBER, how=OPEN)
    at_the_tutor = replace(act(cem), place=Place.TUTOR)

    with pytest.raises(MayNotWaive):
        settle(act=at_the_tutor, how=WAIVED, reason=Reason.HARDSHIP)

    assert owed(cem.pk) == 1000
