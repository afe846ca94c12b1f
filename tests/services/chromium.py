"""Debian's Chromium, as a phone and as a desktop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import pytest
from playwright.sync_api import ConsoleMessage, Page
from pytest_playwright.pytest_playwright import CreateContextCallback

Language = Literal["de", "en"]
Scheme = Literal["light", "dark"]

PROGRAM = "/usr/bin/chromium"
# Without them Chromium asks its maker for updates, needs what a server lacks, or gets
# past loopback. To filter requests instead would keep the browser from its cache.
QUIET = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@dataclass(frozen=True)
class Screen:
    """A kind of device that people come with."""

    name: str
    width: int
    height: int
    touch: bool
    # Pixels of the device for one of CSS, across and along.
    scale: int = 1


PHONE = Screen("phone", 390, 844, touch=True, scale=2)
DESKTOP = Screen("desktop", 1280, 800, touch=False)
# The same desktop at 200 %.
ZOOMED = Screen("zoomed", 640, 400, touch=False, scale=2)
SCREENS = (PHONE, DESKTOP)


@dataclass
class Complaints:
    """What the browser found wrong with our pages."""

    heard: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 503 on purpose is no complaint about the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.heard.append(message.text)

    def crash(self, error: Exception) -> None:
        self.heard.append(str(error))


class Browse(Protocol):
    """Opens a window of its own, with its own cookies."""

    def __call__(
        self,
        *,
        screen: Screen = PHONE,
        language: Language = "de",
        scheme: Scheme = "light",
        javascript: bool = True,
    ) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Tell pytest-playwright which Chromium to start."""
    return {"executable_path": PROGRAM, "args": QUIET}


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fail the story if a script broke or the content policy refused something."""
    complaints = Complaints()
    yield complaints
    assert complaints.heard == []


@pytest.fixture
def browse(new_context: CreateContextCallback, complaints: Complaints) -> Browse:
    """Give a way to open windows; none of them gets past loopback."""

    def browse(
        *,
        screen: Screen = PHONE,
        language: Language = "de",
        scheme: Scheme = "light",
        javascript: bool = True,
    ) -> Page:
        context = new_context(
            viewport={"width": screen.width, "height": screen.height},
            has_touch=screen.touch,
            is_mobile=screen.touch,
            device_scale_factor=screen.scale,
            locale={"de": "de-DE", "en": "en-GB"}[language],
            timezone_id="Europe/Berlin",
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(10_000)
        # The first page of a portal that has just begun, while others begin, too.
        context.set_default_navigation_timeout(30_000)
        page = context.new_page()
        page.on("console", complaints.hear)
        page.on("pageerror", complaints.crash)
        return page

    return browse
