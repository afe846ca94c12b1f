"""Nobody is shut out: axe-core finds nothing, and nothing runs off a phone.

Here every scene is looked at in one language; ``python -m tests.pictures`` goes through
the whole grid.
"""

from collections.abc import Iterable

import pytest
from playwright.sync_api import ViewportSize

from tests.pictures.browsing import Camera, View, axe, overflows
from tests.pictures.campus_scenes import CAMPUS_SCENES
from tests.pictures.scenes import SCENES, Scene
from tests.services.chromium import DESKTOP, PHONE, Browse, Language

pytestmark = pytest.mark.story

# The narrowest that WCAG 2.2 asks for (1.4.10).
NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=DESKTOP.width, height=DESKTOP.height)
WHOLE = ViewportSize(width=PHONE.width, height=PHONE.height)
LANGUAGES: tuple[Language, ...] = ("de", "en")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    camera: Camera, language: Language
) -> None:
    mine = SCENES[LANGUAGES.index(language) :: len(LANGUAGES)]

    assert looked_through(camera, language, mine) == ({}, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_finds_nothing_where_all_systems_are_asked(
    campus_camera: Camera, language: Language
) -> None:
    assert looked_through(campus_camera, language, CAMPUS_SCENES) == ({}, [])


def looked_through(
    camera: Camera, language: Language, scenes: Iterable[Scene]
) -> tuple[dict[str, list[str]], list[str]]:
    """Give what axe-core finds, and which scenes are wider than the window.

    Each is looked at on a phone by day and on a desktop by night.
    """
    found, wide = {}, []
    for scene, page in camera.tour(View(PHONE, language, "light"), scenes):
        findings = axe(page)
        page.set_viewport_size(NARROW)
        runs_off = overflows(page)
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="dark")
        findings += axe(page)
        if runs_off or overflows(page):
            wide.append(scene.name)
        if findings:
            found[scene.name] = findings
        page.set_viewport_size(WHOLE)
        page.emulate_media(color_scheme="light")
    return found, wide


def test_axe_would_find_something(browse: Browse) -> None:
    page = browse(screen=DESKTOP)
    page.set_content("<p>A page <img src='data:,'> without language or title")

    found = {one.partition(":")[0] for one in axe(page)}

    assert {"document-title", "html-has-lang", "image-alt"} <= found
