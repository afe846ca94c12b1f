"""A card's life at the library's desk, with the keyboard alone."""

from pathlib import Path

import pytest
from django.conf import settings

from onboarding.cards import stock
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Receipt
from onboarding.demo import staff
from onboarding.enrolment.models import GroupPlace, TutorGroup
from tests.cast import a_student, enrolled
from tests.codes import code, equipped
from tests.onboarding.cards.conftest import a_number
from tests.services.chromium import DESKTOP, Language
from tests.stories.conftest import Visit
from tests.stories.keyboard import Keyboard
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.story

FIRST, SECOND, THIRD = (a_number(serial) for serial in (11, 12, 13))
PHOTO = "The photo ID shows this person."


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["de", "en"])
def test_from_the_delivery_to_the_hand_over_of_the_cash(
    visit: Visit, colleagues: None, language: Language
) -> None:
    cem = a_student(given_names="Cem", family_name="Sondermann")
    enrolled(cem)
    group = TutorGroup.objects.create(number=41, meeting_point="Foyer")
    GroupPlace.objects.create(person=cem, group=group)
    desk = signed_in(visit(language=language, screen=DESKTOP), "librarydesk")

    takes_a_delivery_in(desk)
    fills_the_box(desk, group.number)
    hands_out(desk, cem.account_name)
    replaces_the_lost_card(desk)
    takes_it_back(desk)
    closes(desk)
    finance = signed_in(visit(language=language, screen=DESKTOP), "finance")
    takes_over(finance)

    newest = {number: stock.where(number) for number in (FIRST, SECOND, THIRD)}
    there = {number: move and move.target for number, move in newest.items()}
    assert there == {FIRST: "lost", SECOND: "returned", THIRD: "box"}
    # A deposit that was kept for the lost card, and what its replacement cost.
    assert balance(Account.SAFE) == 2500
    assert balance(Account.CASH) == balance(Account.OPEN) == 0
    assert Receipt.objects.count() == 3


def signed_in(visitor: Visitor, account: str) -> Keyboard:
    keys = Keyboard(visitor)
    equipped(account)
    visitor.goes_to("/sign-in/")
    keys.types(account, "User name")
    keys.types(staff.PASSWORD, "Password")
    keys.presses("Sign in")
    keys.types(code(account), "Code from the app")
    keys.presses("Go on")
    visitor.arrives_at("/desks/")
    return keys


def takes_a_delivery_in(desk: Keyboard) -> None:
    desk.follows("Stock of cards")
    desk.follows("A new delivery")
    desk.scans(FIRST, SECOND, THIRD)
    desk.types("3", "Cards counted by hand")
    photograph(desk, "delivery")
    desk.presses("Show what came")
    desk.presses("Take the cards in")
    desk.visitor.sees("The cards are in the stock.")


def fills_the_box(desk: Keyboard, number: int) -> None:
    desk.follows("Boxes")
    desk.follows_named(desk.visitor.say("Group %(number)s") % {"number": number})
    desk.follows("Fill the box")
    desk.scans(SECOND, THIRD)
    desk.presses("Continue")
    desk.presses("Put them into the box")
    desk.visitor.sees("Recorded")
    photograph(desk, "box")


def hands_out(desk: Keyboard, account: str) -> None:
    desk.follows("Boxes")
    desk.follows("Stock")
    desk.follows("Library service desk")
    with desk.page.expect_navigation():
        desk.scans(account)
    desk.types(FIRST, "Card number")
    desk.chooses("deposit", "paid")
    desk.ticks(PHOTO)
    photograph(desk, "hand-out")
    desk.presses("Continue")
    desk.presses("Record it")
    desk.visitor.sees("Recorded")


def replaces_the_lost_card(desk: Keyboard) -> None:
    desk.follows("Replace the card")
    desk.chooses("why", "lost")
    desk.types(SECOND, "Number of the new card")
    desk.chooses("deposit", "paid")
    desk.ticks(PHOTO)
    desk.presses("Continue")
    photograph(desk, "replaced")
    desk.presses("Record it")
    desk.visitor.sees("Recorded")


def takes_it_back(desk: Keyboard) -> None:
    desk.follows("Take the card back")
    desk.ticks(PHOTO)
    desk.presses("Continue")
    desk.presses("Record it")
    desk.visitor.sees("Has no card.")
    photograph(desk, "returned")


def closes(desk: Keyboard) -> None:
    desk.follows("Find somebody else")
    desk.follows("Day’s closing")
    desk.types("25", "Cash that you counted")
    desk.presses("Continue")
    desk.presses("Close the till")
    desk.visitor.sees("The till is closed")
    photograph(desk, "closing")


def takes_over(finance: Keyboard) -> None:
    finance.follows("Tills")
    main = finance.page.get_by_role("main")
    finance.follows_named(main.get_by_role("row").last.get_by_role("link").inner_text())
    finance.presses("Take the cash over")
    finance.visitor.sees("You have signed for the cash.")
    photograph(finance, "taken-over")


def photograph(keys: Keyboard, name: str) -> None:
    album = Path(settings.ROOT) / "pictures" / "desk" / keys.visitor.language
    album.mkdir(parents=True, exist_ok=True)
    keys.page.screenshot(path=album / f"{name}.png", full_page=True)
