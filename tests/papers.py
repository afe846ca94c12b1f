"""What a PDF says of itself, and whether everything in it comes along."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

HEADING_LINES = 2


@dataclass(frozen=True)
class About:
    """What stands on no page."""

    title: str
    author: str
    language: str


def about(paper: bytes) -> About:
    file = PdfReader(io.BytesIO(paper), strict=True)
    said = file.metadata
    assert said is not None
    return About(
        title=said.title or "",
        author=said.author or "",
        language=str(file.root_object.get("/Lang", "")),
    )


def fonts_left_behind(paper: bytes, folder: Path) -> list[str]:
    """Give the fonts that a reader would have to replace by its own."""
    file = folder / "paper.pdf"
    file.write_bytes(paper)
    said = subprocess.run(
        ["pdffonts", file], check=True, capture_output=True, text=True
    ).stdout
    fonts = [line.split() for line in said.splitlines()[HEADING_LINES:]]
    assert fonts
    # From the right: object number and its generation, unicode, subset, embedded.
    return [font[0] for font in fonts if font[-5] != "yes" or font[-3] != "yes"]
