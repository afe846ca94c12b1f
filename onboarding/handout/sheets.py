"""The list of a group on paper, for the day everything fails (DOMAIN, 95).

It says display names, card ends and boxes to tick; no birth date, address,
matriculation number or e-mail. A stamp says how old it is and when it expires.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.cards.models import Holding
from onboarding.cards.numbers import masked
from onboarding.enrolment.letter_type import (
    BOLD,
    MONO_BOLD,
    SANS,
    SOFT,
    Type,
    blank,
    fitting,
    put,
)
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.handout.figures import Mark, marks
from onboarding.handout.roster import boxes_of, shown_name
from onboarding.handout.turns import opening_week

Marked = Mapping[tuple[int, int], frozenset[Mark]]
LEFT, RIGHT, TOP, ROW = 14.0, 196.0, 14.0, 11.0
# Where the columns begin: name, card, number, time, and three boxes to tick.
NAME, TAIL, NUMBER, TIME = LEFT, 72.0, 96.0, 138.0
BOXES = (158.0, 171.0, 184.0)
A_PAGE = 20
# For whoever stands there and is on no list: the coordinator sorts it out.
EMPTY_ROWS = 3
HEAD, SMALL = Type(BOLD, 15, 19), Type(SANS, 8, 10, SOFT)
WORD, PLAIN = Type(SANS, 8, 10), Type(SANS, 10, 12)
NUMBERS = Type(MONO_BOLD, 9, 11)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One group, as the paper says it."""

    number: int
    where: str
    box: int
    rows: tuple[tuple[str, str], ...]


def sheets(groups: Sequence[TutorGroup], *, at: datetime) -> tuple[Sheet, ...]:
    """Give what stands on the paper of each group; as many questions for any."""
    places = GroupPlace.objects.filter(group__in=groups).select_related("person")
    held = Holding.objects.select_related("card")
    members: dict[int, list[GroupPlace]] = {one.pk: [] for one in groups}
    for place in places.prefetch_related(Prefetch("person__holding", held)):
        members[place.group_id].append(place)
    boxes, marked = boxes_of(groups), marks(at=at)
    return tuple(
        Sheet(
            number=one.number,
            where=one.meeting_point,
            box=len(boxes.get(one.pk, ())),
            rows=tuple(
                (shown_name(place.person), _tail(place, marked))
                for place in sorted(
                    members[one.pk], key=lambda place: place.person.sort_key
                )
            ),
        )
        for one in groups
    )


def as_pdf(*, groups: Sequence[TutorGroup], at: datetime, language: str) -> bytes:
    """Print the sheets of these groups into one file."""
    with override(language):
        title = _("Handing out cards: lists on paper")
        canvas = blank(size=A4, title=title, language=language)
        until = expires_on(at)
        for one in sheets(groups, at=at):
            _draw(canvas, one, at, until)
        return bytes(canvas.getpdfdata())


def expires_on(at: datetime) -> date:
    """Give the last day on which a sheet may be kept: the last of Opening Week."""
    today = timezone.localdate(at)
    week = opening_week(today)
    return week.opening_until if week and week.opening_until else today


def _tail(place: GroupPlace, marked: Marked) -> str:
    """Give the end of a card that somebody has; or say that it waits elsewhere."""
    held = getattr(place.person, "holding", None)
    if held:
        return masked(held.card.number)
    elsewhere = Mark.LIBRARY in marked[place.person_id, place.group_id]
    return _("library") if elsewhere else ""


def _draw(canvas: Canvas, sheet: Sheet, at: datetime, until: date) -> None:
    rows = [*sheet.rows, *[("", "")] * EMPTY_ROWS]
    pages = [rows[start : start + A_PAGE] for start in range(0, len(rows), A_PAGE)]
    for number, page in enumerate(pages, start=1):
        canvas.translate(0, A4[1])
        _draw_head(canvas, sheet, at, until)
        y = 52.0
        for name, tail in page:
            _draw_row(canvas, y, name, tail)
            y += ROW
        foot = _("Page %(page)d of %(pages)d of group %(group)d") % {
            "page": number,
            "pages": len(pages),
            "group": sheet.number,
        }
        put(canvas, LEFT, 286, foot, SMALL)
        canvas.showPage()


def _draw_head(canvas: Canvas, sheet: Sheet, at: datetime, until: date) -> None:
    title = _("Group %(number)s: Leuphana Cards") % {"number": sheet.number}
    put(canvas, LEFT, TOP + 4, title, HEAD)
    version = _("As of %(when)s. Give it back by %(until)s: then it is destroyed.") % {
        "when": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
        "until": date_format(until, "DATE_FORMAT"),
    }
    put(canvas, LEFT, TOP + 11, version, Type(BOLD, 8.5, 11))
    box = _("%(cards)d cards were in the box then. %(where)s") % {
        "cards": sheet.box,
        "where": sheet.where,
    }
    put(canvas, LEFT, TOP + 16, box, SMALL)
    how = _(
        "Only when the app fails: write number and time, tick one box for the deposit."
    )
    put(canvas, LEFT, TOP + 21, how, SMALL)
    words = ((NAME, _("Name")), (TAIL, _("Has card")), (NUMBER, _("Card number")))
    for x, word in (*words, (TIME, _("Time"))):
        put(canvas, x, 44, word, WORD)
    ticks = (_("paid"), _("open"), _("wants none"))
    for x, word in zip(BOXES, ticks, strict=True):
        kind, lines = fitting(word, WORD, 12 * mm, 2)
        for place, line in enumerate(reversed(lines)):
            put(canvas, x, 44 - place * 3, line, kind)
    _rule(canvas, 46)


def _draw_row(canvas: Canvas, y: float, name: str, tail: str) -> None:
    kind, lines = fitting(name, PLAIN, (TAIL - NAME - 2) * mm, 2)
    for place, line in enumerate(lines):
        put(canvas, NAME, y + place * kind.leading / mm, line, kind)
    put(canvas, TAIL, y, tail, NUMBERS)
    canvas.setLineWidth(0.6)
    canvas.setStrokeGray(0.3)
    if not tail:
        for x in BOXES:
            canvas.rect(x * mm, -(y + 0.8) * mm, 4 * mm, 4 * mm)
    _rule(canvas, y + ROW - 5.5)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setLineWidth(0.3)
    canvas.setStrokeGray(0.6)
    canvas.line(LEFT * mm, -y * mm, RIGHT * mm, -y * mm)
