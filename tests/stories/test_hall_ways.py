"""In the hall: every way back, every slip, and what became of what was sent on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onboarding.cards import cash
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, ShiftCount, Wish
from onboarding.cards.wishes import say
from onboarding.handout.conflicts import correct
from onboarding.handout.models import How, Phone, PhoneAct
from tests.onboarding.handout.hall import make_hall
from tests.stories.newcomers import until
from tests.stories.test_handing_out import MakeTutor, a_tutor
from tests.stories.tutor import ACTS

__all__ = ["a_tutor"]
pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]


def test_the_phones_own_way_back_stays_in_the_app(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.presses("Scan a card")
    emil.pulls_the_trigger(hall.numbers[0])
    emil.touches("Ada")
    emil.sees_title("Is this right?")

    emil.page.go_back()
    emil.sees_title("Scan")
    emil.page.go_back()
    emil.sees_title("Group {number}", number=hall.group.number)

    emil.hands_out("Ada", hall.numbers[0])
    for _ in range(3):
        emil.page.go_back()
    expect(emil.page.locator("#line")).to_be_visible()
    assert "/handout/" in emil.page.url


def test_one_wrong_digit_is_no_card_of_another_box(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    number = hall.numbers[0]
    slipped = number[:5] + str((int(number[5]) + 1) % 10) + number[6:]

    emil.presses("Scan a card")
    emil.types_the_number(slipped)

    emil.sees("One digit of this number is wrong. Compare it with the card.")


def test_after_a_swap_nobody_is_offered_what_would_be_refused(
    a_tutor: MakeTutor,
) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.hands_out("Ada", hall.numbers[0])
    emil.hands_out("Bela", hall.numbers[1])
    emil.presses("Back")
    emil.touches("Ada")
    emil.presses("Swap with somebody")
    emil.touches("Bela")
    emil.presses("Swap")
    emil.sees("Cards swapped")
    emil.has_arrived()
    emil.presses("Back")

    emil.touches("Ada")

    emil.sees("Swap with somebody")
    taking_back = emil.page.get_by_role("button", name="Take back", exact=True)
    expect(taking_back).to_have_count(0)
    assert hall.holdings() == {"Ada": hall.numbers[1], "Bela": hall.numbers[0]}


def test_what_is_refused_does_not_look_done(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    hall.group.deputy_account = "tutor02"
    hall.group.save()
    emil, nadia = a_tutor(language="en"), a_tutor(account="tutor02", language="en")
    for tutor in (emil, nadia):
        tutor.gets_ready()
        tutor.presses("To my group")
    emil.hands_out("Ada", hall.numbers[0])
    emil.has_arrived()

    nadia.hands_out("Ada", hall.numbers[1])

    nadia.sees_title("Not recorded")
    nadia.sees("Somebody else recorded a card for this student first.")
    alert = nadia.page.locator("#alert")
    expect(alert).to_contain_text("Somebody else recorded a card")


def test_a_tutor_learns_what_the_coordinator_decided(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.touches("Ada")
    emil.presses("Send to the coordinator")
    emil.presses("Send to the coordinator")
    emil.sees_title("Done")
    emil.sees("{n} with the coordinator", n=1)
    # Somebody was asked, and nothing went wrong.
    expect(emil.page.locator(".flash--stop, .line--wrong")).to_have_count(0)
    until(lambda: PhoneAct.objects.count() == 1)
    asked = PhoneAct.objects.get()
    correct(act=asked, how=How.LEFT, by=hall.tutor, at=timezone.now())

    emil.looks_again()

    emil.has_arrived()
    emil.presses("Back")
    expect(emil.page.locator(".tile--kept")).to_have_count(0)
    emil.page.locator("#line").click()
    emil.sees("Looked at by the coordinator")


def test_money_is_asked_for_once_more_before_it_is_booked(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    now, hour = timezone.now(), timedelta(hours=1)
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=hall.tutor, at=now - 2 * hour
    )
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.counts_the_float("20")
    emil.presses("Back")
    emil.hands_out("Ada", hall.numbers[0], how="Hand out, deposit stays open")
    emil.presses("Back")
    emil.touches("Ada")

    emil.presses("{amount} received", amount="€10.00")

    emil.sees(
        "{name} has given you {amount} in cash?", name="Ada Brandt", amount="€10.00"
    )
    assert balance(Account.CASH) == 2000
    emil.presses("Money received")
    emil.sees("Deposit received")
    emil.has_arrived()
    assert balance(Account.CASH) == 3000


def test_a_network_that_wants_a_sign_in_of_its_own_takes_nothing(
    a_tutor: MakeTutor,
) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    page = "<!doctype html><title>Welcome to our Wi-Fi</title>"
    emil.context.route(
        re.compile(r"/handout/(acts|phones|ready|roster)"),
        lambda route: route.fulfill(status=200, content_type="text/html", body=page),
    )

    emil.hands_out("Ada", hall.numbers[0])
    emil.looks_again()

    emil.has_waiting(1)
    assert hall.holdings() == {}
    emil.context.unroute_all()
    emil.looks_again()
    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_the_board_forgets_what_a_phone_has_sent_meanwhile(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.loses_the_network()
    emil.hands_out("Ada", hall.numbers[0])

    emil.finds_the_network()

    emil.has_arrived()
    until(lambda: Phone.objects.get().waiting == 0)


def test_the_board_hears_of_an_act_that_was_on_its_way(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    held = emil.holds_back_an_act()
    with emil.page.expect_request(ACTS):
        emil.hands_out("Ada", hall.numbers[0])

    # The portal hears that something waits here while that is being sent.
    emil.looks_again()
    until(lambda: Phone.objects.get().waiting == 1)
    held.pop().continue_()

    emil.has_arrived()
    until(lambda: Phone.objects.get().waiting == 0)


def test_what_is_saved_while_another_act_is_sent_is_sent_next(
    a_tutor: MakeTutor,
) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    held = emil.holds_back_an_act()
    sent = emil.watches_what_is_sent()
    with emil.page.expect_request(ACTS):
        emil.hands_out("Ada", hall.numbers[0])
    emil.presses("Next student")
    emil.hands_out("Bela", hall.numbers[1])
    emil.has_waiting(2)

    held.pop().continue_()

    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0], "Bela": hall.numbers[1]}
    # Each once: what has arrived is not sent again.
    assert len(sent) == len(set(sent)) == 2


def test_what_could_not_be_sent_is_tried_again_soon(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    clock = emil.page.clock
    clock.install()
    emil.gets_ready()
    emil.presses("To my group")
    emil.context.route(ACTS, lambda route: route.abort(), times=1)
    with emil.page.expect_event("requestfailed", lambda one: "/acts/" in one.url):
        emil.hands_out("Ada", hall.numbers[0])
    # From here on the phone's time stands still but for these seconds.
    clock.pause_at(emil.page.evaluate("Date.now() / 1000") + 0.5)

    clock.run_for(3000)

    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_a_window_sends_what_was_saved_in_another(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    first, second = emil.page, emil.context.new_page()
    emil.page = second
    emil.opens_the_app()
    emil.sees_title("Group {number}", number=hall.group.number)
    emil.page = first
    emil.loses_the_network()
    emil.hands_out("Ada", hall.numbers[0])
    emil.has_waiting(1)
    first.close(run_before_unload=False)
    emil.page = second

    emil.looks_again()
    emil.has_waiting(1)
    emil.finds_the_network()

    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_nobody_goes_past_the_reasons_by_another_door(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=3, cards=4)
    say(person=hall.students[1], wish=Wish.EARLIER, at=timezone.now())
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.presses("To my group")
    emil.hands_out("Ada", hall.numbers[0])
    emil.presses("Back")

    emil.touches("Ada")
    emil.pulls_the_trigger(hall.numbers[1])
    emil.sees_title("Stop")
    emil.presses("Back")
    emil.touches("Bela")
    scan = emil.say("Scan a card for {name}", name="Bela Çelik")
    expect(emil.page.get_by_role("button", name=scan)).to_have_count(0)
    emil.pulls_the_trigger(hall.numbers[1])

    emil.sees_title("Stop")
    emil.sees("{name} gets the card at the library service desk.", name="Bela Çelik")
    emil.has_arrived()
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_the_longest_name_leaves_the_number_in_sight(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=1, cards=2)
    person = hall.students[0]
    person.given_names = "Maximiliane Friederike Theodora Wilhelmine"
    person.family_name = "Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst"
    person.save()
    now, hour = timezone.now(), timedelta(hours=1)
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=hall.tutor, at=now - 2 * hour
    )
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.counts_the_float("20")
    emil.presses("Back")

    emil.pulls_the_trigger(hall.numbers[0])
    emil.touches("Maximiliane")

    emil.sees_title("Is this right?")
    places = (".facts .digits", "#acts")
    number, bar = (emil.page.locator(one).bounding_box() for one in places)
    assert number
    assert bar
    assert number["y"] + number["height"] <= bar["y"]


def test_a_slip_at_counting_is_seen_before_it_stands(a_tutor: MakeTutor) -> None:
    hall = make_hall(students=1, cards=2)
    now, hour = timezone.now(), timedelta(hours=1)
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=hall.tutor, at=now - 2 * hour
    )
    emil = a_tutor(language="en")
    emil.gets_ready()
    emil.counts_the_float("20")
    emil.presses("Menu")
    emil.presses("Cash")
    emil.page.get_by_label(emil.say("Counted in euros")).fill("200")
    emil.presses("Save")

    emil.sees("€200.00")
    emil.presses("Not right")

    assert not ShiftCount.objects.exists()
    emil.page.get_by_label(emil.say("Counted in euros")).fill("20")
    emil.presses("Save")
    emil.presses("Save")
    emil.sees("Cash counted")
    until(lambda: ShiftCount.objects.filter(counted_cents=2000).exists())
