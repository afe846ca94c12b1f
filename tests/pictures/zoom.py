"""A page at 200 % zoom, with larger letters, and with the keyboard alone."""

from pathlib import Path
from typing import cast

from playwright.sync_api import Page

HERE = Path(__file__).parent
KEYBOARD = (HERE / "keyboard.js").read_text(encoding="utf-8")
ROOM = (HERE / "room.js").read_text(encoding="utf-8")
LARGE_LETTERS = "size => { document.documentElement.style.fontSize = size; }"

SEARCHES = """() => {
    const field = document.querySelector("[data-search]");
    return !field || (field === document.activeElement && !field.value.endsWith("/"));
}"""


def without_room(page: Page) -> list[str]:
    """Give the words that are cut off, leave their box or lie over each other."""
    return cast("list[str]", page.evaluate(ROOM))


def with_large_letters(page: Page) -> list[str]:
    """Give what has no room once the letters alone are twice as large."""
    page.evaluate(LARGE_LETTERS, "200%")
    found = without_room(page)
    page.evaluate(LARGE_LETTERS, "")
    return found


def walked(page: Page) -> list[str]:
    """Go through the page with Tab; give what is wrong where the keyboard stops.

    Everything that can be used is reached, in the page's own order; whatever has the
    focus shows it and lies bare; the first stop leads to the content.
    """
    page.evaluate(KEYBOARD)
    keys = cast("int", page.evaluate("walk.begin()"))
    for _ in range(keys):
        page.keyboard.press("Tab")
    found = cast("list[str]", page.evaluate("walk.end()"))
    return found + _without_short_cuts(page)


def _without_short_cuts(page: Page) -> list[str]:
    """Try the way past the head of the page, and the key of the search field."""
    found = []
    page.evaluate("walk.begin()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if not page.evaluate("document.activeElement.matches('main')"):
        found.append("The first stop does not lead to the content")
    page.keyboard.press("/")
    if not page.evaluate(SEARCHES):
        found.append("The key of the search field does not lead there")
    return found
