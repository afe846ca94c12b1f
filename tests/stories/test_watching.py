"""From a number on the board to the people behind it, and one act for all of them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.catalogue.systems import DIRECTORY, MAILBOX
from accounts.due.models import Sync
from accounts.journal.models import Event
from tests.cast import a_first_year
from tests.services.chromium import DESKTOP, Language
from tests.stories.conftest import Visit
from tests.stories.test_desk import signed_in

pytestmark = pytest.mark.story

# Milliseconds that a busy machine may take for an answer.
SOON = 20_000
AGAIN: dict[Language, str] = {
    "de": "Bei diesen 3 noch einmal nachsehen",
    "en": "Look again at these 3",
}


@pytest.mark.timeout(300)
def test_the_board_renews_itself_and_says_when_it_cannot(
    visit: Visit, colleagues: None
) -> None:
    person = a_first_year(activated_at=timezone.now())
    desk = signed_in(visit(language="en", screen=DESKTOP), "helpdesk")
    page = desk.page
    page.clock.install()
    desk.visitor.goes_to("/watch/")
    alarm = page.get_by_role("listitem").filter(has_text="need a human")
    stale = page.get_by_text("These figures are not of now")
    page.evaluate("window.sameWindow = true")
    expect(alarm).to_contain_text("0", timeout=SOON)

    Sync.objects.create(
        person=person, system=DIRECTORY, failures=1, last_error="!refused"
    )
    page.clock.run_for(61_000)
    expect(alarm.get_by_role("link")).to_contain_text("1", timeout=SOON)
    expect(stale).to_be_hidden(timeout=SOON)
    # Whoever reads here is not thrown back to the beginning.
    assert page.evaluate("window.sameWindow")

    page.route("**/watch/", lambda route: route.abort())
    page.clock.run_for(61_000)
    expect(stale).to_be_visible(timeout=SOON)
    page.unroute("**/watch/")
    page.clock.run_for(61_000)
    expect(stale).to_be_hidden(timeout=SOON)

    Sync.objects.all().delete()
    desk.visitor.presses("Hold still")
    page.clock.run_for(200_000)
    expect(alarm).to_contain_text("1", timeout=SOON)
    desk.visitor.presses("Hold still")
    expect(alarm).to_contain_text("0", timeout=SOON)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["de", "en"])
def test_three_stuck_mailboxes_are_looked_at_again_with_the_keyboard_alone(
    visit: Visit, colleagues: None, language: Language
) -> None:
    for family in ("Öztürk", "Oetker", "Zander"):
        person = a_first_year(family_name=family, activated_at=timezone.now())
        Sync.objects.create(
            person=person, system=MAILBOX, failures=1, last_error="!refused:other"
        )
    desk = signed_in(visit(language=language, screen=DESKTOP), "helpdesk")

    desk.follows("Who is stuck")
    desk.follows_named("3")
    desk.visitor.goes_to("/watch/people/system/mailbox/parked/")
    named = desk.page.get_by_role("main").get_by_role("row").all_inner_texts()
    desk.follows_named(AGAIN[language])
    desk.presses("Look again")
    desk.visitor.sees("The systems are looking")

    assert [row.splitlines()[0].strip() for row in named[1:]] == [
        "Cem Oetker",
        "Cem Öztürk",
        "Cem Zander",
    ]
    assert Event.objects.filter(what="looked_again_with_many").count() == 3
