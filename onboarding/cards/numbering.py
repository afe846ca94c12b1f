"""The numbers of receipts: without gaps at the desk, made on the phone by tutors."""

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from onboarding.cards.acts import Act
from onboarding.cards.models import Place, Receipt, ReceiptSeries

# How receipts of the library's desk are numbered: L26-00001.
DESK_SERIES = "L"


def next_receipt(act: Act) -> Receipt:
    """Give a receipt its number; it is free again where the act comes to nothing.

    A tutor's phone has written the number on the screen already, so it holds, unless
    another act had it first: then the next free one, and the coordinator sees both.
    """
    if act.place is Place.TUTOR and act.shift is not None and act.receipt_number:
        try:
            with transaction.atomic():
                receipt = _make(act, act.shift.series, act.receipt_number)
        except IntegrityError:
            return _make(act, act.shift.series, _next(act.shift.series))
        _raise_to(act.shift.series, act.receipt_number)
        return receipt
    series = act.shift.series if act.shift else f"{DESK_SERIES}{act.on:%y}"
    return _make(act, series, _next(series))


def _next(name: str) -> int:
    mine = _series(name)
    # Whoever is next waits for the end of this transaction.
    mine.update(last=F("last") + 1)
    return mine.get().last


def _raise_to(name: str, number: int) -> None:
    _series(name).filter(last__lt=number).update(last=number)


def _series(name: str) -> QuerySet[ReceiptSeries]:
    ReceiptSeries.objects.bulk_create([ReceiptSeries(name=name)], ignore_conflicts=True)
    return ReceiptSeries.objects.filter(name=name)


def _make(act: Act, series: str, number: int) -> Receipt:
    return Receipt.objects.create(
        series=series,
        number=number,
        person=act.person,
        by=act.by,
        at=act.at,
        place=act.place,
    )
