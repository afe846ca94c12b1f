"""Stock and ledger under any order of acts: no card, no cent is lost or doubled."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from onboarding.cards import cash, returns, stock
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, keep_surplus, owed, settle
from onboarding.cards.handout import card_numbers_of, hand_out, swap, undo
from onboarding.cards.models import (
    Account,
    Card,
    Holding,
    LedgerEntry,
    Move,
    OpenDeposit,
    Place,
    Reason,
    Receipt,
    Shift,
    Spot,
    Why,
)
from onboarding.cards.refusals import Refused
from onboarding.enrolment.models import TutorGroup
from onboarding.helpdesk.approvals import MERGE
from onboarding.helpdesk.merging import Pair, check_mergeable, join
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import Refused as NotMergeable
from tests.cast import NOW, a_colleague, a_first_year
from tests.onboarding.cards.conftest import a_number
from tests.onboarding.cards.world import DEPOSIT, REPLACEMENT, STOCK, Till, World

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

# CARD_WALKS=500 walks longer than there is time for every day.
WALKS = int(os.environ.get("CARD_WALKS", "12"))
PEOPLE, CARDS, GROUPS = range(4), range(6), range(2)
one_person, one_card = some.sampled_from(PEOPLE), some.sampled_from(CARDS)
one_group = some.sampled_from(GROUPS)
places = some.sampled_from([Place.DESK, Place.TUTOR])
ways = some.sampled_from(Settlement)
TOMBS = [Spot.RETURNED, Spot.LOST, Spot.DEFECTIVE, Spot.BLOCKED]


class Week(RuleBasedStateMachine):
    """A desk, two tutors, four students, six cards; any act may be sent again."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.people = [a_first_year() for _ in PEOPLE]
        self.desk = a_colleague()
        self.chief = a_colleague()
        self.tutors = [a_first_year() for _ in GROUPS]
        self.groups = [TutorGroup.objects.create(number=n + 1) for n in GROUPS]
        self.shifts: dict[int, UUID] = {}
        self.keys: list[UUID] = []
        self.acts: dict[int, UUID] = {}
        self.sent: list[Callable[[], object]] = []
        self.minutes = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- what people do ---------------------------------------------------------

    @initialize(delivered=some.sets(one_card, min_size=3))
    def cards_come(self, delivered: set[int]) -> None:
        numbers = [a_number(card) for card in sorted(delivered)]
        counted = len(numbers)
        self.done(
            stock.deliver,
            act=uuid4(),
            numbers=numbers,
            counted=counted,
            by=self.desk,
            at=self.now(),
        )
        self.world.cards.update(dict.fromkeys(delivered, STOCK))

    @rule(group=one_group, card=one_card)
    def puts_into_a_box(self, group: int, card: int) -> None:
        where = self.world.cards.get(card)
        assume(where is not None)
        done = self.done(
            stock.allot,
            act=uuid4(),
            group=self.groups[group],
            cards=[Card.objects.get(number=a_number(card))],
            by=self.desk,
            at=self.now(),
        )
        assert done == (where is not None and where[0] in {"stock", "box"})
        if done:
            self.world.cards[card] = ("box", group)

    @rule(group=one_group, forgotten=one_card)
    def brings_a_box_back(self, group: int, forgotten: int) -> None:
        back = [
            card
            for card, where in self.world.cards.items()
            if where == ("box", group) and card != forgotten
        ]
        cards = Card.objects.filter(number__in=[a_number(card) for card in back])
        assert self.done(
            stock.bring_back,
            act=uuid4(),
            group=self.groups[group],
            cards=list(cards),
            by=self.desk,
            at=self.now(),
        )
        self.world.cards.update(dict.fromkeys(back, STOCK))

    @rule(person=one_person, card=one_card, how=ways, group=one_group, place=places)
    def gives(
        self, person: int, card: int, how: Settlement, group: int, place: Place
    ) -> None:
        act = self.act(person, place, group)
        tutor = place is Place.TUTOR
        done = self.done(
            hand_out,
            act=act,
            number=a_number(card),
            how=how,
            reason=Reason.HARDSHIP,
            box=self.groups[group] if tutor else None,
        )
        assert done == self.may_be_given(person, card, how, group, tutor=tutor)
        if done:
            self.world.give(person, card)
            self.acts[person] = act.id
            self.settled(person, how, act)

    def may_be_given(
        self, person: int, card: int, how: Settlement, group: int, *, tutor: bool
    ) -> bool:
        where = self.world.cards.get(card, None if tutor else STOCK)
        there = (
            where == ("box", group)
            if tutor
            else where in {STOCK, ("box", 0), ("box", 1)}
        )
        free = person not in self.world.hands and person not in self.world.closed
        due = self.world.owes(person) or person not in self.world.deposit
        till = how is not Settlement.PAID or not tutor or group in self.shifts
        right = not tutor or how is not Settlement.WAIVED
        return there and free and till and right and bool(due or how is Settlement.OPEN)

    @rule(person=one_person, how=ways, place=places, group=one_group)
    def settles(self, person: int, how: Settlement, place: Place, group: int) -> None:
        assume(how is not Settlement.OPEN)
        act = self.act(person, place, group)
        done = self.done(settle, act=act, how=how, reason=Reason.HARDSHIP)
        paid = how is Settlement.PAID
        may = place is Place.DESK or (paid and group in self.shifts)
        assert done == bool(self.world.owes(person) > 0 and may)
        if done:
            self.settled(person, how, act)

    @rule(person=one_person, late=some.booleans(), place=places, group=one_group)
    def takes_back(self, person: int, late: bool, place: Place, group: int) -> None:
        hand = self.world.hands.get(person)
        assume(hand is not None and person in self.acts)
        assert hand is not None
        of = self.acts[person]
        given = Move.objects.get(act=of, target=Spot.PERSON)
        act = self.act(person, place, group)
        if not late:
            act = Act(act.id, act.person, act.by, given.at, place, shift=act.shift)
        at_hand = self.is_at_hand(person, act)
        done = self.done(undo, act=act, of=of)
        mine = place is Place.DESK or (given.by == act.by and act.at == given.at)
        assert done == (hand.plain and mine)
        if done:
            self.world.take_back(person, at_hand=at_hand)
            del self.acts[person]

    @rule(one=one_person, other=one_person)
    def swaps(self, one: int, other: int) -> None:
        assume(one != other)
        act = self.act(one, Place.DESK, 0)
        done = self.done(swap, act=act, other=self.people[other])
        hands = self.world.hands
        assert done == (one in hands and other in hands)
        if done:
            a, b = hands[one], hands[other]
            a.card, b.card = b.card, a.card
            a.plain = b.plain = False
            for person in (one, other):
                self.world.cards[hands[person].card] = ("person", person)

    @rule(person=one_person, spot=some.sampled_from(TOMBS))
    def has_it_no_longer(self, person: int, spot: Spot) -> None:
        act = self.act(person, Place.DESK, 0)
        done = self.done(returns.report, act=act, to=spot, reason=Why.OTHER)
        assert done == (person in self.world.hands)
        if done:
            self.world.leave(person, spot.value)

    @rule(person=one_person, card=one_card, lost=some.booleans(), how=ways)
    def gets_another(self, person: int, card: int, lost: bool, how: Settlement) -> None:
        where = self.world.cards.get(card, STOCK)
        act = self.act(person, Place.DESK, 0)
        spot = Spot.LOST if lost else Spot.DEFECTIVE
        owes = self.world.owes(person)
        done = self.done(
            returns.replace,
            act=act,
            number=a_number(card),
            to=spot,
            reason=Why.DAMAGED,
            how=how,
            waived=Reason.HARDSHIP,
        )
        due = lost or owes or person not in self.world.deposit
        there = person in self.world.hands and where[0] in {"stock", "box"}
        assert done == bool(there and (due or how is Settlement.OPEN))
        if done:
            self.world.leave(person, spot.value)
            if lost:
                self.world.owed[person] = self.world.owes(person) + REPLACEMENT
            self.world.give(person, card, plain=False)
            self.acts.pop(person, None)
            self.settled(person, how, act)

    @rule(person=one_person, fees_open=some.booleans())
    def wants_money_back(self, person: int, fees_open: bool) -> None:
        world = self.world
        deposit = world.deposit.get(person) == "paid" and not world.has_one_out(person)
        surplus = world.surplus.get(person, 0)
        act = self.act(person, Place.DESK, 0)
        done = self.done(returns.refund, act=act, fees_open=fees_open)
        assert done == bool((deposit and not fees_open) or surplus)
        if done:
            self.desk_till().cash -= world.refund(person, fees_open=fees_open)

    @rule(person=one_person, group=one_group)
    def pays_what_nobody_asked_for(self, person: int, group: int) -> None:
        assume(person not in self.world.closed)
        act = self.act(person, Place.TUTOR, group)
        done = self.done(keep_surplus, act=act, cents=DEPOSIT)
        assert done == (group in self.shifts)
        if done:
            had = self.world.surplus.get(person, 0)
            self.world.surplus[person] = had + DEPOSIT
            self.world.tills[self.till(group)].cash += DEPOSIT

    @precondition(lambda self: bool(self.world.deposit or self.world.surplus))
    @rule(data=some.data(), stays=one_person)
    def turns_out_to_be_somebody_else(self, data: some.DataObject, stays: int) -> None:
        something = sorted({*self.world.deposit, *self.world.surplus})
        closes = data.draw(some.sampled_from(something))
        pair = Pair(stays=self.people[stays], closes=self.people[closes])
        at, world = self.now(), self.world
        done = self.done_once(self.merges, pair, at)
        open_ones = stays != closes and not world.closed & {stays, closes}
        both = stays in world.hands and closes in world.hands
        assert done == (open_ones and not both)
        if done:
            moved = closes in world.hands
            world.merge(stays, closes)
            if moved:
                card = Holding.objects.get(person=pair.stays).move
                self.acts[stays] = card.act

    def merges(self, pair: Pair, at: datetime) -> None:
        for one in (pair.stays, pair.closes):
            one.refresh_from_db()
        check_mergeable(pair)
        approval = Approval.objects.create(
            kind=MERGE,
            person=pair.stays,
            asked_by=self.desk,
            asked_at=at,
            decided_by=self.chief,
            decided_at=at,
            approved=True,
            used_at=at,
        )
        join(pair, approval=approval, by=self.desk, at=at)

    @rule(group=one_group, cents=some.sampled_from([0, 2000]))
    def takes_a_till(self, group: int, cents: int) -> None:
        assume(group not in self.shifts)
        key = uuid4()
        self.done(
            cash.open_shift,
            key=key,
            by=self.tutors[group],
            float_cents=cents,
            at=self.now(),
        )
        self.shifts[group] = key
        self.keys.append(key)
        self.world.tills.append(Till(by=group, cash=cents))

    @precondition(lambda self: bool(self.keys))
    @rule(data=some.data(), wrong=some.sampled_from([0, 0, -150, 500]))
    def counts(self, data: some.DataObject, wrong: int) -> None:
        place = data.draw(some.sampled_from(range(len(self.keys))))
        till = self.world.tills[place]
        counted = max(0, till.cash + wrong)
        done = self.done(
            cash.count,
            key=self.keys[place],
            act=uuid4(),
            counted_cents=counted,
            by=self.desk if till.desk else self.tutors[till.by],
            at=self.now(),
        )
        assert done == (not till.counted)
        if done:
            till.counted, till.cash = True, counted
            self.shifts = {
                group: key
                for group, key in self.shifts.items()
                if key != self.keys[place]
            }

    @precondition(lambda self: bool(self.keys))
    @rule(data=some.data())
    def takes_over(self, data: some.DataObject) -> None:
        place = data.draw(some.sampled_from(range(len(self.keys))))
        till = self.world.tills[place]
        done = self.done(
            cash.take_over,
            key=self.keys[place],
            act=uuid4(),
            by=self.chief,
            at=self.now(),
        )
        assert done == (till.counted and not till.gone)
        if done:
            till.gone, till.cash = True, 0

    @precondition(lambda self: bool(self.sent))
    @rule(data=some.data())
    def sends_an_act_again(self, data: some.DataObject) -> None:
        before = (Move.objects.count(), LedgerEntry.objects.count())
        data.draw(some.sampled_from(self.sent))()
        assert (Move.objects.count(), LedgerEntry.objects.count()) == before

    # --- what must always be so ---------------------------------------------------

    @invariant()
    def every_card_is_in_one_place_and_it_is_the_real_one(self) -> None:
        newest = list(stock.current().select_related("card"))
        found = {
            move.card.number: (move.target, move.group_id or move.person_id)
            for move in newest
        }
        assert len(found) == len(newest) == Card.objects.count()
        for card, (spot, whose) in self.world.cards.items():
            there = found[a_number(card)]
            assert there[0] == spot
            if spot == "box" and whose is not None:
                assert there[1] == self.groups[whose].pk
            if spot == "person" and whose is not None:
                assert there[1] == self.people[whose].pk

    @invariant()
    def whoever_holds_a_card_holds_the_one_in_hand(self) -> None:
        keys = [person.pk for person in self.people]
        expected = {
            keys[who]: a_number(hand.card) for who, hand in self.world.hands.items()
        }
        assert card_numbers_of(keys) == expected
        assert Holding.objects.count() == len(expected)

    @invariant()
    def moves_of_a_card_follow_each_other(self) -> None:
        chains: defaultdict[int, list[Move]] = defaultdict(list)
        for move in Move.objects.order_by("card", "number"):
            chains[move.card_id].append(move)
        for chain in chains.values():
            assert [one.number for one in chain] == list(range(1, len(chain) + 1))
            sources = ["", *(one.target for one in chain)]
            assert [one.source for one in chain] == sources[:-1]

    @invariant()
    def the_tills_hold_what_is_really_there(self) -> None:
        accounts: Counter[str] = Counter()
        tills: Counter[UUID] = Counter()
        for entry in LedgerEntry.objects.select_related("shift"):
            accounts[entry.debit] += entry.cents
            accounts[entry.credit] -= entry.cents
            if entry.shift:
                sign = 1 if entry.debit == Account.CASH else -1
                tills[entry.shift.key] += sign * entry.cents
        real = [till.cash for till in self.world.tills]
        assert sum(accounts.values()) == 0
        assert [tills[key] for key in self.keys] == real
        assert accounts[Account.CASH] == sum(real)
        assert OpenDeposit.objects.count() == len(self.world.deposit)

    @invariant()
    def everybody_owes_and_gets_back_what_is_right(self) -> None:
        # One person after the other, so that a walk does not take for ever.
        who = self.minutes % len(self.people)
        person, world = self.people[who].pk, self.world
        paid = DEPOSIT if world.deposit.get(who) == "paid" else 0
        assert owed(person) == world.owes(who)
        assert returns.surplus(person) == world.surplus.get(who, 0)
        assert returns.refundable(person) == paid

    @invariant()
    def receipts_run_without_gaps(self) -> None:
        series: defaultdict[str, list[int]] = defaultdict(list)
        for receipt in Receipt.objects.order_by("number"):
            series[receipt.series].append(receipt.number)
        for numbers in series.values():
            assert numbers == list(range(1, len(numbers) + 1))

    # --- how it is done -----------------------------------------------------------

    def now(self) -> datetime:
        self.minutes += 11
        return NOW + timedelta(minutes=self.minutes)

    def act(self, person: int, place: Place, group: int) -> Act:
        tutor = place is Place.TUTOR
        key = self.shifts.get(group)
        return Act(
            id=uuid4(),
            person=self.people[person],
            by=self.tutors[group] if tutor else self.desk,
            at=self.now(),
            place=place,
            shift=Shift.objects.get(key=key) if tutor and key else None,
        )

    def done(self, do: Callable[..., object], **what: Any) -> bool:
        again = partial(do, **what)
        try:
            with transaction.atomic():
                again()
        except Refused:
            return False
        self.sent.append(again)
        return True

    def done_once(self, do: Callable[..., object], *what: Any) -> bool:
        """Do what nobody sends again."""
        try:
            with transaction.atomic():
                do(*what)
        except NotMergeable:
            return False
        return True

    def settled(self, person: int, how: Settlement, act: Act) -> None:
        if how is Settlement.WAIVED:
            self.world.waive(person)
        elif how is Settlement.PAID and self.world.owes(person):
            if act.place is Place.DESK:
                self.desk_till()
            self.world.pay(person, self.till_of(act))

    def till(self, group: int) -> int:
        return self.keys.index(self.shifts[group])

    def till_of(self, act: Act) -> int:
        key = act.shift.key if act.shift else self.desk_key()
        return self.keys.index(key)

    def desk_key(self) -> UUID:
        return Shift.objects.get(place=Place.DESK, counting=None).key

    def desk_till(self) -> Till:
        """Give the desk's till of now, which the portal begins by itself."""
        key = self.desk_key()
        if key not in self.keys:
            self.keys.append(key)
            self.world.tills.append(Till(by=-1, cash=0, desk=True))
        return self.world.tills[self.keys.index(key)]

    def is_at_hand(self, person: int, act: Act) -> bool:
        paid = self.world.paid.get(person)
        if paid is None:
            return False
        till = self.world.tills[paid.till]
        own = till.desk if act.place is Place.DESK else self.tutor_has(till, act)
        return own and not till.counted

    def tutor_has(self, till: Till, act: Act) -> bool:
        return not till.desk and self.tutors[till.by] == act.by


# Where one goes wrong, hypothesis takes up to five minutes to shorten it.
@pytest.mark.timeout(600 + 10 * WALKS)
def test_any_order_of_acts() -> None:
    Week.TestCase.settings = settings(
        max_examples=WALKS,
        stateful_step_count=30,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    case = Week.TestCase()
    case.runTest()
