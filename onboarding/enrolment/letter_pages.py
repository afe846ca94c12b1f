"""Activation letters as a file for the printer: one page per person."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from onboarding.enrolment import letter_design as design
from onboarding.enrolment.letter_type import blank
from onboarding.enrolment.letter_words import (
    BOTH,
    Words,
    languages,
    scanned_address,
    words,
    written_date,
)

# Nobody reads the file as text: binary streams are smaller and quicker to make.
rl_config.useA85 = 0

HEADER = b"%PDF-1.7\n"
# A comment, which means nothing wherever it stands (ISO 32000-1, 7.2.3).
HEARTBEAT = b"%\n"
LETTERS_A_BEAT = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on one letter; its secret shows in no trace of the object.

    ``language`` is "de", "en", or empty where nobody knows: then both are printed.
    """

    account_name: str
    initial_password: str = field(repr=False)
    display_name: str
    language: str
    valid_until: date


def pdf(letters: Iterable[Letter]) -> Iterator[bytes]:
    """Give a PDF in pieces: its header at once, signs of life, and then the rest.

    A download that stays silent for a minute would be cut on its way, and the letters
    in it would have to be issued again.
    """
    rest = iter(letters)
    yield HEADER
    first = [letter for letter in [next(rest, None)] if letter]
    pages = _Pages(languages(first[0].language if first else "")[0])
    silent = b""
    for number, letter in enumerate(chain(first, rest), start=1):
        pages.add(letter)
        if number % LETTERS_A_BEAT == 0:
            silent += HEARTBEAT
            yield HEARTBEAT
    file = pages.file()
    yield _moved(file, by=len(silent))[len(HEADER) :]


class _Pages:
    """A document that is being drawn."""

    def __init__(self, language: str) -> None:
        self._words = {one: words(one) for one in BOTH}
        title = self._words[language].title
        self._canvas = blank(size=A4, title=title, language=language)

    def add(self, letter: Letter) -> None:
        """Draw one page."""
        canvas = self._canvas
        tongues = languages(letter.language)
        self._draw_frames(tongues)
        canvas.translate(0, A4[1])
        canvas.addLiteral(f"/Span <</Lang ({tongues[0]})>> BDC")
        canvas.doForm(_frame("above", tongues))
        design.draw_name(canvas, letter.display_name)
        # "Hello" in each language, but the name only once.
        hello = " / ".join(self._words[one].hello for one in tongues)
        lower = design.draw_greeting(
            canvas, f"{hello} {letter.display_name},", languages=len(tongues)
        )
        canvas.translate(0, -lower * mm)
        canvas.doForm(_frame("below", tongues))
        put_secrets(canvas, letter, [self._words[one] for one in tongues])
        canvas.addLiteral("EMC")
        canvas.showPage()

    def file(self) -> bytes:
        """Give the whole file."""
        if self._canvas.getPageNumber() == 1:
            design.draw_nobody(self._canvas, _("No letter was made in this run."))
        return bytes(self._canvas.getpdfdata())

    def _draw_frames(self, tongues: tuple[str, ...]) -> None:
        """Draw once, to be shown on many pages, what is the same for everybody."""
        for name, draw in (("above", design.draw_above), ("below", design.draw_below)):
            frame = _frame(name, tongues)
            if not self._canvas.hasForm(frame):
                self._canvas.beginForm(frame, 0, -A4[1], A4[0], 0)
                draw(self._canvas, [self._words[one] for one in tongues])
                self._canvas.endForm()


def put_secrets(canvas: Canvas, letter: Letter, tongues: Sequence[Words]) -> None:
    """Draw what opens the account: to be read, and as a code."""
    valid_until = " · ".join(
        one.valid_until.format(date=written_date(letter.valid_until, one.language))
        for one in tongues
    )
    design.draw_secrets(
        canvas,
        account_name=letter.account_name,
        initial_password=letter.initial_password,
        valid_until=valid_until,
    )
    address = scanned_address(
        account_name=letter.account_name, secret=letter.initial_password
    )
    design.draw_code(canvas, address)


def _frame(name: str, tongues: tuple[str, ...]) -> str:
    return "-".join((name, *tongues))


def _moved(file: bytes, *, by: int) -> bytes:
    """Give the file with its table of places (ISO 32000-1, 7.5.4) moved by some bytes.

    What was sent between the header and the rest stands before everything it lists.
    """
    start = file.rindex(b"xref\n0 ", 0, file.rindex(b"startxref"))
    body, table = file[:start], file[start:]
    table = re.sub(
        rb"(\d{10}) (\d{5} n)", lambda m: b"%010d %b" % (int(m[1]) + by, m[2]), table
    )
    table = re.sub(
        rb"startxref\n(\d+)", lambda m: b"startxref\n%d" % (int(m[1]) + by), table
    )
    return body + table
