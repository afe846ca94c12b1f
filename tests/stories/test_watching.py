"""From a number on the board to the people behind it, and one act for all of them."""

import pytest
from django.utils import timezone

from accounts.catalogue.systems import MAILBOX
from accounts.due.models import Sync
from accounts.journal.models import Event
from tests.cast import a_first_year
from tests.services.chromium import DESKTOP, Language
from tests.stories.conftest import Visit
from tests.stories.test_desk import signed_in

pytestmark = pytest.mark.story

AGAIN: dict[Language, str] = {
    "de": "Bei diesen 3 noch einmal nachsehen",
    "en": "Look again at these 3",
}


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

    assert [row.split("\t")[0].strip() for row in named[1:]] == [
        "Cem Oetker",
        "Cem Öztürk",
        "Cem Zander",
    ]
    assert Event.objects.filter(what="looked_again_with_many").count() == 3
