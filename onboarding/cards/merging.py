"""Cards and money of an account that is closed go to the one that stays.

Nothing is changed or removed: the card moves on, and each entry is taken back by a
counter-entry and posted again for whose it is. Cash stays in its till.
"""

from dataclasses import replace
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
    Why,
)
from onboarding.cards.unwinding import PAID, posted_with

Posted = dict[int, LedgerEntry]


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


def move_money(*, act: Act, closed: Person) -> int:
    """Move all that stands in the ledger; gives the cents that become surplus.

    Nobody owes two deposits: of two open ones an unpaid one is due no longer, and what
    was paid for the second one is to be paid back.
    """
    mine, theirs = _claim(act.person), _claim(closed)
    if mine and theirs and mine.settlement_id is None and theirs.settlement_id:
        _drop(act, mine)
        mine = None
    second = posted_with(theirs) if mine and theirs else []
    rows = LedgerEntry.objects.filter(
        person=closed, reverses=None, reversed_by=None
    ).select_related("card", "shift")
    entries = list(rows.order_by("pk"))
    take_back(act=act, entries=entries, why=Correction.MERGED)
    twice = {one.pk for one in second}
    moved = {one.pk: _again(act, one) for one in entries if one.pk not in twice}
    if theirs is not None:
        _claim_goes_on(act, theirs, moved, to_stay=mine is None)
    return sum(_too_much(act, one) for one in second if one.kind in PAID)


def _claim(person: Person) -> OpenDeposit | None:
    rows = OpenDeposit.objects.filter(person=person).select_related("due", "settlement")
    return rows.select_for_update(of=("self",)).first()


def _drop(act: Act, claim: OpenDeposit) -> None:
    entries = posted_with(claim)
    claim.delete()
    take_back(act=act, entries=entries, why=Correction.MERGED)


def _claim_goes_on(
    act: Act, claim: OpenDeposit, moved: Posted, *, to_stay: bool
) -> None:
    claim.delete()
    if to_stay and claim.due_id in moved:
        OpenDeposit.objects.create(
            person=act.person,
            due=moved[claim.due_id],
            settlement=moved.get(claim.settlement_id or 0),
        )


def _again(act: Act, entry: LedgerEntry, kind: Kind | None = None) -> LedgerEntry:
    # An act for each act: what was posted together stays together.
    of = f"surplus of {entry.pk}" if kind else str(entry.act)
    mine = replace(act, id=uuid5(act.id, of))
    return post(
        act=mine,
        kind=kind or Kind(entry.kind),
        cents=entry.cents,
        card=entry.card,
        shift=entry.shift,
        reason=Reason(entry.reason) if entry.reason in Reason.values else None,
    )


def _too_much(act: Act, entry: LedgerEntry) -> int:
    return _again(act, entry, Kind.SURPLUS_IN).cents
