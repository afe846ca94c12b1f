"""Every page in every view: photographed, and judged by axe-core.

``python -m tests.pictures`` runs it; the name keeps it out of the ordinary tests.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings

from tests.pictures.browsing import Camera, View, axe, overflows
from tests.pictures.campus_scenes import CAMPUS_SCENES
from tests.pictures.scenes import SCENES, Scene
from tests.services.chromium import DESKTOP, PHONE, Language, Scheme

VIEWS = [
    View(screen, language, scheme)
    for screen in (PHONE, DESKTOP)
    for language in get_args(Language)
    for scheme in get_args(Scheme)
]
ALBUM = Path(settings.ROOT) / "pictures"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_in_this_view(camera: Camera, view: View) -> None:
    assert photographed(camera, view, SCENES) == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_of_a_whole_campus_in_this_view(
    campus_camera: Camera, view: View
) -> None:
    assert photographed(campus_camera, view, CAMPUS_SCENES) == {}


def photographed(
    camera: Camera, view: View, scenes: Iterable[Scene]
) -> dict[str, list[str]]:
    """Put every scene into the album; give what is wrong with it."""
    album = ALBUM / str(view)
    album.mkdir(parents=True, exist_ok=True)
    found = {}
    for scene, page in camera.tour(view, scenes):
        page.screenshot(path=album / f"{scene}.png", full_page=True)
        findings = axe(page)
        if overflows(page):
            findings.append("The page is wider than the window.")
        if findings:
            found[scene.name] = findings
    return found
