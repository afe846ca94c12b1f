"""The week's sums as files for Finance: a table, and a sheet of paper."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.cards.amounts import euros
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.enrolment.letter_type import BOLD, SANS, SOFT, Type, blank, put
from onboarding.handout.summary import OF_BOXES, OF_TILLS, Summary

LEFT, RIGHT, VALUES = 20.0, 190.0, 150.0
LAST_LINE = 275.0
HEAD, SECOND = Type(BOLD, 16, 20), Type(BOLD, 11, 15)
PLAIN, SOFTLY = Type(SANS, 9.5, 13), Type(SANS, 8.5, 11, SOFT)


def table(summary: Summary) -> bytes:
    """Give every figure as a row of its own: what, whose, which, how much."""
    rows = [("what", "whose", "figure", "amount"), *_rows(summary)]
    return MARK + b"".join(row(one) for one in rows)


def as_pdf(summary: Summary, *, at: datetime, language: str) -> bytes:
    """Print the sums."""
    with override(language):
        title = _("Cards and cash of Opening Week")
        canvas = blank(size=A4, title=title, language=language)
        page = _Page(canvas)
        page.line(title, "", HEAD)
        page.line(
            _("As of %(when)s") % {"when": _when(at)},
            "",
            SOFTLY,
        )
        page.line(_verdict(summary), "", SECOND)
        for head, lines in _sections(summary):
            page.line(head, "", SECOND)
            for word, value in lines:
                page.line(word, value, PLAIN)
        canvas.showPage()
        return bytes(canvas.getpdfdata())


class _Page:
    """Lines down a page, and over to the next one."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self._y = canvas, 0.0
        self._begin()

    def line(self, word: str, value: str, kind: Type) -> None:
        step = kind.leading / mm + (3 if kind is SECOND else 0)
        if self._y + step > LAST_LINE:
            self._canvas.showPage()
            self._begin()
        self._y += step
        put(self._canvas, LEFT, self._y, word, kind)
        if value:
            put(self._canvas, VALUES, self._y, value, kind)

    def _begin(self) -> None:
        self._canvas.translate(0, A4[1])
        self._y = 18.0


def words() -> dict[str, str]:
    """Give the figures their names, in the language of the moment."""
    return {
        "put_in": _("put into the box"),
        "handed_out": _("handed out"),
        "back": _("back in the library"),
        "missing": _("missing"),
        "defective": _("defective"),
        "elsewhere": _("in another box, or blocked"),
        "lying": _("still there"),
        "unaccounted": _("unaccounted for"),
        "float_cents": _("float"),
        "taken": _("taken"),
        "difference": _("difference"),
        "counted": _("counted"),
        "handed_over": _("handed over"),
    }


def _rows(summary: Summary) -> Iterator[tuple[str, str, str, str]]:
    yield "cards", "all", "delivered", str(summary.cards)
    for spot, number in summary.spots:
        yield "cards", "all", spot.value, str(number)
    for box in summary.boxes:
        for name in OF_BOXES:
            yield "cards", f"group {box.group.number}", name, str(getattr(box, name))
    for till in summary.tills:
        whose = f"{till.shift} {till.shift.by.display_name}"
        for name in OF_TILLS:
            cents = getattr(till, name)
            amount = "" if cents is None else f"{cents / 100:.2f}"
            yield "cash", whose, name.removesuffix("_cents"), amount


def _sections(summary: Summary) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    names = words()
    spots = [(str(spot.label), str(number)) for spot, number in summary.spots]
    yield (
        _("Cards that came into the house: %(cards)d") % {"cards": summary.cards},
        spots,
    )
    yield (
        _("Boxes of all groups"),
        [(names[name], str(summary.whole[name])) for name in OF_BOXES],
    )
    yield (
        _("Cash of all tutors"),
        [(names[name], euros(summary.cash[name])) for name in OF_TILLS],
    )
    for till in summary.tills:
        lines = [
            (names[name], euros(getattr(till, name)))
            for name in OF_TILLS
            if getattr(till, name) is not None
        ]
        yield f"{till.shift}, {till.shift.by.display_name}", lines


def _verdict(summary: Summary) -> str:
    if summary.unaccounted_cards or summary.unaccounted_cents:
        return _("Something is unaccounted for.")
    if summary.settled:
        return _("Nothing is unaccounted for, and everything is back.")
    return _("Nothing is unaccounted for; some of it is not back yet.")


def _when(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
