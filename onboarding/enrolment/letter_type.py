"""Setting type on a page: fonts, line breaks, and marks above and below letters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

SANS = "DejaVuSans"
BOLD = "DejaVuSans-Bold"
MONO_BOLD = "DejaVuSansMono-Bold"
INK = 0.1
SOFT = 0.38

_shaping = Lock()


@dataclass(frozen=True, slots=True)
class Column:
    """Where lines begin and how long they may be, in millimetres."""

    left: float
    width: float

    def indented(self, by: float) -> "Column":
        """Give the room beside a number or a dash."""
        return Column(self.left + by, self.width - by)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: sizes in points, ink from 0 (black) to 1."""

    font: str
    size: float
    leading: float
    ink: float = INK

    def smaller(self, share: float) -> "Type":
        """Give the same in another size."""
        return replace(self, size=self.size * share, leading=self.leading * share)


@cache
def load_fonts() -> None:
    """Make the fonts known to reportlab, once per process."""
    for name in (SANS, BOLD, MONO_BOLD):
        pdfmetrics.registerFont(TTFont(name, settings.LETTER_FONTS / f"{name}.ttf"))


def blank(*, size: tuple[float, float], title: str, language: str) -> Canvas:
    """Begin a document that says what it is, whose, and in which language.

    The same drawing gives the same bytes, and every font comes along.
    """
    load_fonts()
    canvas = Canvas(
        BytesIO(),
        pagesize=size,
        pageCompression=1,
        invariant=1,
        lang=language,
        pdfVersion=(1, 7),
        # Otherwise each page would begin in one that is not in the file.
        initialFontName=SANS,
    )
    with override(language):
        canvas.setAuthor(_("Leuphana University Lüneburg"))
    canvas.setTitle(title)
    canvas.setSubject(title)
    canvas.setCreator("Leuphana Start")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def broken(text: str, kind: Type, width: float) -> list[str]:
    """Break a text into lines of at most ``width`` points; an endless word too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        attempt = f"{line} {word}" if line else word
        if _width(attempt, kind) <= width:
            line = attempt
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, kind, width)
        lines += full
    return [*lines, line] if line else lines


def fitting(text: str, kind: Type, width: float, most: int) -> tuple[Type, list[str]]:
    """Break a text into at most ``most`` lines, in smaller type where need be."""
    lines = broken(text, kind, width)
    while len(lines) > most:
        kind = kind.smaller(0.92)
        lines = broken(text, kind, width)
    return kind, lines


def put(canvas: Canvas, x: float, y: float, text: str, kind: Type) -> None:
    """Set one line; ``x`` and ``y`` in millimetres from the left and from the top."""
    canvas.setFillGray(kind.ink)
    canvas.setFont(kind.font, kind.size)
    at = (x * mm, -y * mm)
    if not any(map(unicodedata.combining, text)):
        canvas.drawString(*at, text)
        return
    # The font places the marks; what is copied out of the page stays the name.
    actual = text.encode("utf-16-be").hex()
    canvas.addLiteral(f"/Span <</ActualText <feff{actual}>>> BDC")
    for glyph, right, up in _shaped(text, kind):
        canvas.drawString(at[0] + right, at[1] + up, glyph)
    canvas.addLiteral("EMC")


def flow(canvas: Canvas, column: Column, y: float, text: str, kind: Type) -> float:
    """Set lines down from ``y``; give where the next line would stand (mm)."""
    for line in broken(text, kind, column.width * mm):
        put(canvas, column.left, y, line, kind)
        y += kind.leading / mm
    return y


def _width(text: str, kind: Type) -> float:
    return float(pdfmetrics.stringWidth(text, kind.font, kind.size))


def _pieces(word: str, kind: Type, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        # A mark never leaves its letter.
        full = _width(pieces[-1] + letter, kind) > width
        if pieces[-1] and full and not unicodedata.combining(letter):
            # Better after a hyphen than within a name.
            head, hyphen, tail = pieces[-1].rpartition("-")
            pieces[-1:] = [head + hyphen, tail] if hyphen else [tail, ""]
        pieces[-1] += letter
    return pieces


def _shaped(text: str, kind: Type) -> Iterator[tuple[str, float, float]]:
    """Give each glyph, as reportlab names it, and where it stands (points)."""
    loose = "".join(_loosened(letter) for letter in _LETTERS.findall(text))
    # reportlab notes glyphs without a character in the font that all pages share.
    with _shaping:
        shaped = shapeStr(loose, kind.font, kind.size, force=True)
    unit = kind.size / 1000
    pen = 0.0
    above = _NOT_LOOSE
    for glyph, place in zip(str(shaped), shaped.__shapeData__, strict=True):
        sign = loose[place.cluster]
        match unicodedata.combining(sign):
            case 0:
                above = 0 if sign == _JOINER else _NOT_LOOSE
            case 230:
                above += 1
        up = place.y_offset + max(above - 1, 0) * _STOREY
        yield glyph, pen + place.x_offset * unit, up * unit
        pen += place.x_advance * unit


# DejaVu has no place for a second mark on a letter whose first mark is part of it:
# the combining grapheme joiner (U+034F) keeps the two apart, so that each mark is
# set on the bare letter, and a second one above it is lifted here (in 1/1000 em).
_JOINER = "\u034f"
_STOREY = 130
_NOT_LOOSE = -100
_LETTERS = re.compile(r"\S[\u0300-\u036f]*|\s")


def _loosened(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    if len(letter) == 1 or len(unicodedata.normalize("NFD", letter[0])) == 1:
        return letter
    # A joiner hides from the font that the dot of the i has to go.
    return apart[0].replace("i", "ı") + _JOINER + apart[1:]
