"""The deposit: due with the card, paid or waived once; all of it in the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from accounts.journal.record import Fact, record
from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from accounts.post.send import ask_for
from onboarding.cards import amounts
from onboarding.cards.models import (
    Account,
    Card,
    Kind,
    LedgerEntry,
    OpenDeposit,
    Place,
    Reason,
    Receipt,
    ReceiptSeries,
)
from onboarding.cards.refusals import AlreadySettled, NothingOpen, OwnRecord

RECEIPT = "deposit_receipt"
# Which account each kind moves cents to (debit), and from which (credit).
SIDES: dict[Kind, tuple[Account, Account]] = {
    Kind.DEPOSIT_DUE: (Account.OPEN, Account.DEPOSITS),
    Kind.DEPOSIT_IN: (Account.CASH, Account.OPEN),
    Kind.DEPOSIT_WAIVER: (Account.DEPOSITS, Account.OPEN),
    Kind.DEPOSIT_REFUND: (Account.DEPOSITS, Account.CASH),
    Kind.FEE_DUE: (Account.OPEN, Account.FEES),
    Kind.FEE_IN: (Account.CASH, Account.OPEN),
    Kind.FEE_WAIVER: (Account.FEES, Account.OPEN),
}
# How receipts of the library's desk are numbered: L26-00001.
DESK_SERIES = "L"


class Settlement(StrEnum):
    """What becomes of what is due."""

    PAID = "paid"
    WAIVED = "waived"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something for whom, when and where, under an id of its own."""

    id: UUID
    person: Person
    by: Person
    at: datetime
    place: Place = Place.DESK

    @property
    def on(self) -> date:
        """Give the day of it."""
        return timezone.localdate(self.at)


def charge(*, act: Act, card: Card) -> None:
    """Make deposit and fee due with a card; who has a deposit here owes no other."""
    if OpenDeposit.objects.filter(person=act.person).exists():
        return
    tariff = {
        Kind.DEPOSIT_DUE: amounts.deposit(on=act.on),
        Kind.FEE_DUE: amounts.library_fee(on=act.on),
    }
    due = [_post(act, kind, cents, card) for kind, cents in tariff.items() if cents]
    if due:
        # Its key is the guard: a second one at the same instant undoes all of its act.
        OpenDeposit.objects.create(person=act.person, due=due[0])


def settle(*, act: Act, how: Settlement, reason: Reason | None = None) -> None:
    """Have what is due paid or waived (with a reason), in one transaction.

    The same act again changes nothing. Raises OwnRecord, NothingOpen, AlreadySettled.
    """
    if how is Settlement.OPEN:
        return
    if how is Settlement.WAIVED and reason is None:
        raise TypeError(how)
    with transaction.atomic():
        if act.by.pk == act.person.pk:
            raise OwnRecord
        claim = _claim(act.person)
        if claim is None:
            raise NothingOpen
        if claim.settlement is not None:
            if claim.settlement.act == act.id:
                return
            raise AlreadySettled(claim.settlement)
        paid = how is Settlement.PAID
        entry = _pay(act, claim) if paid else _waive(act, claim, reason)
        OpenDeposit.objects.filter(pk=claim.pk).update(settlement=entry)


def owed(person: int) -> int:
    """Give the cents that a person (id) still has to pay: a sum of the ledger."""
    mine = LedgerEntry.objects.filter(person=person)
    return _total(mine.filter(debit=Account.OPEN)) - _total(
        mine.filter(credit=Account.OPEN)
    )


def _claim(person: Person) -> OpenDeposit | None:
    """Give the claim, held until the transaction ends: another desk has to wait."""
    mine = OpenDeposit.objects.filter(person=person)
    claim = mine.select_for_update().first()
    if claim is None or claim.settlement_id is None:
        return claim
    return mine.select_related("settlement__by").get()


def _pay(act: Act, claim: OpenDeposit) -> LedgerEntry:
    receipt = _receipt(act)
    kinds = {Kind.DEPOSIT_DUE: Kind.DEPOSIT_IN, Kind.FEE_DUE: Kind.FEE_IN}
    entries = [
        _post(act, kinds[due], cents, claim.due.card, receipt=receipt)
        for due, cents in _open(act.person)
    ]
    cents = sum(entry.cents for entry in entries)
    _note("deposit_paid", act, cents=cents, receipt=str(receipt))
    if address := reachable(act.person.pk):
        ask_for(
            person=act.person.pk,
            message=RECEIPT,
            address=address,
            occasion=f"{RECEIPT}:{receipt.pk}",
            at=act.at,
        )
    return entries[0]


def _waive(act: Act, claim: OpenDeposit, reason: Reason | None) -> LedgerEntry:
    kinds = {Kind.DEPOSIT_DUE: Kind.DEPOSIT_WAIVER, Kind.FEE_DUE: Kind.FEE_WAIVER}
    entries = [
        _post(act, kinds[due], cents, claim.due.card, reason=reason)
        for due, cents in _open(act.person)
    ]
    _note("deposit_waived", act, cents=sum(entry.cents for entry in entries))
    return entries[0]


def _open(person: Person) -> list[tuple[Kind, int]]:
    """Give what is due and neither paid nor waived, deposit before fee."""
    rows = LedgerEntry.objects.filter(person=person)
    open_now = []
    for due, *done in (
        (Kind.DEPOSIT_DUE, Kind.DEPOSIT_IN, Kind.DEPOSIT_WAIVER),
        (Kind.FEE_DUE, Kind.FEE_IN, Kind.FEE_WAIVER),
    ):
        cents = _total(rows.filter(kind=due)) - _total(rows.filter(kind__in=done))
        if cents > 0:
            open_now.append((due, cents))
    return open_now


def _total(rows: QuerySet[LedgerEntry]) -> int:
    return int(rows.aggregate(all=Sum("cents"))["all"] or 0)


def _note(what: str, act: Act, **facts: Fact) -> None:
    record(what=what, at=act.at, whom=act.person.pk, who=act.by.pk, facts=facts)


def _post(  # noqa: PLR0913 - money has that many sides
    act: Act,
    kind: Kind,
    cents: int,
    card: Card | None,
    *,
    reason: Reason | None = None,
    receipt: Receipt | None = None,
) -> LedgerEntry:
    debit, credit = SIDES[kind]
    return LedgerEntry.objects.create(
        act=act.id,
        kind=kind,
        cents=cents,
        debit=debit,
        credit=credit,
        person=act.person,
        card=card,
        by=act.by,
        at=act.at,
        place=act.place,
        reason=reason or "",
        receipt=receipt,
    )


def _receipt(act: Act) -> Receipt:
    """Give a receipt its number; it is free again where the act comes to nothing."""
    name = f"{DESK_SERIES}{act.on:%y}"
    ReceiptSeries.objects.bulk_create([ReceiptSeries(name=name)], ignore_conflicts=True)
    mine = ReceiptSeries.objects.filter(name=name)
    # Whoever is next waits for the end of this transaction.
    mine.update(last=F("last") + 1)
    return Receipt.objects.create(
        series=name,
        number=mine.values_list("last", flat=True).get(),
        person=act.person,
        by=act.by,
        at=act.at,
        place=act.place,
    )
