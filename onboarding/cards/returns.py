"""Cards that come back, are lost, replaced or blocked; deposits that go back."""

from django.db import transaction
from django.db.models import Q

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.cards import stock
from onboarding.cards.acts import Act
from onboarding.cards.cash import till_of
from onboarding.cards.deposits import (
    Settlement,
    charge,
    charge_replacement,
    open_dues,
    send_receipt,
    settle,
)
from onboarding.cards.handout import (
    card_to_give,
    check_studies,
    give,
    same_act,
    systems_look,
    tell,
)
from onboarding.cards.ledger import balance, post, take_back
from onboarding.cards.models import (
    Account,
    Card,
    Correction,
    Holding,
    Kind,
    LedgerEntry,
    Move,
    OpenDeposit,
    Reason,
    Spot,
    Why,
)
from onboarding.cards.numbering import next_receipt
from onboarding.cards.refusals import (
    CannotMove,
    CardStillOut,
    CardTaken,
    FeesOpen,
    NoCard,
    NothingToRefund,
    OwnRecord,
)


def take_in(*, act: Act, reason: Why = Why.LEFT) -> Move:
    """Take a person's card back; a deposit that was never paid is due no longer.

    The same act again gives what it gave. Raises OwnRecord, NoCard.
    """
    return _leave(act, Spot.RETURNED, reason)


def take_in_and_pay_back(*, act: Act, fees_open: bool, reason: Why = Why.LEFT) -> int:
    """Take a person's card back and pay back what was really paid; gives the cents.

    Open library fees hold the money, not the card. The same act again changes nothing,
    whatever has become of the fees. Raises OwnRecord, NoCard.
    """
    with transaction.atomic():
        if _left_by(act):
            return _paid_back(act)
        take_in(act=act, reason=reason)
        if paid := _paid_back(act):
            # The same act, sent twice at once, has waited for itself.
            return paid
        deposit = 0 if fees_open else refundable(act.person.pk)
        if not deposit + surplus(act.person.pk):
            return 0
        return refund(act=act, fees_open=fees_open)


def report(*, act: Act, to: Spot, reason: Why) -> Move:
    """Record that a person's card is lost, defective or to be blocked.

    The deposit of a lost card stays with the library. The same act again gives what it
    gave. Raises OwnRecord, NoCard.
    """
    return _leave(act, to, reason)


def replace(  # noqa: PLR0913 - two cards and their money
    *,
    act: Act,
    number: str,
    to: Spot,
    reason: Why,
    how: Settlement = Settlement.OPEN,
    waived: Reason | None = None,
) -> Move:
    """Give a person a new card for one that is lost, stolen or defective, in one act.

    For a lost one (``to`` LOST) a new deposit and the replacement fee are due; for a
    defective one nothing is. Raises as ``hand_out`` does, and NoCard.
    """
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        if done := same_act(act, number):
            return done
        check_studies(act)
        card, last = card_to_give(number, act)
        if last.target == Spot.PERSON:
            raise CardTaken(last)
        _leave(act, to, reason)
        given = give(act, card, last=last)
        if to is Spot.LOST:
            charge_replacement(act=act, card=card)
        charge(act=act, card=card)
        settle(act=act, how=how, reason=waived)
        tell(act, given)
        return given


def set_aside(*, act: Act, card: Card, to: Spot, reason: Why) -> Move:
    """Record a card of stock or box as defective, lost or blocked, or bring it back."""
    with transaction.atomic():
        last = stock.newest(card)
        if last is not None and last.target == Spot.PERSON:
            raise CannotMove(source=last.target, target=to)
        if last is None or (last.act, last.target) != (act.id, to):
            record(what="card_set_aside", at=act.at, who=act.by.pk, facts={"to": to})
        return stock.moved_by(act, card, to=to, reason=reason)


def refundable(person: int) -> int:
    """Give the cents of a person's (id) deposit that were paid and are still here."""
    held = -balance(Account.DEPOSITS, person=person)
    unpaid = dict(open_dues(person)).get(Kind.DEPOSIT_DUE, 0)
    return max(0, held - unpaid)


def surplus(person: int) -> int:
    """Give the cents that a person (id) paid too much and gets back."""
    return -balance(Account.SURPLUS, person=person)


