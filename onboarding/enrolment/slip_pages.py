"""A slip with an initial password, for the help desk's printer: one page of A5."""

from collections.abc import Sequence

from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.enrolment import letter_design as design
from onboarding.enrolment.letter_pages import Letter, put_secrets
from onboarding.enrolment.letter_type import BOLD, Type, blank, fitting, flow, put
from onboarding.enrolment.letter_words import Words, languages, words

SIZE = landscape(A5)
SUBJECT_TOP, NAME_TOP, CARD_TOP, STEPS_TOP = 18.0, 30.0, 35.0, 107.5
# With both languages on one slip the heading is smaller.
SUBJECT = Type(BOLD, 13, 16)
NAME_LINES = 1


def slip(letter: Letter) -> bytes:
    """Give the PDF of one slip; nothing of it is kept."""
    tongues = [words(one) for one in languages(letter.language)]
    subject = tongues[0].subject
    canvas = blank(size=SIZE, title=subject, language=tongues[0].language)
    canvas.translate(0, SIZE[1])
    _draw_head(canvas, tongues, letter.display_name)
    canvas.saveState()
    canvas.translate(0, (design.CARD_TOP - CARD_TOP) * mm)
    design.draw_card(canvas, tongues)
    put_secrets(canvas, letter, tongues)
    canvas.restoreState()
    _draw_foot(canvas, tongues)
    canvas.showPage()
    return bytes(canvas.getpdfdata())


def _draw_head(canvas: Canvas, tongues: Sequence[Words], name: str) -> None:
    put(canvas, design.LEFT, 10, tongues[0].university, Type(BOLD, 10, 13))
    y = SUBJECT_TOP
    for one in tongues:
        kind = SUBJECT if len(tongues) == 1 else SUBJECT.smaller(0.7)
        y = flow(canvas, design.PAGE, y, one.subject, kind)
    kind, lines = fitting(name, design.NAME, design.PAGE.width * mm, NAME_LINES)
    for line in lines:
        put(canvas, design.LEFT, NAME_TOP, line, kind)


def _draw_foot(canvas: Canvas, tongues: Sequence[Words]) -> None:
    """Draw the steps, and what keeps the slip safe; side by side in two languages."""
    halves = design.HALVES if len(tongues) > 1 else (design.PAGE,)
    for half, one in zip(halves, tongues, strict=True):
        y = STEPS_TOP
        for number, step in enumerate(one.steps.items, start=1):
            y = flow(canvas, half, y, f"{number}  {step}", design.NARROW)
        flow(canvas, half, y + 0.8, one.safety.items[-1], design.NARROW)
