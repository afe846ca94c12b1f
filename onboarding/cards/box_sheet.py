"""The sheet of paper that goes with a box, and is signed by both."""

from collections.abc import Sequence
from io import BytesIO

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.cards.models import Card
from onboarding.enrolment.letter_type import (
    BOLD,
    MONO_BOLD,
    SANS,
    SOFT,
    Column,
    Type,
    flow,
    load_fonts,
    put,
)
from onboarding.enrolment.models import TutorGroup

LEFT, WIDTH = 20.0, 170.0
HEAD, PLAIN = Type(BOLD, 20, 26), Type(SANS, 11, 15)
WORD, NUMBER = Type(SANS, 9, 12, SOFT), Type(MONO_BOLD, 10.5, 15)
COLUMNS, FIRST, STEP, LAST = 3, 76.0, 7.0, 200.0
ROWS = int((LAST - FIRST) / STEP)


def sheet(group: TutorGroup, cards: Sequence[Card], *, language: str) -> bytes:
    """Print a box's cards with room for both signatures, always the same."""
    load_fonts()
    paper = BytesIO()
    with override(language):
        canvas = Canvas(paper, pagesize=A4, invariant=1, lang=language)
        canvas.setTitle(_("Box of group %(number)s") % {"number": group.number})
        room = COLUMNS * ROWS
        pages = [cards[at : at + room] for at in range(0, len(cards), room)] or [cards]
        for page in pages:
            canvas.translate(0, A4[1])
            _head(canvas, group, len(cards))
            _numbers(canvas, page)
            _signatures(canvas)
            canvas.showPage()
        canvas.save()
    return paper.getvalue()


def _head(canvas: Canvas, group: TutorGroup, cards: int) -> None:
    put(canvas, LEFT, 24, "Leuphana Universität Lüneburg", Type(BOLD, 11, 15))
    title = _("Box of group %(number)s") % {"number": group.number}
    put(canvas, LEFT, 38, title, HEAD)
    when = ""
    if group.meets_at:
        when = date_format(timezone.localtime(group.meets_at), "DATETIME_FORMAT")
    where = ", ".join(part for part in (group.meeting_point, when) if part)
    y = flow(canvas, Column(LEFT, WIDTH), 48, where, PLAIN) if where else 48
    count = _("Cards in the box: %(cards)s") % {"cards": cards}
    put(canvas, LEFT, y + 4, count, Type(BOLD, 13, 18))
    handling = _("Whoever gives and whoever takes it count, each by themselves.")
    put(canvas, LEFT, y + 10, handling, WORD)


def _numbers(canvas: Canvas, cards: Sequence[Card]) -> None:
    for place, card in enumerate(cards):
        column, row = divmod(place, ROWS)
        x, y = LEFT + column * WIDTH / COLUMNS, FIRST + row * STEP
        canvas.setStrokeGray(0.4)
        canvas.setLineWidth(0.5)
        canvas.rect(x * mm, -y * mm, 3.2 * mm, 3.2 * mm)
        put(canvas, x + 6, y, card.number, NUMBER)


def _signatures(canvas: Canvas) -> None:
    sides = (
        (_("Given to the group"), 218.0),
        (_("Brought back to the library"), 250.0),
    )
    for title, y in sides:
        put(canvas, LEFT, y, title, Type(BOLD, 11, 15))
        for side, who in enumerate((_("Given by"), _("Taken by"))):
            x = LEFT + side * WIDTH / 2
            canvas.setStrokeGray(0.2)
            canvas.line(x * mm, -(y + 14) * mm, (x + 82) * mm, -(y + 14) * mm)
            blanks = _("%(who)s: name, cards counted, date, signature") % {"who": who}
            put(canvas, x, y + 18, blanks, Type(SANS, 7.5, 10, SOFT))
