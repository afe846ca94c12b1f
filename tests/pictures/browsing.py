"""Scenes in a real browser: brought about, photographed, judged by axe-core."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from playwright.sync_api import Page, Response

from tests.pictures.scenes import SCENES, Scene
from tests.pictures.world import World
from tests.services.chromium import Browse, Language, Scheme, Screen

AXE = (Path(settings.ROOT) / "node_modules/axe-core/axe.min.js").read_text("utf-8")
KNOWS_AXE = "'axe' in window"
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ],
    "resultTypes": ["violations"],
}
# What else axe-core finds is found on a screen of any size, by day and by night.
BY_SIZE_AND_COLOUR = {
    **RULES,
    "runOnly": [
        *("color-contrast", "link-in-text-block"),
        *("target-size", "scrollable-region-focusable"),
    ],
}
SEND = """([action, fields]) => {
    const form = document.createElement("form");
    const name = "csrfmiddlewaretoken";
    fields[name] = document.querySelector(`[name=${name}]`).value;
    for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement("input"), {name, value}));
    }
    Object.assign(form, {action, method: "post"});
    document.body.append(form);
    form.submit();
}"""
ASK = "async (rules) => (await axe.run(document, rules)).violations"


@dataclass(frozen=True)
class View:
    """How somebody looks at the portal."""

    screen: Screen
    language: Language
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.screen.name}-{self.scheme}-{self.language}"


@dataclass(frozen=True)
class Camera:
    """A browser that goes from scene to scene."""

    browse: Browse
    world: World
    home: str

    def tour(
        self, view: View, scenes: Iterable[Scene] = SCENES
    ) -> Iterator[tuple[Scene, Page]]:
        """Give each scene and its page, in one window for one after the other."""
        page = self._window(view)
        for scene in scenes:
            self._sits_down(scene.who, page)
            yield scene, self.shown(scene, page)
        page.context.close()

    def window(self, scene: Scene, view: View) -> Page:
        """Open a window for whoever is in the scene."""
        page = self._window(view)
        self._sits_down(scene.who, page)
        return page

    def _window(self, view: View) -> Page:
        return self.browse(
            screen=view.screen, language=view.language, scheme=view.scheme
        )

    def _sits_down(self, who: str, page: Page) -> None:
        page.context.clear_cookies()
        if who:
            name, value = settings.SESSION_COOKIE_NAME, self.world.sessions[who]
            page.context.add_cookies([{"name": name, "value": value, "url": self.home}])

    def shown(self, scene: Scene, page: Page) -> Page:
        """Bring the scene about."""
        answer = page.goto(self.home + self.world.path(scene.path))
        if scene.form:
            answer = _sent_elsewhere(page, scene, self.world.path(scene.form))
        elif scene.sent is not None:
            answer = _sent(page, scene)
        assert answer is not None
        assert answer.status == scene.status, f"{scene}: {answer.status}"
        return page


def axe(page: Page, rules: Mapping[str, Any] = RULES) -> list[str]:
    """Give what axe-core finds: WCAG 2.2 AA and best practice, or fewer rules."""
    if not page.evaluate(KNOWS_AXE):
        page.evaluate(AXE)
    found = cast("list[dict[str, Any]]", page.evaluate(ASK, rules))
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Say whether the page has to be pushed sideways."""
    wider = (
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return bool(page.evaluate(wider))


def _sent(page: Page, scene: Scene) -> Response:
    # What is chosen beforehand is no part of the scene.
    for chosen in page.locator("main [type=radio]:checked").all():
        chosen.evaluate("field => { field.checked = false; }")
    for name, value in (scene.sent or {}).items():
        field = page.locator(f"main [name={name}]")
        match field.first.get_attribute("type"):
            case "checkbox":
                field.check()
            case "radio":
                page.locator(f"main [name={name}][value={value}]").check()
            case _:
                field.fill(value)
    with page.expect_navigation() as navigation:
        page.locator("main form").first.locator("[type=submit]").first.click()
    return navigation.value


def _sent_elsewhere(page: Page, scene: Scene, action: str) -> Response:
    """Send what a page between the two would have sent."""
    with page.expect_navigation() as navigation:
        page.evaluate(SEND, [action, dict(scene.sent or {})])
    return navigation.value
