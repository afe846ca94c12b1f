"""Where things stand on an activation letter, in millimetres from the top left.

Name and folding marks stand where DIN 5008 (form B) has them; user name and initial
password lie in the middle third, out of sight of the envelope's window.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.enrolment.letter_type import (
    BOLD,
    MONO_BOLD,
    SANS,
    SOFT,
    Column,
    Type,
    fitting,
    flow,
    put,
)
from onboarding.enrolment.letter_words import Words, printed_address

LEFT, RIGHT = 25.0, 190.0
PAGE = Column(LEFT, RIGHT - LEFT)
FOLDS = (105.0, 210.0)
WINDOW, WINDOW_TOP, WINDOW_LINES = Column(LEFT, 78.0), 62.0, 4
HELP, HELP_TOP = Column(127.0, 63.0), 52.0
SUBJECT_TOP = 100.0
# What follows moves down by one line for every further line of the greeting.
GREETING_TOP, GREETING_LINES = 113.0, 3
INVITATION_TOP = 119.5
# With both languages on one page everything is closer, and the invitation gives way.
CLOSER, CLOSER_STILL = 4.0, 20.0
CARD_TOP, CARD_HEIGHT, CARD_PADDING = 132.0, 58.0, 7.0
COLUMNS_TOP = 205.0
STEPS = Column(LEFT, 92.0)
HALVES = (Column(LEFT, 80.0), Column(110.0, 80.0))
# A code of 37 modules (version 5) is 36 mm wide without its quiet zone.
QR_SIZE, QUIET_ZONE = 44.0, 4

PLAIN = Type(SANS, 9.5, 13.5)
SMALL = Type(SANS, 8, 10.6)
NARROW = Type(SANS, 7.5, 9.5)
SOFTLY = Type(SANS, 8, 11, SOFT)
HEAD = Type(BOLD, 9.5, 13.5)
SUBJECT = Type(BOLD, 16, 20)
NAME = Type(SANS, 12, 15)
ADDRESS = Type(MONO_BOLD, 12, 15)
ACCOUNT = Type(MONO_BOLD, 16, 19)
SECRET = Type(MONO_BOLD, 20, 24)

# Weighing all eight masks takes five times as long as all the rest of a code, and
# readers need none in particular.
MASK = 3


def draw_above(canvas: Canvas, tongues: Sequence[Words]) -> None:
    """Draw what stands above the greeting and is the same for everybody."""
    put(canvas, LEFT, 25, tongues[0].university, Type(BOLD, 12, 15))
    put(canvas, LEFT, 55, _both(*(one.personal for one in tongues)), SOFTLY)
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.4)
    for fold in FOLDS:
        canvas.line(6 * mm, -fold * mm, 11 * mm, -fold * mm)
    y = HELP_TOP
    for one in tongues:
        y = flow(canvas, HELP, y, one.help.title, Type(BOLD, 8.5, 12))
    for line in tongues[0].help.items:
        y = flow(canvas, HELP, y + 0.6, line, SMALL)
    y, kind = SUBJECT_TOP, SUBJECT
    if len(tongues) > 1:
        y, kind = SUBJECT_TOP - CLOSER, SUBJECT.smaller(0.8)
    for one in tongues:
        y = flow(canvas, PAGE, y, one.subject, kind)


def draw_name(canvas: Canvas, name: str) -> None:
    """Draw the name where the envelope's window shows it."""
    kind, lines = fitting(name, NAME, WINDOW.width * mm, WINDOW_LINES)
    for number, line in enumerate(lines):
        put(canvas, LEFT, WINDOW_TOP + number * kind.leading / mm, line, kind)


def draw_greeting(canvas: Canvas, greeting: str, *, languages: int) -> float:
    """Draw the greeting; give by how much what follows has to move down."""
    kind, lines = fitting(greeting, PLAIN, PAGE.width * mm, GREETING_LINES)
    top = GREETING_TOP - (CLOSER if languages > 1 else 0)
    for number, line in enumerate(lines):
        put(canvas, LEFT, top + number * kind.leading / mm, line, kind)
    saved = CLOSER_STILL if languages > 1 else 0
    return (len(lines) - 1) * kind.leading / float(mm) - saved


def draw_below(canvas: Canvas, tongues: Sequence[Words]) -> None:
    """Draw what stands below the greeting and is the same for everybody."""
    draw_card(canvas, tongues)
    if len(tongues) == 1:
        (one,) = tongues
        flow(canvas, PAGE, INVITATION_TOP, one.invitation, PLAIN)
        _steps(canvas, STEPS, COLUMNS_TOP, one, PLAIN)
        _surroundings(canvas, HELP, COLUMNS_TOP, one, SMALL)
        return
    for half, one in zip(HALVES, tongues, strict=True):
        canvas.addLiteral(f"/Span <</Lang ({one.language})>> BDC")
        y = _steps(canvas, half, COLUMNS_TOP + 2.5, one, NARROW)
        _surroundings(canvas, half, y, one, NARROW)
        canvas.addLiteral("EMC")


