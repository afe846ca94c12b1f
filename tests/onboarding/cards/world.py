"""Where every card and every cent really is, kept beside what the portal recorded.

As plain as can be: it shares no line with the portal's own bookkeeping.
"""

from dataclasses import dataclass, field
from typing import Any

DEPOSIT, REPLACEMENT = 1000, 1500
Where = tuple[str, int | None]
STOCK: Where = ("stock", None)


@dataclass
class Till:
    """Cash in a till."""

    by: int
    cash: int
    desk: bool = False
    counted: bool = False
    gone: bool = False


@dataclass
class Paid:
    """What was paid with a deposit, and into which till."""

    cents: int
    till: int


@dataclass
class Hand:
    """A card in somebody's hand."""

    card: int
    came_from: Where
    # The hand-out can be taken back: nothing else was done with it.
    plain: bool = True
    # The deposit fell due with this very card.
    charged: bool = False


@dataclass
class World:
    """Where everything really is."""

    cards: dict[int, Where] = field(default_factory=dict)
    hands: dict[int, Hand] = field(default_factory=dict)
    # Who still has a card that was blocked meanwhile.
    blocked: set[int] = field(default_factory=set)
    # A deposit that stands: open, paid or waived.
    deposit: dict[int, str] = field(default_factory=dict)
    owed: dict[int, int] = field(default_factory=dict)
    paid: dict[int, Paid] = field(default_factory=dict)
    # What was waived when the deposit was.
    waived: dict[int, int] = field(default_factory=dict)
    # What somebody gets back whatever becomes of the card.
    surplus: dict[int, int] = field(default_factory=dict)
    tills: list[Till] = field(default_factory=list)
    # Whose last card went when: the later of two people, where two become one.
    left: dict[int, int] = field(default_factory=dict)
    # Accounts that went on as another one.
    closed: set[int] = field(default_factory=set)

    def owes(self, person: int) -> int:
        return self.owed.get(person, 0)

    def has_one_out(self, person: int) -> bool:
        return person in self.hands or person in self.blocked

    def give(self, person: int, card: int, *, plain: bool = True) -> None:
        hand = Hand(card, self.cards.get(card, STOCK), plain=plain)
        self.cards[card] = ("person", person)
        self.hands[person] = hand
        self.blocked.discard(person)
        if person not in self.deposit:
            hand.charged = True
            self.deposit[person] = "open"
            self.owed[person] = self.owes(person) + DEPOSIT

    def pay(self, person: int, till: int) -> None:
        cents = self.owes(person)
        self.tills[till].cash += cents
        if self.deposit.get(person) == "open":
            self.deposit[person] = "paid"
            self.paid[person] = Paid(cents, till)
        self.owed[person] = 0

    def waive(self, person: int) -> None:
        if self.deposit.get(person) == "open":
            self.deposit[person] = "waived"
            self.waived[person] = self.owes(person)
        self.owed[person] = 0

    def take_back(self, person: int, *, at_hand: bool) -> None:
        hand = self.hands.pop(person)
        self.left[person] = max(self.left.values(), default=0) + 1
        self.cards[hand.card] = hand.came_from
        if not hand.charged:
            return
        how = self.deposit.pop(person)
        before = 0
        if how == "paid":
            paid = self.paid.pop(person)
            before = paid.cents
            if at_hand:
                self.tills[paid.till].cash -= paid.cents
            else:
                self.surplus[person] = self.surplus.get(person, 0) + paid.cents
        elif how == "waived":
            before = self.waived.pop(person)
        self.owed[person] = self.owes(person) + before - DEPOSIT

    def leave(self, person: int, spot: str) -> None:
        hand = self.hands.pop(person)
        self.left[person] = max(self.left.values(), default=0) + 1
        self.cards[hand.card] = (spot, None)
        if spot == "blocked":
            self.blocked.add(person)
        if spot == "lost":
            self._forget(person)
        elif spot == "returned" and self.deposit.get(person) == "open":
            self.owed[person] = self.owes(person) - DEPOSIT
            self._forget(person)
        elif spot == "returned" and self.deposit.get(person) == "waived":
            self._forget(person)

    def refund(self, person: int, *, fees_open: bool) -> int:
        cents = self.surplus.pop(person, 0)
        if fees_open:
            return cents
        if not self.has_one_out(person) and self.deposit.get(person) == "paid":
            cents += DEPOSIT
            self._forget(person)
        return cents

    def merge(self, stays: int, closes: int) -> None:
        """Let one account go on as another one: its card, its debts, its deposit."""
        self.closed.add(closes)
        later = max((stays, closes), key=lambda one: self.left.get(one, 0))
        if hand := self.hands.pop(closes, None):
            self.hands[stays] = hand
            self.cards[hand.card] = ("person", stays)
            hand.plain = False
        if later in self.blocked and stays not in self.hands:
            self.blocked.add(stays)
        else:
            self.blocked.discard(stays)
        self.blocked.discard(closes)
        self.left[stays] = max(self.left.get(one, 0) for one in (stays, closes))
        self._one_deposit(stays, closes)
        self.owed[stays] = self.owes(stays) + self.owed.pop(closes, 0)
        too_much = self.surplus.pop(closes, 0)
        self.surplus[stays] = self.surplus.get(stays, 0) + too_much

    def _one_deposit(self, stays: int, closes: int) -> None:
        mine, theirs = self.deposit.get(stays), self.deposit.get(closes)
        if mine == "open" and theirs in {"paid", "waived"}:
            self.owed[stays] = self.owes(stays) - DEPOSIT
            self._forget(stays)
            if stays in self.hands:
                self.hands[stays].charged = False
        elif mine and theirs:
            if theirs == "open":
                self.owed[closes] = self.owes(closes) - DEPOSIT
            if theirs == "paid":
                self.surplus[closes] = self.surplus.get(closes, 0) + DEPOSIT
            self._forget(closes)
        kept: tuple[dict[int, Any], ...] = (self.deposit, self.paid, self.waived)
        for facts in kept:
            if closes in facts:
                facts[stays] = facts.pop(closes)

    def _forget(self, person: int) -> None:
        self.deposit.pop(person, None)
        self.paid.pop(person, None)
        self.waived.pop(person, None)
