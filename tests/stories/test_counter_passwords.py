"""At the counter: those without a password that opens anything, and the held back."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accounts.directory import gateway, passwords
from accounts.people.models import Person
from onboarding.enrolment import letter_runs
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.letters import issue
from tests.cast import export, export_row
from tests.onboarding.helpdesk.people import a_beginner
from tests.services.campus import Campus
from tests.stories.conftest import Visit
from tests.stories.counter import Agent, Stage, help_everybody
from tests.stories.newcomers import a_newcomer, an_active_student
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.story, pytest.mark.long]

PRINTED = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
SLIP = "Make the slip out (PDF)"


def no_letter(agent: Agent, _stage: Stage) -> None:
    person = a_beginner(given_names="Nele", family_name="Briefenau")

    agent.finds("brifenau")
    agent.follows_named("Nele Briefenau")
    agent.opens()
    agent.reads("no_letter", person.account_name)
    fills_in_the_check(agent, "no_letter")

    assert opens_the_entry(person, takes_the_slip(agent))


def letter_lost(agent: Agent, _stage: Stage) -> None:
    lost = a_newcomer(family_name="Verlegen")

    agent.finds(lost.account)
    agent.opens()
    agent.reads("letter_unused")
    fills_in_the_check(agent, "no_letter")

    assert opens_the_entry(lost.person, takes_the_slip(agent))
    assert not opens_the_entry(lost.person, lost.secret)


def letter_ordered(agent: Agent, stage: Stage) -> None:
    lost = a_newcomer(family_name="Postweg")

    agent.finds(lost.account)
    agent.opens()
    agent.reads("letter_unused")
    fills_in_the_check(agent, "no_letter")
    agent.presses("Order a letter by post")
    agent.sees("A letter is ordered")

    assert not opens_the_entry(lost.person, lost.secret)
    assert opens_the_entry(lost.person, printed_by_the_next_run(lost.account))


def initial_password_expired(agent: Agent, _stage: Stage) -> None:
    ended = timezone.now() - timedelta(days=1)
    late = a_newcomer(family_name="Spätling", ends_at=ended)

    agent.finds("SPAETLING")
    agent.opens()
    agent.reads("initial_expired")
    fills_in_the_check(agent, "expired")

    assert opens_the_entry(late.person, takes_the_slip(agent))


def activated_by_somebody_else(agent: Agent, stage: Stage) -> None:
    person = an_active_student(family_name="Fremdling")

    agent.finds("fremdling")
    agent.opens()
    agent.reads("active")
    fills_in_the_check(agent, "misused")
    agent.presses("Ask a second agent for a slip")
    agrees_as_the_second(stage)
    agent.sees("A second agent has agreed")
    printed = takes_the_slip(agent)

    assert opens_the_entry(person, printed)
    assert not opens_the_entry(person, OWN)


def quarantined_by_the_import(agent: Agent, _stage: Stage) -> None:
    # The o is a Cyrillic one.
    row = export_row(given_names="Orhan", family_name="S\u043endermann")
    on = timezone.localdate()
    with Cohort(Reading(io.BytesIO(export(row)), name="", today=on)) as cohort:
        apply(cohort=cohort, by=None, at=timezone.now())

    agent.finds("orhan")
    agent.follows_named("Orhan S\u043endermann")
    agent.opens()
    agent.follows("Compare the papers and let in")
    agent.retypes("Sondermann", "family_name")
    agent.chooses("check", "in_person")
    agent.presses("Let the person in")

    person = Person.objects.get(person_key=row["person_key"])
    assert person.family_name == "Sondermann"


def two_accounts(agent: Agent, stage: Stage) -> None:
    same: dict[str, Any] = {"given_names": "Zoë", "birth_date": "2005-05-05"}
    stays = an_active_student(family_name="Doppelgang", **same)
    goes = a_newcomer(family_name="Doppelgang", **same).person

    agent.finds(stays.account_name)
    agent.opens()
    agent.reads("two_accounts", goes.account_name)
    agent.presses("Merge two accounts")
    agent.chooses("check_made", "in_person")
    agent.chooses("document", "identity_card")
    agent.presses("Ask a second agent")
    agrees_as_the_second(stage)
    agent.loads_again()
    agent.presses("Merge now, for good")
    agent.sees(stays.account_name)

    goes.refresh_from_db()
    assert goes.merged_into == stays


@pytest.mark.timeout(300)
def test_everybody_without_a_password_is_helped(
    campus: Campus, visit_campus: Visit, colleagues: None
) -> None:
    stories = (
        no_letter,
        letter_lost,
        letter_ordered,
        initial_password_expired,
        activated_by_somebody_else,
        quarantined_by_the_import,
        two_accounts,
    )
    help_everybody(stories, Stage(campus, visit_campus, "en"))


def fills_in_the_check(agent: Agent, cause: str) -> None:
    agent.follows("New initial password, as a slip or a letter")
    agent.chooses("check_made", "in_person")
    agent.chooses("document", "passport")
    agent.chooses("cause", cause)


def takes_the_slip(agent: Agent) -> str:
    """Give what is printed on it; the page says by itself that it was made out."""
    printed = on_the_slip(agent.saves(SLIP))
    agent.sees("The slip was made out")
    return printed


def agrees_as_the_second(stage: Stage) -> None:
    colleague = stage.agent("helpdesk-lead")
    colleague.follows("1 request of a colleague")
    colleague.presses("Approve")
    colleague.sees("Nothing waits.")


def on_the_slip(file: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(file), strict=True).pages
    (printed,) = PRINTED.findall(page.extract_text())
    return str(printed).replace("-", "")


def printed_by_the_next_run(account: str) -> str:
    run = letter_runs.new_name()
    letters = issue(accounts=None, by=None, at=timezone.now(), run=run)
    printed = {one.account_name: one.initial_password for one in letters}
    return printed[account].replace("-", "")


def opens_the_entry(person: Person, secret: str) -> bool:
    return passwords.proves(entry=gateway.person(person.account_name), password=secret)
