"""The deposit: due with the card, paid or waived once; all of it in the ledger."""

from datetime import date
from enum import StrEnum

from django.db import transaction

from accounts.journal.record import record
from accounts.mailbox.reach import reachable
from accounts.people.questions import Question
from accounts.post.send import ask_for
from onboarding.cards import amounts
from onboarding.cards.acts import Act
from onboarding.cards.cash import till_of
from onboarding.cards.ledger import balance, net, post
from onboarding.cards.models import (
    Account,
    Card,
    Kind,
    LedgerEntry,
    OpenDeposit,
    Place,
    Reason,
    Receipt,
)
from onboarding.cards.numbering import next_receipt
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadySettled,
    MayNotWaive,
    NothingOpen,
    OwnRecord,
)

RECEIPT = "deposit_receipt"
# What can be due, in the order of a receipt: how it is paid, and how waived.
DUES: dict[Kind, tuple[Kind, ...]] = {
    Kind.DEPOSIT_DUE: (Kind.DEPOSIT_IN, Kind.DEPOSIT_WAIVER, Kind.WRITE_OFF_WAIVER),
    Kind.FEE_DUE: (Kind.FEE_IN, Kind.FEE_WAIVER),
    Kind.REPLACEMENT_DUE: (Kind.REPLACEMENT_IN, Kind.REPLACEMENT_WAIVER),
}


class Settlement(StrEnum):
    """What becomes of what is due."""

    PAID = "paid"
    WAIVED = "waived"
    OPEN = "open"


_HAS_ONE = Question(
    lambda person: OpenDeposit.objects.filter(person=person).values_list("pk")
)


def charge(*, act: Act, card: Card) -> None:
    """Make deposit and fee due with a card; who has a deposit here owes no other."""
    if _HAS_ONE(act.person.pk):
        return
    deposit, fee = amounts.deposit(on=act.on), fee_for(act.person.pk, on=act.on)
    due = [
        post(act=act, kind=kind, cents=cents, card=card)
        for kind, cents in (
            (Kind.DEPOSIT_DUE, deposit),
            (Kind.FEE_DUE, fee),
        )
        if cents
    ]
    if due:
        # Its key is the guard: a second one at the same instant undoes all of its act.
        OpenDeposit.objects.create(person=act.person, due=due[0])


def fee_for(person: int, *, on: date) -> int:
    """Give the library's fee in cents: a person (id) pays it once in all the years."""
    fee = amounts.library_fee(on=on)
    if not fee:
        return 0
    return 0 if net(LedgerEntry.objects.filter(person=person), Kind.FEE_DUE) else fee


def charge_replacement(*, act: Act, card: Card) -> None:
    """Make the fee due that a new card costs whoever lost the one before."""
    if cents := amounts.replacement_fee(on=act.on):
        post(act=act, kind=Kind.REPLACEMENT_DUE, cents=cents, card=card)


def settle(*, act: Act, how: Settlement, reason: Reason | None = None) -> None:
    """Have all that is due paid or waived (with a reason), in one transaction.

    The same act again changes nothing. Raises OwnRecord, NothingOpen, AlreadySettled,
    MayNotWaive, ActDiffers.
    """
    if how is Settlement.OPEN:
        return
    if how is Settlement.WAIVED and reason is None:
        raise TypeError(how)
    if how is Settlement.WAIVED and act.place is Place.TUTOR:
        raise MayNotWaive
    with transaction.atomic():
        if act.by.pk == act.person.pk:
            raise OwnRecord
        if done_before(act):
            return
        claim = _claim(act)
        due = open_dues(act.person.pk)
        if not due:
            raise (
                AlreadySettled(claim.settlement)
                if (claim and claim.settlement)
                else NothingOpen
            )
        paid = how is Settlement.PAID
        entry = _pay(act, due) if paid else _waive(act, due, reason)
        if claim is not None and claim.settlement is None:
            OpenDeposit.objects.filter(pk=claim.pk).update(settlement=entry)


