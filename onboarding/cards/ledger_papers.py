"""A period of the ledger to take along: every entry as CSV, the sums as PDF."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.cards.amounts import euros
from onboarding.cards.bookkeeping import Period, balances, by_kind, entries
from onboarding.cards.models import (
    Account,
    Correction,
    Kind,
    LedgerEntry,
    Place,
    Reason,
    Shift,
)
from onboarding.cards.numbers import masked
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.enrolment.letter_type import BOLD, SANS, SOFT, Type, load_fonts, put

LEFT, RIGHT, BOTTOM = 20.0, 190.0, 275.0
HEAD, PART = Type(BOLD, 16, 20), Type(BOLD, 11, 15)
PLAIN, WORD = Type(SANS, 9.5, 13), Type(SANS, 9.5, 13, SOFT)
LINE = 6.0
Row = tuple[str, str, str]


def table(period: Period) -> Iterator[bytes]:
    """Give every entry of a period as CSV (RFC 4180), in the reader's language.

    Nobody is named: there is a user name where money is about somebody, and the ends
    of the card's number.
    """
    yield MARK + row(
        (
            _("When"),
            _("What"),
            _("Debit account"),
            _("Credit account"),
            _("Amount in euros"),
            _("User name"),
            _("Card"),
            _("Receipt"),
            _("Till"),
            _("Where"),
            _("Reason"),
            _("Takes back receipt"),
        )
    )
    for entry in entries(period).iterator(chunk_size=500):
        yield row(_cells(entry))


def as_pdf(period: Period, *, language: str) -> bytes:
    """Print the sums of a period and how the accounts stand at its end."""
    load_fonts()
    paper = BytesIO()
    with override(language):
        canvas = Canvas(paper, pagesize=A4, invariant=1, lang=language)
        canvas.setTitle(_("Deposits and fees"))
        canvas.translate(0, A4[1])
        _draw(canvas, period)
        canvas.save()
    return paper.getvalue()


def _cells(entry: LedgerEntry) -> tuple[str, ...]:
    before = entry.reverses.receipt if entry.reverses else None
    return (
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
        str(Kind(entry.kind).label),
        str(Account(entry.debit).label),
        str(Account(entry.credit).label),
        number_format(Decimal(entry.cents) / 100, decimal_pos=2),
        entry.person.account_name if entry.person else "",
        masked(entry.card.number) if entry.card else "",
        str(entry.receipt) if entry.receipt else "",
        _till(entry.shift),
        str(Place(entry.place).label),
        _reason(entry.reason),
        str(before) if before else "",
    )


def _till(shift: Shift | None) -> str:
    if shift is None:
        return ""
    return f"{shift} {timezone.localtime(shift.opened_at):%Y-%m-%d %H:%M}"


def _reason(code: str) -> str:
    known = {**dict(Reason.choices), **dict(Correction.choices)}
    return str(known.get(code, code))


def _draw(canvas: Canvas, period: Period) -> None:
    put(canvas, LEFT, 22, "Leuphana Universität Lüneburg", PART)
    put(canvas, LEFT, 36, _("Deposits and fees"), HEAD)
    days = {
        "first": date_format(period.first, "DATE_FORMAT"),
        "last": date_format(period.last, "DATE_FORMAT"),
    }
    put(canvas, LEFT, 44, _("%(first)s to %(last)s") % days, WORD)
    posted = [
        (str(one.kind.label), euros(one.cents), euros(one.taken_back))
        for one in by_kind(period)
    ]
    stands = [
        (
            str(one.account.label),
            euros(one.debit) if one.debit else "",
            euros(one.credit) if one.credit else "",
        )
        for one in balances(before=period.ends)
    ]
    y = _part(canvas, 58, (_("Posted"), _("Amount"), _("Taken back")), posted)
    head = (_("Accounts at the end"), _("Debit"), _("Credit"))
    _part(canvas, y + 10, head, stands)


def _part(canvas: Canvas, y: float, head: Row, rows: list[Row]) -> float:
    for place, (word, one, other) in enumerate([head, *rows]):
        kind = PLAIN if place else PART
        put(canvas, LEFT, y, word, kind)
        _right(canvas, 150, y, one, kind)
        _right(canvas, RIGHT, y, other, kind)
        y += LINE
    canvas.setStrokeGray(0.6)
    canvas.line(LEFT * mm, -(y - 3) * mm, RIGHT * mm, -(y - 3) * mm)
    return y


def _right(canvas: Canvas, x: float, y: float, text: str, kind: Type) -> None:
    canvas.setFillGray(kind.ink)
    canvas.setFont(kind.font, kind.size)
    canvas.drawRightString(x * mm, -y * mm, text)
