"""A film for Chromium's fake camera: each code in turn, before a dark background."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import segno
from PIL import Image, ImageDraw
from reportlab.graphics.barcode.code128 import Code128Auto

SIZE = (1280, 720)
# Chromium shows thirty pictures of such a film a second.
PICTURES = 24
MODULE = 5
HEIGHT = 220
DESK, SHEET, INK = (64, 60, 56), (255, 255, 255), (0, 0, 0)


def film(file: Path, codes: Sequence[str]) -> Path:
    """Write a film in which these codes follow each other again and again.

    An empty one is a look at the desk.
    """
    with file.open("wb") as out:
        for code in codes:
            picture = _picture(code)
            still = BytesIO()
            picture.save(still, "JPEG", quality=90)
            out.write(still.getvalue() * PICTURES)
    return file


def _picture(code: str) -> Image.Image:
    if not code:
        return Image.new("RGB", SIZE, DESK)
    return _qr(code) if code.startswith("H") else _bars(code)


def _bars(number: str) -> Image.Image:
    """Draw a card's barcode, a little askew, as a hand holds it."""
    code = Code128Auto(number)
    for step in (code.validate, code.encode, code.decompose):
        step()
    widths = [
        (ord(one.upper()) - ord("A") + 1, one.isupper()) for one in code.decomposed
    ]
    width = sum(modules for modules, _ in widths) * MODULE
    card = Image.new("RGB", (width + 160, HEIGHT + 160), SHEET)
    pen, left = ImageDraw.Draw(card), 80
    for modules, bar in widths:
        if bar:
            right = left + modules * MODULE - 1
            pen.rectangle((left, 80, right, 80 + HEIGHT), fill=INK)
        left += modules * MODULE
    return _on_the_desk(card.rotate(4, expand=True, fillcolor=DESK))


def _qr(handle: str) -> Image.Image:
    matrix = [list(row) for row in segno.make_qr(handle, error="q").matrix]
    side = len(matrix)
    code = Image.new("RGB", (side + 8, side + 8), SHEET)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                code.putpixel((x + 4, y + 4), INK)
    large = code.resize((480, 480), Image.Resampling.NEAREST)
    return _on_the_desk(large.rotate(-6, expand=True, fillcolor=DESK))


def _on_the_desk(thing: Image.Image) -> Image.Image:
    desk = Image.new("RGB", SIZE, DESK)
    left, top = ((SIZE[side] - thing.size[side]) // 2 for side in (0, 1))
    desk.paste(thing, (left, top))
    return desk
