"""Facts of invented people, for the pure part of the journey."""

from datetime import date, datetime
from typing import Any

from accounts.connectors.contract import Mode
from accounts.due.progress import Overall, Progress
from accounts.mailbox.standing import Ready
from accounts.mailbox.standing import Standing as MailStanding
from onboarding.cards.route import Route
from onboarding.cards.standing import Standing as CardStanding
from onboarding.cards.standing import Way
from onboarding.enrolment.models import Cohort
from onboarding.journey.facts import Facts
from onboarding.journey.teaching import MoodleFacts, MyStudyFacts
from tests.cast import NOW

TODAY = date(2026, 10, 5)
SETTLED = Progress(generation=1, settled_generation=1)
WORKING = Progress(generation=2, settled_generation=1)
STUCK = Progress(generation=2, settled_generation=1, failures=3, last_error="no_answer")
PARKED = Progress(
    generation=2, settled_generation=1, failures=1, last_error="!two entries"
)
OPENS = {"account": SETTLED, "activated": True, "own_password": True}


def mailbox(at: datetime | None = NOW) -> MailStanding:
    """Give a mailbox that is ready, and proved at a moment."""
    address = "cem.sondermann@stud.leuphana.example"
    return MailStanding(address=address, ready=Ready.YES, proved_at=at)


def facts(**known: Any) -> Facts:
    """Give the facts of a first-year of the College who has only got the letter."""
    account = known.get("account", SETTLED)
    return Facts(
        **{
            "on": TODAY,
            "display_name": "Cem Sondermann",
            "account_name": "lg1300001",
            "activated": False,
            "own_password": False,
            "doctoral": False,
            "studies": True,
            "schools": frozenset({"College"}),
            "account": SETTLED,
            "opened": account.settled,
            "recovery_address": "",
            "mail": MailStanding(),
            "group": None,
            "ticks": frozenset(),
            "mystudy": MyStudyFacts(mode=Mode.OWN),
            "moodle": MoodleFacts(),
            "card": CardStanding(),
            "way": Way(route=Route.LIBRARY, cohort=Cohort(code="2026ws")),
            "work": Overall(version="", settled=True),
            **known,
        }
    )
