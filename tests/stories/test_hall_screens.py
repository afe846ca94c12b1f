"""The tutors' app is readable in the sun and in the dark, for everybody."""

from datetime import timedelta
from typing import cast

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from onboarding.cards import cash
from tests.onboarding.handout.hall import Hall, make_hall
from tests.pictures.browsing import axe, overflows
from tests.services.chromium import Language, Scheme
from tests.stories.hall_walk import walk
from tests.stories.test_handing_out import MakeTutor, a_tutor

__all__ = ["a_tutor"]
pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

# Beyond what every page keeps to: a contrast of 7:1 (WCAG 1.4.6).
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ],
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What lies half under a bar is a push away; axe looks at one moment only.
BARS = """(position) => {
    for (const bar of document.querySelectorAll(".top, .acts")) {
        bar.style.position = position;
    }
}"""
# A finger, one-handed: WCAG 2.5.5 asks for 44 pixels.
SMALL = """() => [...document.querySelectorAll("button, a, main input")]
    .filter((one) => one.offsetParent && one.type !== "radio"
        && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML)"""
# From the touch to what is felt: the sound and the words come in one go.
MEASURE = """async () => {
    const pressed = [...document.querySelectorAll("#acts button")][0];
    const start = performance.now();
    const felt = new Promise((told) => {
        new MutationObserver(() => told(performance.now() - start))
            .observe(document.getElementById("status"), {childList: true});
    });
    pressed.click();
    return felt;
}"""


def a_hall() -> Hall:
    hall, now, hour = (
        make_hall(students=15, cards=17),
        timezone.now(),
        timedelta(hours=1),
    )
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=hall.tutor, at=now - 2 * hour
    )
    return hall


def findings(page: Page) -> list[str]:
    page.evaluate(BARS, "static")
    found = axe(page, RULES)
    page.evaluate(BARS, "")
    return found


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
def test_every_screen_has_a_contrast_of_seven_and_fits_a_small_phone(
    a_tutor: MakeTutor, language: Language, scheme: Scheme
) -> None:
    hall = a_hall()
    emil = a_tutor(language=language, scheme=scheme)
    wrong: dict[str, object] = {}
    for screen in walk(emil, hall):
        found = findings(emil.page)
        if overflows(emil.page):
            found.append("The screen is wider than the phone.")
        found += cast("list[str]", emil.page.evaluate(SMALL))
        if found:
            wrong[screen] = found

    assert wrong == {}


def test_a_hand_out_is_felt_within_a_tenth_of_a_second_offline(
    a_tutor: MakeTutor,
) -> None:
    hall = make_hall(students=9, cards=10)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.loses_the_network()
    felt = []
    for place in range(7):
        emil.pulls_the_trigger(hall.numbers[place])
        emil.touches(hall.students[place].given_names)
        emil.sees_title("Is this right?")
        felt.append(emil.page.evaluate(MEASURE))
        emil.sees("Card handed out")

    assert sorted(felt)[3] < 100
