"""Somebody who works with the keyboard alone, as scanners and desks do."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.stories.visitor import Visitor

# No page has so many things that the keyboard stops at.
MOST_STEPS = 120
HAS_FOCUS = "element => element === document.activeElement"


@dataclass(frozen=True)
class Keyboard:
    """A visitor's keys: Tab, arrows, space, Enter, and what is typed."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    def follows(self, words: str) -> None:
        self._press_enter_on(self._link(self.visitor.say(words)))

    def follows_named(self, name: str) -> None:
        self._press_enter_on(self._link(name))

    def presses(self, words: str) -> None:
        self.presses_named(self.visitor.say(words))

    def presses_named(self, name: str) -> None:
        main = self.page.get_by_role("main")
        self._press_enter_on(main.get_by_role("button", name=name, exact=True).first)

    def opens(self, there: Locator) -> None:
        """Unfold something where it stands."""
        self._walk_to(there)
        self.page.keyboard.press("Enter")

    def saves(self, words: str) -> bytes:
        """Press a button that gives a file, and read the file."""
        main = self.page.get_by_role("main")
        button = main.get_by_role("button", name=self.visitor.say(words), exact=True)
        self._walk_to(button)
        with self.page.expect_download() as download:
            self.page.keyboard.press("Enter")
        return Path(download.value.path()).read_bytes()

    def types(self, text: str, label: str) -> None:
        self._walk_to(self.visitor.field(label))
        self.page.keyboard.type(text)

    def retypes(self, text: str, name: str) -> None:
        self._walk_to(self.page.locator(f"main [name={name}]"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def scans(self, *numbers: str) -> None:
        """Type into the field that has the focus, each with the scanner's Enter."""
        for number in numbers:
            self.page.keyboard.type(number)
            self.page.keyboard.press("Enter")

    def ticks(self, label: str) -> None:
        self._walk_to(self.visitor.field(label))
        self.page.keyboard.press("Space")

    def chooses(self, name: str, value: str) -> None:
        """Walk into a group of choices, then with the arrows to the one meant."""
        group = self.page.locator(f"main [name={name}]")
        self._walk_to_one_of(group)
        meant = self.page.locator(f"main [name={name}][value={value}]")
        for _ in range(group.count()):
            if meant.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowDown")
        if not meant.is_checked():
            self.page.keyboard.press("Space")
        expect(meant).to_be_checked()

    def _link(self, name: str) -> Locator:
        main = self.page.get_by_role("main")
        return main.get_by_role("link", name=name, exact=True).first

    def _press_enter_on(self, there: Locator) -> None:
        self._walk_to(there)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _walk_to(self, there: Locator) -> None:
        expect(there).to_have_count(1)
        for _ in range(MOST_STEPS):
            if there.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not get to {there}.")

    def _walk_to_one_of(self, several: Locator) -> None:
        for _ in range(MOST_STEPS):
            if any(one.evaluate(HAS_FOCUS) for one in several.all()):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not get to {several}.")
