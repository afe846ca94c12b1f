"""Pages are light: on the first visit, and lighter on every later one."""

import pytest
from playwright.sync_api import Page

from tests.pictures.browsing import Camera, View
from tests.pictures.scenes import SCENES
from tests.services.chromium import DESKTOP

pytestmark = pytest.mark.story

FIRST, LATER = 60_000, 15_000
PAGES = (
    "start",
    "activate",
    "sign-in",
    "journey-waiting",
    "password-change",
    "import-waiting",
    "letters",
)
MOMENT = 300


class Scale:
    """Weighs what comes over the line into a page, headers included."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        line = page.context.new_cdp_session(page)
        line.on("Network.loadingFinished", self._came)
        line.send("Network.enable")

    def _came(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])


def test_no_page_weighs_more_than_a_slow_line_bears(camera: Camera) -> None:
    weights = {}
    for scene in [one for one in SCENES if one.name in PAGES]:
        page = camera.window(scene, View(DESKTOP, "de", "light"))
        visits = []
        for _ in range(2):
            scale = Scale(page)
            camera.shown(scene, page)
            page.wait_for_timeout(MOMENT)
            visits.append(scale.bytes)
            page.goto("about:blank")
        weights[scene.name] = tuple(visits)
        page.context.close()

    heavy = {
        name: (first, later)
        for name, (first, later) in weights.items()
        if not (0 < first <= FIRST and 0 < later <= LATER)
    }
    assert heavy == {}, weights
