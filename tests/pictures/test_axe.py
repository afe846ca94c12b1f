"""Nobody is shut out: axe-core finds nothing, and nothing runs off a phone.

Here two views stand for all; ``python -m tests.pictures`` goes through the rest.
"""

from collections.abc import Iterable

import pytest
from playwright.sync_api import ViewportSize

from tests.pictures.browsing import Camera, View, axe, overflows
from tests.pictures.campus_scenes import CAMPUS_SCENES
from tests.pictures.scenes import SCENES, Scene
from tests.services.chromium import DESKTOP, PHONE, Browse

pytestmark = pytest.mark.story

# The narrowest that WCAG 2.2 asks for (1.4.10).
NARROW = ViewportSize(width=320, height=640)
VIEWS = [View(PHONE, "de", "light"), View(DESKTOP, "en", "dark")]
WHOLE = ViewportSize(width=PHONE.width, height=PHONE.height)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    camera: Camera, view: View
) -> None:
    assert looked_through(camera, view, SCENES) == ({}, [])


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_it_finds_nothing_where_all_systems_are_asked(
    campus_camera: Camera, view: View
) -> None:
    assert looked_through(campus_camera, view, CAMPUS_SCENES) == ({}, [])


def looked_through(
    camera: Camera, view: View, scenes: Iterable[Scene]
) -> tuple[dict[str, list[str]], list[str]]:
    """Give what axe-core finds, and which scenes are wider than the window."""
    found, wide = {}, []
    for scene, page in camera.tour(view, scenes):
        if findings := axe(page):
            found[scene.name] = findings
        if view.screen is PHONE:
            page.set_viewport_size(NARROW)
        if overflows(page):
            wide.append(scene.name)
        if view.screen is PHONE:
            page.set_viewport_size(WHOLE)
    return found, wide


def test_axe_would_find_something(browse: Browse) -> None:
    page = browse(screen=DESKTOP)
    page.set_content("<p>A page <img src='data:,'> without language or title")

    found = {one.partition(":")[0] for one in axe(page)}

    assert {"document-title", "html-has-lang", "image-alt"} <= found