def draw_card(canvas: Canvas, tongues: Sequence[Words]) -> None:
    """Draw the card that user name, initial password and code stand on."""
    canvas.setFillGray(0.945)
    canvas.roundRect(
        LEFT * mm,
        -(CARD_TOP + CARD_HEIGHT) * mm,
        (RIGHT - LEFT) * mm,
        CARD_HEIGHT * mm,
        3 * mm,
        stroke=0,
        fill=1,
    )
    canvas.setFillGray(1)
    canvas.roundRect(
        (RIGHT - CARD_PADDING - QR_SIZE) * mm,
        -(CARD_TOP + (CARD_HEIGHT + QR_SIZE) / 2) * mm,
        QR_SIZE * mm,
        QR_SIZE * mm,
        1.5 * mm,
        stroke=0,
        fill=1,
    )
    x, y = LEFT + CARD_PADDING, CARD_TOP + CARD_PADDING
    put(canvas, x, y + 1, _both(*(one.address for one in tongues)), SOFTLY)
    kind, lines = fitting(printed_address(), ADDRESS, 100 * mm, 1)
    put(canvas, x, y + 6.5, lines[0], kind)
    put(canvas, x, y + 14.5, _both(*(one.user_name for one in tongues)), SOFTLY)
    put(canvas, x, y + 29, _both(*(one.initial_password for one in tongues)), SOFTLY)
    y = CARD_TOP + CARD_HEIGHT + 5
    for one in tongues:
        y = flow(canvas, PAGE, y, one.never_contains, SOFTLY)


def draw_secrets(
    canvas: Canvas, *, account_name: str, initial_password: str, valid_until: str
) -> None:
    """Draw user name, initial password and the day up to which it is valid."""
    x, y = LEFT + CARD_PADDING, CARD_TOP + CARD_PADDING
    put(canvas, x, y + 21.5, account_name, ACCOUNT)
    put(canvas, x, y + 37, initial_password, SECRET)
    put(canvas, x, y + 45, valid_until, SMALL)


def draw_code(canvas: Canvas, address: str) -> None:
    """Draw the QR code (level M) as one shape, which no reader of files can blur."""
    code = segno.make_qr(address, error="m", boost_error=False, mask=MASK)
    modules = len(code.matrix) + 2 * QUIET_ZONE
    unit = QR_SIZE * mm / modules
    left = (RIGHT - CARD_PADDING - QR_SIZE) * mm
    top = -(CARD_TOP + (CARD_HEIGHT - QR_SIZE) / 2) * mm
    canvas.addLiteral(
        f"q 0 g {unit:.5f} 0 0 {-unit:.5f}"
        f" {left + QUIET_ZONE * unit:.3f} {top - QUIET_ZONE * unit:.3f} cm"
    )
    canvas.addLiteral(_dark(code.matrix))
    canvas.addLiteral("f Q")


def draw_nobody(canvas: Canvas, sentence: str) -> None:
    """Draw the page of a run that made no letter."""
    canvas.translate(0, A4[1])
    flow(canvas, PAGE, SUBJECT_TOP, sentence, HEAD)


def _dark(matrix: Sequence[bytearray]) -> str:
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        for dark, modules in groupby(row):
            length = len(list(modules))
            if dark:
                runs.append(f"{x} {y} {length} 1 re")
            x += length
    return " ".join(runs)


def _steps(canvas: Canvas, column: Column, y: float, one: Words, kind: Type) -> float:
    put(canvas, column.left, y, one.steps.title, HEAD)
    y += HEAD.leading / mm + 0.5
    for number, step in enumerate(one.steps.items, start=1):
        put(canvas, column.left, y, f"{number}", replace(kind, font=BOLD))
        y = flow(canvas, column.indented(6), y, step, kind) + 1.4
    return y + 1.2


def _surroundings(
    canvas: Canvas, column: Column, y: float, one: Words, kind: Type
) -> None:
    for part in (one.at_hand, one.safety):
        put(canvas, column.left, y, part.title, HEAD)
        y += HEAD.leading / mm
        for item in part.items:
            put(canvas, column.left, y, "–", kind)
            y = flow(canvas, column.indented(4), y, item, kind) + 0.6
        y += 1.6


def _both(*texts: str) -> str:
    return " · ".join(dict.fromkeys(texts))
