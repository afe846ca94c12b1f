"""A walk through every screen of the tutors' app."""

from collections.abc import Iterator

from tests.onboarding.handout.hall import Hall
from tests.stories.tutor import Tutor


def walk(tutor: Tutor, hall: Hall) -> Iterator[str]:
    """Go from screen to screen, and give the name of each."""
    yield from _before(tutor)
    yield from _handing_out(tutor, hall)
    yield from _stops(tutor, hall)
    yield from _one_person(tutor)
    yield from _the_rest(tutor)


def _before(tutor: Tutor) -> Iterator[str]:
    tutor.opens_the_app()
    tutor.sees_title("Please sign in")
    yield "sign-in"
    tutor.gets_ready()
    yield "ready"
    tutor.presses("Menu")
    yield "menu"
    tutor.presses("Cash")
    yield "cash-begin"
    tutor.page.locator("#money").fill("abc")
    tutor.presses("Save")
    yield "cash-wrong"
    tutor.page.locator("#money").fill("20")
    tutor.presses("Save")
    yield "cash-sure"
    tutor.presses("Save")
    tutor.sees("Float counted")
    yield "float"
    tutor.presses("Back")
    yield "group"


def _handing_out(tutor: Tutor, hall: Hall) -> Iterator[str]:
    tutor.loses_the_network()
    tutor.presses("Scan a card")
    tutor.sees("Hold the barcode into the frame.")
    yield "scan"
    tutor.pulls_the_trigger(hall.numbers[9])
    yield "who"
    tutor.touches("Lea")
    yield "confirm"
    tutor.page.get_by_role("button").filter(has_text="10").click()
    tutor.sees("Card handed out")
    yield "done"
    for place, who in enumerate(("Ada", "Bela", "Cem")):
        tutor.pulls_the_trigger(hall.numbers[place])
        tutor.touches(who)
        tutor.page.get_by_role("button").filter(has_text="10").click()
        tutor.sees("Card handed out")
    tutor.presses("Back")
    yield "group-filling"


def _stops(tutor: Tutor, hall: Hall) -> Iterator[str]:
    tutor.pulls_the_trigger(hall.numbers[0])
    yield "stop-given"
    tutor.pulls_the_trigger("3100001")
    yield "stop-matriculation"
    tutor.pulls_the_trigger(hall.handle(0))
    card = f"{hall.numbers[0][:3]}…{hall.numbers[0][-4:]}"
    tutor.sees(
        "{name} has a card already: {card}. Give no second one.",
        name="Ada Brandt",
        card=card,
    )
    yield "stop-already"
    tutor.pulls_the_trigger("H0000000000000000")
    yield "stop-not-here"
    tutor.presses("Send to the coordinator")
    yield "coordinator"
    tutor.presses("Back")


def _one_person(tutor: Tutor) -> Iterator[str]:
    tutor.touches("Ada")
    yield "person"
    tutor.presses("Take back")
    yield "undo"
    tutor.presses("Back")
    tutor.presses("Swap with somebody")
    yield "swap"
    tutor.touches("Bela")
    yield "swap-sure"
    tutor.presses("Back")
    tutor.presses("Back")


def _the_rest(tutor: Tutor) -> Iterator[str]:
    tutor.page.locator("#line").click()
    yield "sent"
    tutor.presses("Back")
    for words, name in (
        ("Count the box", "count"),
        ("Cash", "cash-end"),
        ("The card is defective", "defective"),
        ("Sign out", "sign-out"),
    ):
        tutor.presses("Menu")
        tutor.presses(words)
        yield name
        tutor.presses("Back")
    tutor.finds_the_network()
    tutor.has_arrived()
