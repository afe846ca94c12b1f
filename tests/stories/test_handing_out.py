"""Cards in a crowded hall: bad Wi-Fi, and every card where it really was put."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType

from onboarding.handout.models import PhoneAct
from tests.onboarding.handout.hall import NAMES, make_hall
from tests.services.chromium import Complaints
from tests.services.portal import Portal
from tests.stories.camera import film
from tests.stories.newcomers import until
from tests.stories.tutor import Tutor

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

MakeTutor = Callable[..., Tutor]


@pytest.fixture
def a_tutor(
    portal: Portal,
    colleagues: None,
    browser_type: BrowserType,
    complaints: Complaints,
    tmp_path: Path,
) -> Iterator[MakeTutor]:
    """Give phones, each with a film for its camera."""
    phones: list[Tutor] = []

    def make(*codes: str, account: str = "tutor01", **how: str) -> Tutor:
        place = tmp_path / f"phone{len(phones)}"
        place.mkdir()
        phone = Tutor(
            account=account,
            home=portal.url,
            kind=browser_type,
            folder=place,
            film=film(tmp_path / f"film{len(phones)}.mjpeg", codes or [""]),
            complaints=complaints,
            **how,  # type: ignore[arg-type]
        )
        phones.append(phone)
        phone.switches_on()
        return phone

    yield make
    for phone in phones:
        phone.switches_off()


def test_one_phone_hands_out_a_whole_group_without_a_network(
    a_tutor: MakeTutor,
) -> None:
    hall = make_hall(students=15, cards=17)
    emil = a_tutor(hall.numbers[0], hall.handle(0))
    emil.gets_ready()
    emil.loses_the_network()
    given: dict[str, str] = {}

    def hands_out() -> None:
        name, number = emil.confirmed
        given[name.split()[0]] = number
        emil.presses("Hand out")
        emil.sees("Card handed out")

    emil.presses("To my group")
    # With the camera: the student's tile, then whichever card is held up.
    emil.touches("Bela")
    emil.presses("Scan a card for {name}", name="Bela Çelik")
    hands_out()
    # With the camera alone: another card by hand, then the student's code.
    emil.pulls_the_trigger(hall.numbers[1])
    hands_out()
    # With a scanner that types: the card, then the student's name.
    emil.pulls_the_trigger(hall.numbers[2])
    emil.touches("Cem")
    hands_out()
    emil.has_waiting(3)
    # The app is closed and opened, the phone is switched off and on.
    emil.opens_the_app()
    emil.sees_title("Group {number}", number=hall.group.number)
    emil.has_waiting(3)
    emil.switches_off()
    film(emil.film, [""])
    emil.switches_on(offline=True)
    emil.opens_the_app()
    emil.has_waiting(3)
    for place, (first, _) in list(enumerate(NAMES))[3:]:
        emil.presses("Scan a card")
        if place % 2:
            emil.types_the_number(hall.numbers[place])
        else:
            emil.pulls_the_trigger(hall.numbers[place])
        emil.touches(first)
        hands_out()
        emil.presses("Back")
    emil.has_waiting(15)
    assert PhoneAct.objects.count() == 0

    emil.finds_the_network()

    emil.has_arrived()
    until(lambda: PhoneAct.objects.count() == 15)
    assert set(PhoneAct.objects.values_list("outcome", flat=True)) == {"done"}
    assert len(given) == 15
    assert hall.holdings() == given