def card_is_out(person: int) -> bool:
    """Say whether a card that belongs to the deposit has not come back.

    A blocked card opens nothing any more, but the person still has it.
    """
    if Holding.objects.filter(person=person).exists():
        return True
    # What was blocked at an account that was merged into this one is there, too.
    theirs = Q(person=person) | Q(person__merged_into=person)
    last = Move.objects.filter(theirs).order_by("-pk").first()
    blocked = stock.current().filter(target=Spot.BLOCKED)
    return last is not None and blocked.filter(pk=last.pk).exists()


def refund(*, act: Act, fees_open: bool) -> int:
    """Pay the deposit and any surplus back; gives the cents.

    Open library fees hold the deposit alone. The same act again changes nothing.
    Raises OwnRecord, FeesOpen, CardStillOut, NothingToRefund.
    """
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        # A surplus has no claim of its own: two desks would both pay it back.
        Person.objects.select_for_update().get(pk=act.person.pk)
        mine = OpenDeposit.objects.filter(person=act.person).select_for_update()
        claim = mine.first()
        if done := _paid_back(act):
            return done
        has_card = card_is_out(act.person.pk)
        deposit = 0 if has_card else refundable(act.person.pk)
        too_much = surplus(act.person.pk)
        if fees_open and deposit:
            if not too_much:
                raise FeesOpen
            deposit = 0
        if not deposit + too_much:
            raise CardStillOut if has_card and claim else NothingToRefund
        _pay_back(act, deposit, too_much)
        if deposit:
            mine.delete()
        return deposit + too_much


def _paid_back(act: Act) -> int:
    kinds = (Kind.DEPOSIT_REFUND, Kind.SURPLUS_REFUND)
    rows = LedgerEntry.objects.filter(act=act.id, kind__in=kinds)
    return sum(rows.values_list("cents", flat=True))


def _pay_back(act: Act, deposit: int, too_much: int) -> None:
    shift, receipt = till_of(act), next_receipt(act)
    for kind, cents in (
        (Kind.DEPOSIT_REFUND, deposit),
        (Kind.SURPLUS_REFUND, too_much),
    ):
        if cents:
            post(act=act, kind=kind, cents=cents, shift=shift, receipt=receipt)
    cents = deposit + too_much
    record(what="deposit_refunded", **act.about(cents=cents, receipt=str(receipt)))
    send_receipt(act, receipt)


def _leave(act: Act, to: Spot, reason: Why) -> Move:
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        if done := _left_by(act):
            return done
        held = Holding.objects.select_for_update(of=("self",)).select_related("card")
        claim = held.filter(person=act.person).first()
        if claim is None:
            # The same act, sent twice at once, has waited for itself.
            if done := _left_by(act):
                return done
            raise NoCard
        card = claim.card
        claim.delete()
        gone = stock.moved_by(act, card, to=to, reason=reason)
        _what_becomes_of_the_deposit(act, to, card)
        systems_look(act)
        record(what=f"card_{to.value}", **act.about(place=str(act.place)))
        return gone


def _left_by(act: Act) -> Move | None:
    return Move.objects.filter(act=act.id, source=Spot.PERSON).first()


def _what_becomes_of_the_deposit(act: Act, to: Spot, card: Card) -> None:
    """Keep it for a lost card, drop it where nobody ever paid it, else leave it."""
    claims = OpenDeposit.objects.filter(person=act.person).select_related("due")
    claim = claims.select_for_update().first()
    if claim is None:
        return
    if to is Spot.LOST:
        if cents := -balance(Account.DEPOSITS, person=act.person):
            post(act=act, kind=Kind.WRITE_OFF, cents=cents, card=card)
        claim.delete()
    elif to is Spot.RETURNED and (claim.settlement_id is None or _waived(claim)):
        _drop(act, claim)


def _waived(claim: OpenDeposit) -> bool:
    return refundable(claim.person_id) == 0


def _drop(act: Act, claim: OpenDeposit) -> None:
    if claim.settlement_id is None:
        due = LedgerEntry.objects.filter(
            person=act.person,
            act=claim.due.act,
            kind=Kind.DEPOSIT_DUE,
            reversed_by=None,
        )
        take_back(act=act, entries=list(due), why=Correction.CARD_BACK)
    claim.delete()


def holder_of(number: str) -> Person | None:
    """Give whoever has the card with this number."""
    held = Holding.objects.select_related("person").filter(card__number=number).first()
    return held.person if held else None
