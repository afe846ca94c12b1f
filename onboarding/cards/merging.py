"""Cards and money of an account that is closed go to the one that stays.

Nothing is changed or removed: the card moves on, and each entry is taken back by a
counter-entry and posted again for whose it is. Cash stays in its till.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import uuid5

from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.handout import give
from onboarding.cards.ledger import post, take_back
from onboarding.cards.models import (
    Card,
    Correction,
    Holding,
    Kind,
    LedgerEntry,
    OpenDeposit,
    Reason,
    RouteWish,
    Why,
)

Posted = dict[int, LedgerEntry]
# What nobody owes twice: how it is paid, and how it is waived.
ONCE: dict[Kind, tuple[Kind, Kind]] = {
    Kind.DEPOSIT_DUE: (Kind.DEPOSIT_IN, Kind.DEPOSIT_WAIVER),
    Kind.FEE_DUE: (Kind.FEE_IN, Kind.FEE_WAIVER),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What is due once, and what settled it; nothing where it is still open."""

    entry: LedgerEntry
    done: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in the ledger for one account, and its claim."""

    entries: tuple[LedgerEntry, ...]
    claim: OpenDeposit | None

    def due(self, kind: Kind) -> Due | None:
        """Give a deposit or fee that stands."""
        deposit = kind is Kind.DEPOSIT_DUE
        if deposit and self.claim is None:
            return None
        of_kind = (one for one in self.entries if one.kind == kind)
        rows = [one for one in of_kind if not deposit or self._claims(one)]
        settled = [one for one in self.entries if one.kind in ONCE[kind]]
        done = [one for one in settled if not deposit or self._settles(one)]
        return Due(rows[0], tuple(done)) if rows else None

    def _claims(self, entry: LedgerEntry) -> bool:
        return self.claim is not None and self.claim.due_id == entry.pk

    def _settles(self, entry: LedgerEntry) -> bool:
        settlement = self.claim.settlement if self.claim else None
        return settlement is not None and settlement.act == entry.act


def both_have_cards(one: Person, other: Person) -> bool:
    """Say whether each of two accounts has a card in hand: one has to come back."""
    return Holding.objects.filter(person__in=[one, other]).count() > 1


def move_card(*, act: Act, closed: Person) -> None:
    """Let the person of the act have the card of the account that is closed."""
    Card.objects.filter(meant_for=closed).update(meant_for=act.person)
    held = Holding.objects.select_for_update(of=("self",)).select_related("card")
    claim = held.filter(person=closed).first()
    if claim is not None:
        card = claim.card
        claim.delete()
        give(act, card, reason=Why.MERGED)


def move_wish(*, act: Act, closed: Person) -> None:
    """Let what was said last about the way to the card count, at either account."""
    said = RouteWish.objects.filter(person=closed).order_by("-at", "-pk").first()
    if said is not None:
        RouteWish.objects.create(person=act.person, wish=said.wish, at=said.at)


def move_money(*, act: Act, closed: Person) -> int:
    """Move all that stands in the ledger; gives the cents that become surplus.

    Nobody owes two deposits, or the library's fee twice: of two open ones an unpaid one
    is due no longer, and what was paid for the second one is to be paid back.
    """
    mine, theirs = _books(act.person), _books(closed)
    unpaid, second = [], []
    for kind in ONCE:
        one, other = mine.due(kind), theirs.due(kind)
        if one and other:
            if other.done and not one.done:
                unpaid.append(one.entry)
            else:
                second.append(other)
    take_back(act=act, entries=[*unpaid, *theirs.entries], why=Correction.MERGED)
    too_much = dict(_too_much(second))
    gone = {row.pk for due in second for row in (due.entry, *due.done)}
    moved: Posted = {}
    for entry in theirs.entries:
        waived = entry.pk in gone and entry.pk not in too_much
        if cents := 0 if waived else entry.cents - too_much.get(entry.pk, 0):
            moved[entry.pk] = _again(act, entry, cents)
        if cents := too_much.get(entry.pk, 0):
            _again(act, entry, cents, Kind.SURPLUS_IN)
    _one_claim(act, mine.claim, theirs.claim, unpaid, moved)
    return sum(too_much.values())


def _books(person: Person) -> Books:
    claims = OpenDeposit.objects.filter(person=person).select_for_update(of=("self",))
    rows = LedgerEntry.objects.filter(person=person, reverses=None, reversed_by=None)
    return Books(
        entries=tuple(rows.select_related("card", "shift", "receipt").order_by("pk")),
        claim=claims.select_related("due", "settlement").first(),
    )


def _too_much(second: list[Due]) -> Iterator[tuple[int, int]]:
    """Give the cents of each payment (id) that were for what was due a second time.

    With a deposit something else may have been paid: that is paid, and stays so.
    """
    for due in second:
        for entry in due.done:
            if entry.kind == ONCE[Kind(due.entry.kind)][0]:
                yield entry.pk, min(entry.cents, due.entry.cents)


def _one_claim(
    act: Act,
    mine: OpenDeposit | None,
    theirs: OpenDeposit | None,
    unpaid: list[LedgerEntry],
    moved: Posted,
) -> None:
    if mine and any(one.pk == mine.due_id for one in unpaid):
        mine.delete()
        mine = None
    if theirs is None:
        return
    theirs.delete()
    if mine is None:
        OpenDeposit.objects.create(
            person=act.person,
            due=moved[theirs.due_id],
            settlement=moved.get(theirs.settlement_id or 0),
        )


def _again(
    act: Act, entry: LedgerEntry, cents: int, kind: Kind | None = None
) -> LedgerEntry:
    # An act for each act: what was posted together stays together.
    of = f"surplus of {entry.pk}" if kind else str(entry.act)
    return post(
        act=replace(act, id=uuid5(act.id, of)),
        kind=kind or Kind(entry.kind),
        cents=cents,
        card=entry.card,
        shift=entry.shift,
        reason=Reason(entry.reason) if entry.reason in Reason.values else None,
        receipt=entry.receipt,
    )
