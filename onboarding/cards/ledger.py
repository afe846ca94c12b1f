"""Posting to the ledger, and reading it: balances are sums, never columns."""

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.models import (
    Account,
    Card,
    Correction,
    Kind,
    LedgerEntry,
    Reason,
    Receipt,
    Shift,
)

# Which account each kind moves cents to (debit), and from which (credit).
SIDES: dict[Kind, tuple[Account, Account]] = {
    Kind.DEPOSIT_DUE: (Account.OPEN, Account.DEPOSITS),
    Kind.DEPOSIT_IN: (Account.CASH, Account.OPEN),
    Kind.DEPOSIT_WAIVER: (Account.DEPOSITS, Account.OPEN),
    Kind.DEPOSIT_REFUND: (Account.DEPOSITS, Account.CASH),
    Kind.WRITE_OFF: (Account.DEPOSITS, Account.FORFEITED),
    Kind.WRITE_OFF_WAIVER: (Account.FORFEITED, Account.OPEN),
    Kind.FEE_DUE: (Account.OPEN, Account.FEES),
    Kind.FEE_IN: (Account.CASH, Account.OPEN),
    Kind.FEE_WAIVER: (Account.FEES, Account.OPEN),
    Kind.REPLACEMENT_DUE: (Account.OPEN, Account.REPLACEMENTS),
    Kind.REPLACEMENT_IN: (Account.CASH, Account.OPEN),
    Kind.REPLACEMENT_WAIVER: (Account.REPLACEMENTS, Account.OPEN),
    Kind.SURPLUS_IN: (Account.CASH, Account.SURPLUS),
    Kind.SURPLUS_MOVED: (Account.OPEN, Account.SURPLUS),
    Kind.SURPLUS_REFUND: (Account.SURPLUS, Account.CASH),
    Kind.FLOAT_OUT: (Account.CASH, Account.SAFE),
    Kind.HAND_OVER: (Account.SAFE, Account.CASH),
    Kind.OVER: (Account.CASH, Account.DIFFERENCES),
    Kind.SHORT: (Account.DIFFERENCES, Account.CASH),
}


def post(  # noqa: PLR0913 - money has that many sides
    *,
    act: Act,
    kind: Kind,
    cents: int,
    card: Card | None = None,
    shift: Shift | None = None,
    reason: Reason | None = None,
    receipt: Receipt | None = None,
) -> LedgerEntry:
    """Move cents for a person; where cash moves, ``shift`` says in whose till."""
    debit, credit = SIDES[kind]
    return LedgerEntry.objects.create(
        act=act.id,
        kind=kind,
        cents=cents,
        debit=debit,
        credit=credit,
        person=act.person,
        card=card,
        shift=shift if Account.CASH in (debit, credit) else None,
        by=act.by,
        at=act.at,
        place=act.place,
        reason=reason or "",
        receipt=receipt,
    )


def take_back(*, act: Act, entries: Iterable[LedgerEntry], why: Correction) -> None:
    """Post a counter-entry for each of these; the entries themselves stay."""
    for entry in entries:
        LedgerEntry.objects.create(
            act=act.id,
            kind=entry.kind,
            cents=entry.cents,
            debit=entry.credit,
            credit=entry.debit,
            person_id=entry.person_id,
            card_id=entry.card_id,
            shift_id=entry.shift_id,
            by=act.by,
            at=act.at,
            place=act.place,
            reason=why,
            reverses=entry,
        )


def balance(account: Account, **of: Person | Shift | int) -> int:
    """Give the cents that stand in an account; ``of`` narrows it down."""
    rows = LedgerEntry.objects.filter(**of)
    return total(rows.filter(debit=account)) - total(rows.filter(credit=account))


def net(rows: QuerySet[LedgerEntry], *kinds: Kind) -> int:
    """Give the cents of these kinds, less those that were taken back."""
    mine = rows.filter(kind__in=kinds)
    return total(mine.filter(reverses=None)) - total(mine.exclude(reverses=None))


def total(rows: QuerySet[LedgerEntry]) -> int:
    """Add the cents up."""
    return int(rows.aggregate(all=Sum("cents"))["all"] or 0)
