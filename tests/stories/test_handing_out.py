"""Cards in a crowded hall: bad Wi-Fi, and every card where it really was put."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserType, expect

from onboarding.cards import cash
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Receipt
from onboarding.handout import phones
from onboarding.handout.models import Phone, PhoneAct
from tests.onboarding.handout.hall import NAMES, make_hall
from tests.services.chromium import Complaints
from tests.services.portal import Portal
from tests.stories.camera import film
from tests.stories.newcomers import until
from tests.stories.relay import LostReplies
from tests.stories.tutor import Tutor

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

MakeTutor = Callable[..., Tutor]
HOUR = timedelta(hours=1)


@pytest.fixture
def a_tutor(
    portal: Portal,
    colleagues: None,
    browser_type: BrowserType,
    complaints: Complaints,
    tmp_path: Path,
) -> Iterator[MakeTutor]:
    """Give phones, each with a film for its camera."""
    switched_on: list[Tutor] = []

    def make(
        *codes: str, account: str = "tutor01", home: str = portal.url, **how: Any
    ) -> Tutor:
        place = tmp_path / f"phone{len(switched_on)}"
        place.mkdir()
        phone = Tutor(
            account=account,
            home=home,
            kind=browser_type,
            folder=place,
            film=film(tmp_path / f"film{len(switched_on)}.mjpeg", codes or [""]),
            complaints=complaints,
            **how,
        )
        switched_on.append(phone)
        phone.switches_on()
        return phone

    yield make
    for phone in switched_on:
        phone.switches_off()


@contextmanager
def deployed(portal: Portal, *, release: str) -> Iterator[None]:
    """Let another version of the portal run for a while."""
    environment = portal.web._environment
    environment["RELEASE"] = release
    portal.start()
    yield
    portal.web.stop()
    del environment["RELEASE"]


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


def test_two_phones_hand_out_the_same_group(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=6, cards=8)
    emil, nadia = a_tutor(language="en"), a_tutor(account="tutor02", language="en")
    hall.group.deputy_account = "tutor02"
    hall.group.save()
    for tutor in (emil, nadia):
        tutor.gets_ready()
        tutor.presses("To my group")
        tutor.loses_the_network()

    emil.hands_out("Ada", hall.numbers[0])
    emil.hands_out("Bela", hall.numbers[1])
    emil.hands_out("Cem", hall.numbers[2])
    # The same student gets another card, the same card goes to another student.
    nadia.hands_out("Ada", hall.numbers[3])
    nadia.hands_out("Elif", hall.numbers[1])
    nadia.hands_out("Finn", hall.numbers[4])
    emil.finds_the_network()
    emil.has_arrived()
    nadia.finds_the_network()
    until(lambda: PhoneAct.objects.count() == 6)

    nadia.sees("{n} with the coordinator", n=2)
    emil.sees_after_a_while("Finn", "has a card")
    assert hall.holdings() == {
        "Ada": hall.numbers[0],
        "Bela": hall.numbers[1],
        "Cem": hall.numbers[2],
        "Finn": hall.numbers[4],
    }
    kept = PhoneAct.objects.exclude(outcome="done").order_by("noted_at")
    assert [(one.by.account_name, one.outcome) for one in kept] == [
        ("tutor02", "already_has_card"),
        ("tutor02", "card_taken"),
    ]


def test_a_reply_that_is_lost_after_it_was_done_doubles_nothing(
    a_tutor: MakeTutor, portal: Portal
) -> None:
    hall = make_hall(students=3, cards=4)
    now = timezone.now()
    cash.decide(
        begins_at=now - HOUR, ends_at=now + HOUR, by=hall.tutor, at=now - 2 * HOUR
    )
    line = LostReplies(to=portal.port)
    emil = a_tutor(home=line.url, language="en")
    emil.gets_ready()
    emil.counts_the_float("20")
    line.lose_next("PUT /handout/acts/")

    emil.presses("Back")
    emil.hands_out("Ada", hall.numbers[0], how="Hand out, {amount} received")

    until(lambda: line.lost == 1 and PhoneAct.objects.count() == 2)
    emil.looks_again()
    emil.has_arrived()
    assert PhoneAct.objects.count() == 2
    assert hall.holdings() == {"Ada": hall.numbers[0]}
    assert balance(Account.CASH) == 3000
    assert Receipt.objects.count() == 1
    line.close()


def test_a_phone_whose_clock_is_an_hour_wrong(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.context.clock.install(time=timezone.now() + HOUR)
    emil.gets_ready()
    emil.sees(
        "The clock of this phone is {minutes} minutes off. The portal corrects that.",
        minutes=60,
    )
    emil.presses("To my group")
    began = timezone.now()

    emil.hands_out("Ada", hall.numbers[0])

    emil.has_arrived()
    act = PhoneAct.objects.get()
    assert act.said_at - act.at > timedelta(minutes=59)
    assert began - timedelta(seconds=5) < act.at <= act.noted_at
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_a_new_version_comes_in_between_and_loses_nothing(
    a_tutor: MakeTutor, portal: Portal
) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.loses_the_network()
    emil.hands_out("Ada", hall.numbers[0])
    emil.presses("Back")
    before = emil.version
    portal.web.stop()

    with deployed(portal, release="next"):
        emil.finds_the_network()
        emil.has_arrived()
        emil.hands_out("Bela", hall.numbers[1])
        emil.presses("Back")
        emil.waits_for_the_new_version()
        emil.presses("Take it over now")
        until(lambda: emil.version != before)
        emil.sees_title("Group {number}", number=hall.group.number)
        emil.hands_out("Cem", hall.numbers[2])
        emil.has_arrived()

    given = {"Ada": 0, "Bela": 1, "Cem": 2}
    assert hall.holdings() == {who: hall.numbers[one] for who, one in given.items()}
    assert set(PhoneAct.objects.values_list("outcome", flat=True)) == {"done"}
    assert PhoneAct.objects.count() == 3


def test_a_session_that_ends_keeps_what_was_done(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    Session.objects.all().delete()

    emil.hands_out("Ada", hall.numbers[0])

    emil.sees("Sign in to send: {n} saved here", n=1)
    assert PhoneAct.objects.count() == 0
    emil.page.locator("#line").click()
    emil.presses("Sign in")
    emil.signs_in()
    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_a_lost_phone_loses_its_list_at_once(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.loses_the_network()
    emil.hands_out("Ada", hall.numbers[0])
    phones.shut_out(key=Phone.objects.get().pk, by=hall.tutor, at=timezone.now())

    emil.finds_the_network()

    emil.sees("This phone was shut out")
    until(lambda: PhoneAct.objects.filter(outcome="shut_out").count() == 1)
    expect(emil.page.get_by_text("Brandt")).to_have_count(0)
    assert "Brandt" not in emil.keeps()
    assert hall.holdings() == {}
