"""The ledger under any order of acts: no cent appears, disappears or is asked twice."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, owed, settle
from onboarding.cards.handout import card_numbers_of, hand_out
from onboarding.cards.models import (
    Account,
    LedgerEntry,
    OpenDeposit,
    Reason,
    Receipt,
)
from onboarding.cards.refusals import Refused
from tests.cast import NOW, a_colleague, a_student
from tests.onboarding.cards.conftest import a_number, given

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

PEOPLE, CARDS = range(3), range(3)
settlements = some.sampled_from(Settlement)


class Desk(RuleBasedStateMachine):
    """Two desks, three students, three cards; every act may be sent again."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.people = [a_student() for _ in PEOPLE]
        self.desks = [a_colleague() for _ in range(2)]
        self.sent: list[tuple[Act, int, Settlement]] = []
        self.holders: dict[int, int] = {}
        self.settled: dict[int, Settlement] = {}
        self.minutes = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def act(self, person: int, desk: int) -> Act:
        self.minutes += 1
        return Act(
            id=uuid4(),
            person=self.people[person],
            by=self.desks[desk],
            at=NOW + timedelta(minutes=self.minutes),
        )

    @rule(
        person=some.sampled_from(PEOPLE),
        card=some.sampled_from(CARDS),
        desk=some.sampled_from(range(2)),
        how=settlements,
    )
    def gives(self, person: int, card: int, desk: int, how: Settlement) -> None:
        act = self.act(person, desk)
        free = person not in self.holders and card not in self.holders.values()
        done = self.attempt(act, card, how)
        assert done == free
        if free:
            self.holders[person] = card
            self.sent.append((act, card, how))
            if how is not Settlement.OPEN:
                self.settled[person] = how

    @rule(data=some.data())
    def sends_an_act_again(self, data: some.DataObject) -> None:
        if self.sent:
            assert self.attempt(*data.draw(some.sampled_from(self.sent)))

    @rule(
        person=some.sampled_from(PEOPLE),
        desk=some.sampled_from(range(2)),
        how=some.sampled_from([Settlement.PAID, Settlement.WAIVED]),
    )
    def settles(self, person: int, desk: int, how: Settlement) -> None:
        may = person in self.holders and person not in self.settled
        try:
            with transaction.atomic():
                settle(act=self.act(person, desk), how=how, reason=Reason.HARDSHIP)
        except Refused:
            assert not may
        else:
            assert may
            self.settled[person] = how

    def attempt(self, act: Act, card: int, how: Settlement) -> bool:
        number = a_number(card)
        try:
            with transaction.atomic():
                hand_out(act=act, number=number, how=how, reason=Reason.HARDSHIP)
        except Refused:
            return False
        return True

    @invariant()
    def everybody_has_the_card_they_were_given(self) -> None:
        keys = [person.pk for person in self.people]
        expected = {keys[who]: a_number(card) for who, card in self.holders.items()}
        assert card_numbers_of(keys) == expected
        assert given().count() == len(self.holders)

    @invariant()
    def the_accounts_say_what_happened(self) -> None:
        balance: Counter[str] = Counter()
        for entry in LedgerEntry.objects.all():
            balance[entry.debit] += entry.cents
            balance[entry.credit] -= entry.cents
        paid = sum(how is Settlement.PAID for how in self.settled.values())
        waived = sum(how is Settlement.WAIVED for how in self.settled.values())
        still_open = len(self.holders) - paid - waived
        assert sum(balance.values()) == 0
        assert balance[Account.CASH] == 1000 * paid
        assert balance[Account.OPEN] == 1000 * still_open
        assert balance[Account.DEPOSITS] == -1000 * (paid + still_open)
        assert Receipt.objects.count() == paid
        assert OpenDeposit.objects.count() == len(self.holders)

    @invariant()
    def nobody_owes_more_than_one_deposit(self) -> None:
        assert {owed(person.pk) for person in self.people} <= {0, 1000}


def test_any_order_of_acts() -> None:
    Desk.TestCase.settings = settings(
        max_examples=15,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case = Desk.TestCase()
    case.runTest()
