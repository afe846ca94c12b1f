"""Nobody is shut out: axe-core finds nothing, and nothing runs off a phone.

Here every scene is looked at in one language; ``python -m tests.pictures`` goes through
the whole grid.
"""

from collections.abc import Iterable

import pytest
from playwright.sync_api import ViewportSize

from tests.pictures.browsing import BY_SIZE_AND_COLOUR, Camera, View, axe
from tests.pictures.campus_scenes import CAMPUS_SCENES
from tests.pictures.scenes import SCENES, Scene
from tests.pictures.zoom import walked, with_large_letters, without_room
from tests.services.chromium import DESKTOP, PHONE, ZOOMED, Browse, Language

pytestmark = pytest.mark.story

# The narrowest that WCAG 2.2 asks for (1.4.10).
NARROW = ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=DESKTOP.width, height=DESKTOP.height)
AT_200_PERCENT = ViewportSize(width=ZOOMED.width, height=ZOOMED.height)
WHOLE = ViewportSize(width=PHONE.width, height=PHONE.height)
# Whose pages are worked with all day.
AT_WORK = (
    *("helpdesk", "librarydesk", "registrar", "coordinator"),
    *("finance", "second", "colleague", "auditor"),
)
LANGUAGES: tuple[Language, ...] = ("de", "en")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    camera: Camera, language: Language
) -> None:
    mine = SCENES[LANGUAGES.index(language) :: len(LANGUAGES)]

    assert looked_through(camera, language, mine) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_finds_nothing_where_all_systems_are_asked(
    campus_camera: Camera, language: Language
) -> None:
    assert looked_through(campus_camera, language, CAMPUS_SCENES) == {}


def looked_through(
    camera: Camera, language: Language, scenes: Iterable[Scene]
) -> dict[str, list[str]]:
    """Give what is wrong with each scene, on a phone by day and a desktop by night.

    The desktop is looked at with larger letters, too, and at 200 %; there, the pages of
    the staff are gone through with the keyboard.
    """
    found = {}
    for scene, page in camera.tour(View(PHONE, language, "light"), scenes):
        findings = axe(page, BY_SIZE_AND_COLOUR)
        page.set_viewport_size(NARROW)
        findings += without_room(page)
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="dark")
        findings += axe(page)
        findings += without_room(page) + with_large_letters(page)
        page.set_viewport_size(AT_200_PERCENT)
        findings += without_room(page)
        if scene.who.startswith(AT_WORK):
            findings += walked(page)
        if findings:
            found[scene.name] = findings
        page.set_viewport_size(WHOLE)
        page.emulate_media(color_scheme="light")
    return found


def test_axe_would_find_something(browse: Browse) -> None:
    page = browse(screen=DESKTOP)
    page.set_content("<p>A page <img src='data:,'> without language or title")

    found = names(axe(page))

    assert {"document-title", "html-has-lang", "image-alt"} <= found


def test_axe_would_find_what_depends_on_size_and_colour(browse: Browse) -> None:
    page = browse()
    page.set_content(
        """
        <p style="color: #999; background: #fff">Pale words</p>
        <p style="color: #000">Words with <a href="#" style="
            color: #222; text-decoration: none">a link</a> like the others</p>
        <button style="width: 9px; padding: 0; border: 0">a</button
        ><button style="width: 9px; padding: 0; border: 0">b</button>
        <div style="width: 50px; height: 50px; overflow: auto">
            <p style="width: 500px">More than there is a place for, out of reach</p>
        </div>
        """
    )

    found = names(axe(page, BY_SIZE_AND_COLOUR))

    assert found == set(BY_SIZE_AND_COLOUR["runOnly"])


def names(findings: Iterable[str]) -> set[str]:
    return {one.partition(":")[0] for one in findings}
