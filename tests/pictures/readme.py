"""The README's pictures, taken from the running portal: ``docs/pictures``.

``python -m tests.pictures --readme`` runs it. Looked at, they are committed.
"""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import ViewportSize

from onboarding.enrolment.letter_pages import Letter, pdf
from tests.pictures.browsing import Camera, View
from tests.pictures.scenes import SCENES, SECRET
from tests.services.chromium import DESKTOP, PHONE

ALBUM = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 150_000
PICTURES = {
    "start-phone": ("start", View(PHONE, "en", "light")),
    "activate-phone-dark": ("activate", View(PHONE, "de", "dark")),
    "journey-phone": ("journey", View(PHONE, "de", "light")),
    "journey-desktop": ("journey", View(DESKTOP, "en", "light")),
    "import-desktop": ("import-waiting", View(DESKTOP, "en", "light")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture(camera: Camera, name: str) -> None:
    scene_name, view = PICTURES[name]
    (scene,) = [one for one in SCENES if one.name == scene_name]
    page = camera.window(scene, view)
    camera.shown(scene, page)
    page.set_viewport_size(
        ViewportSize(width=view.screen.width, height=view.screen.height)
    )

    page.screenshot(path=ALBUM / f"{name}.png", scale="css")

    assert (ALBUM / f"{name}.png").stat().st_size < LARGEST


def test_a_letter(settings: LazySettings, tmp_path: Path) -> None:
    settings.PORTAL_URL = "https://start.leuphana.example"
    letter = Letter(
        account_name="lg1250001",
        initial_password=SECRET,
        display_name="Cem Sondermann",
        language="de",
        valid_until=timezone.localdate() + timedelta(days=60),
    )
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"".join(pdf([letter])))

    subprocess.run(
        [
            *("pdftoppm", "-png", "-r", "72", "-gray", "-singlefile"),
            *(str(file), str(ALBUM / "letter")),
        ],
        check=True,
    )

    assert (ALBUM / "letter.png").stat().st_size < LARGEST
