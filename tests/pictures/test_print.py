"""The sheet with everything done, as a browser saves it."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.papers import about, fonts_left_behind
from tests.pictures.browsing import Camera, View
from tests.pictures.scenes import SCENES
from tests.services.chromium import DESKTOP, Language

pytestmark = pytest.mark.story

# How bright the palest words are, of 255.
INK = """() => Math.max(
    ...[...document.querySelectorAll("main :is(h1, h2, th, td, dt, dd)")]
        .map(one => Number(getComputedStyle(one).color.match(/\\d+/)[0])),
)"""


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [("de", "Deine Übersicht", "Benutzername"), ("en", "Your summary", "User name")],
)
def test_the_sheet_is_a_sound_pdf(
    camera: Camera, tmp_path: Path, language: Language, title: str, said: str
) -> None:
    (scene,) = [one for one in SCENES if one.name == "summary-arrived"]
    page = camera.shown(scene, camera.window(scene, View(DESKTOP, language, "light")))

    paper = page.pdf(format="A4", tagged=True)

    (sheet,) = PdfReader(io.BytesIO(paper)).pages
    assert said in sheet.extract_text()
    assert "Anneliese" in sheet.extract_text()
    assert about(paper).title == f"{title} – Leuphana Start"
    assert about(paper).language == language
    assert fonts_left_behind(paper, tmp_path) == []


def test_a_dark_screen_makes_no_pale_paper(camera: Camera) -> None:
    (scene,) = [one for one in SCENES if one.name == "summary-arrived"]
    page = camera.shown(scene, camera.window(scene, View(DESKTOP, "en", "dark")))
    dark = page.evaluate(INK)

    page.emulate_media(media="print", color_scheme="dark")

    assert dark > 200
    assert page.evaluate(INK) < 100
