"""Receipts: what they say, and the sheet of paper that says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from accounts.people.models import Person
from onboarding.cards.amounts import euros
from onboarding.cards.models import (
    Account,
    Correction,
    Kind,
    LedgerEntry,
    Place,
    Receipt,
)
from onboarding.cards.numbers import masked
from onboarding.enrolment.letter_type import (
    BOLD,
    MONO_BOLD,
    SANS,
    SOFT,
    Column,
    Type,
    blank,
    flow,
    put,
)

LEFT, WIDTH, VALUES = 20.0, 170.0, 75.0
HEAD = Type(BOLD, 16, 20)
PLAIN, WORD = Type(SANS, 10.5, 14), Type(SANS, 10.5, 14, SOFT)
NUMBER = Type(MONO_BOLD, 10.5, 14)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a receipt says, in the language of whoever reads it."""

    number: str
    total: str
    purposes: tuple[tuple[str, str], ...]
    card: str
    person: str
    when: str
    received_by: str
    where: str
    # Money that went to the student instead of coming in.
    back: bool = False
    # Why the payment was taken back, where it was; its number stays used.
    void: str = ""
    # A deposit that comes back with the card.
    returns: bool = False
    key: int = 0


def printed(receipt: Receipt) -> Printed:
    """Put a receipt into words; the card's number is masked.

    It says what it said on the first day, also where accounts were merged since.
    """
    entries = [one for one in receipt.entries.all() if one.at == receipt.at]
    card = next((one.card.number for one in entries if one.card), "")
    purposes = {
        Kind.DEPOSIT_IN.value: _("Deposit for the Leuphana Card"),
        Kind.FEE_IN.value: _("Library fee, once"),
        Kind.REPLACEMENT_IN.value: _("Replacement of a lost card"),
        Kind.SURPLUS_IN.value: _("Paid though nothing was due"),
        Kind.DEPOSIT_REFUND.value: _("Deposit paid back"),
        Kind.SURPLUS_REFUND.value: _("Surplus paid back"),
    }
    back = any(one.credit == Account.CASH for one in entries)
    return Printed(
        number=str(receipt),
        total=euros(sum(entry.cents for entry in entries)),
        purposes=tuple((purposes[one.kind], euros(one.cents)) for one in entries),
        card=masked(card),
        person=receipt.person.display_name,
        when=date_format(timezone.localtime(receipt.at), "DATETIME_FORMAT"),
        received_by=receipt.by.display_name,
        where=str(Place(receipt.place).label),
        back=back,
        void=_why_void(list(receipt.entries.all())),
        returns=any(one.kind == Kind.DEPOSIT_IN for one in entries),
        key=receipt.pk,
    )


def receipts_of(person: Person) -> QuerySet[Receipt]:
    """Give all receipts of a person with what they say, the newest first.

    Those of accounts that were merged into the person's are the person's.
    """
    entries = LedgerEntry.objects.select_related("card", "reversed_by").order_by("pk")
    theirs = Q(person=person) | Q(person__merged_into=person)
    mine = Receipt.objects.filter(theirs).select_related("person", "by")
    return mine.prefetch_related(Prefetch("entries", entries)).order_by("-pk")


def _why_void(entries: Sequence[LedgerEntry]) -> str:
    counters = [getattr(one, "reversed_by", None) for one in entries]
    # What went on to another account stands there, under the same receipt.
    moved = [one for one in counters if one and one.reason == Correction.MERGED]
    counters = [one for one in counters if one not in moved]
    if not counters or None in counters:
        return ""
    return str(Correction(counters[0].reason).label) if counters[0] else ""


def as_pdf(receipt: Receipt, *, language: str) -> bytes:
    """Print a receipt, always the same."""
    size = landscape(A5)
    with override(language):
        title = f"{_('Receipt')} {receipt}"
        canvas = blank(size=size, title=title, language=language)
        canvas.translate(0, size[1])
        _draw(canvas, printed(receipt))
    return bytes(canvas.getpdfdata())


def _draw(canvas: Canvas, said: Printed) -> None:
    put(canvas, LEFT, 22, _("Leuphana University Lüneburg"), Type(BOLD, 11, 15))
    put(canvas, LEFT, 36, _("Receipt"), HEAD)
    rows = [
        (_("Number"), said.number, NUMBER),
        *([(_("Taken back"), said.void, Type(BOLD, 10.5, 14))] if said.void else []),
        *((purpose, amount, PLAIN) for purpose, amount in said.purposes),
        (
            _("Paid back in all") if said.back else _("Received in all"),
            said.total,
            Type(BOLD, 10.5, 14),
        ),
        *([(_("Card"), said.card, NUMBER)] if said.card else []),
        (_("Paid to") if said.back else _("Paid by"), said.person, PLAIN),
        (_("Paid by") if said.back else _("Received by"), said.received_by, PLAIN),
        (_("Where"), said.where, PLAIN),
        (_("When"), said.when, PLAIN),
    ]
    y = 50.0
    for word, value, kind in rows:
        put(canvas, LEFT, y, word, WORD)
        y = flow(canvas, Column(LEFT + VALUES, WIDTH - VALUES), y, value, kind) + 2
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.6)
    canvas.line(LEFT * mm, -(y + 1) * mm, (LEFT + WIDTH) * mm, -(y + 1) * mm)
    if said.void or not said.returns:
        return
    back = _("You get the deposit back when you return the card.")
    flow(canvas, Column(LEFT, WIDTH), y + 8, back, Type(SANS, 9, 12, SOFT))