def done_before(act: Act) -> bool:
    """Say whether this act has settled something; ActDiffers where for another."""
    kinds = [kind for ways in DUES.values() for kind in ways]
    done = LedgerEntry.objects.filter(act=act.id, kind__in=kinds, reverses=None).first()
    if done is not None and done.person_id != act.person.pk:
        raise ActDiffers
    return done is not None


def owed(person: int) -> int:
    """Give the cents that a person (id) still has to pay: a sum of the ledger."""
    return balance(Account.OPEN, person=person)


def open_dues(person: int) -> list[tuple[Kind, int]]:
    """Give what a person (id) has neither paid nor been waived, as kind and cents."""
    rows = LedgerEntry.objects.filter(person=person)
    open_now = []
    for due, done in DUES.items():
        cents = net(rows, due) - net(rows, *done)
        if due is Kind.DEPOSIT_DUE:
            cents += net(rows, Kind.SURPLUS_MOVED)
        if cents > 0:
            open_now.append((due, cents))
    return open_now


def keep_surplus(*, act: Act, cents: int) -> LedgerEntry:
    """Book money that was really taken though nothing was due: it is paid back later.

    The same act again changes nothing.
    """
    with transaction.atomic():
        done = LedgerEntry.objects.filter(act=act.id, kind=Kind.SURPLUS_IN).first()
        if done is not None:
            return done
        entry = post(
            act=act,
            kind=Kind.SURPLUS_IN,
            cents=cents,
            shift=till_of(act),
            receipt=next_receipt(act),
        )
        record(
            what="surplus_taken", **act.about(cents=cents, receipt=str(entry.receipt))
        )
        if entry.receipt is not None:
            send_receipt(act, entry.receipt)
        return entry


def _claim(act: Act) -> OpenDeposit | None:
    """Give the claim, held until the transaction ends: another desk has to wait."""
    mine = OpenDeposit.objects.filter(person=act.person)
    claim = mine.select_for_update().first()
    if claim is None or claim.settlement_id is None:
        return claim
    return mine.select_related("settlement__by").get()


def _pay(act: Act, due: list[tuple[Kind, int]]) -> LedgerEntry:
    shift, receipt = till_of(act), next_receipt(act)
    entries = [
        post(
            act=act,
            kind=DUES[kind][0],
            cents=cents,
            card=_card_of(act.person.pk, kind),
            shift=shift,
            receipt=receipt,
        )
        for kind, cents in due
    ]
    cents = sum(entry.cents for entry in entries)
    record(
        what="deposit_paid",
        **act.about(cents=cents, receipt=str(receipt), place=str(act.place)),
    )
    send_receipt(act, receipt)
    return entries[0]


def send_receipt(act: Act, receipt: Receipt) -> None:
    """Have the receipt mailed, where there is a proved address."""
    if address := reachable(act.person.pk):
        ask_for(
            person=act.person.pk,
            message=RECEIPT,
            address=address,
            occasion=f"{RECEIPT}:{receipt.pk}",
            at=act.at,
        )


def _waive(act: Act, due: list[tuple[Kind, int]], reason: Reason | None) -> LedgerEntry:
    entries = [
        post(
            act=act,
            kind=waiver,
            cents=cents,
            card=_card_of(act.person.pk, kind),
            reason=reason,
        )
        for kind, all_of_it in due
        for waiver, cents in _waivers(act, kind, all_of_it)
        if cents
    ]
    record(
        what="deposit_waived", **act.about(cents=sum(entry.cents for entry in entries))
    )
    return entries[0]


def _waivers(act: Act, due: Kind, cents: int) -> list[tuple[Kind, int]]:
    """Say from where a waiver comes: what a lost card left behind is held no more."""
    if due is not Kind.DEPOSIT_DUE:
        return [(DUES[due][1], cents)]
    held = min(cents, -balance(Account.DEPOSITS, person=act.person))
    return [(Kind.DEPOSIT_WAIVER, held), (Kind.WRITE_OFF_WAIVER, cents - held)]


def _card_of(person: int, due: Kind) -> Card | None:
    """Give the card with which something fell due last."""
    rows = LedgerEntry.objects.filter(person=person, kind=due, reverses=None)
    newest = rows.select_related("card").order_by("-pk").first()
    return newest.card if newest else None
