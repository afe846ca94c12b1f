"""A request for a second agent, on the own page of the remedy: who decided, and why."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.helpdesk import approvals
from onboarding.helpdesk.models import Approval
from tests.meanwhile import each_moment
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens, text
from tests.onboarding.helpdesk.people import an_active_student

pytestmark = pytest.mark.django_db

CHECK = {"check_made": "in_person", "document": "passport"}
# Each remedy with a page of its own: its address, and what its form says.
REMEDIES = {
    approvals.NEW_PASSWORD: ("new-password", {**CHECK, "cause": "forgotten"}),
    approvals.RECOVERY: ("recovery", CHECK),
    approvals.MERGE: ("merge", {**CHECK, "press": "ask"}),
}


@pytest.fixture(params=REMEDIES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def person(desk: Desk) -> Person:
    return an_active_student()


@pytest.fixture
def agent(desk: Desk, tarek: Person, person: Person) -> Client:
    client = desk(tarek)
    opens(client, person)
    return client


def page(client: Client, kind: str, person: Person) -> Any:
    return client.get(f"/help-desk/{person.pk}/{REMEDIES[kind][0]}/")


def asks(client: Client, kind: str, person: Person) -> int:
    """Ask a second agent; give the number of the request."""
    where, said = REMEDIES[kind]
    if kind == approvals.MERGE:
        other = an_active_student()
        said |= {"other": other.account_name, "stays": person.account_name}
    answer = client.post(f"/help-desk/{person.pk}/{where}/", said)
    assert answer.status_code == 302
    one = approvals.standing(kind=kind, person=person, at=timezone.now())
    assert one is not None
    return one.pk


def decides(client: Client, number: int, decision: str, why: str = "") -> int:
    said = {"decision": decision, "why": why}
    answer = client.post(f"/help-desk/approvals/{number}/", said)
    return int(answer.status_code)


def test_who_declined_and_why_stands_where_it_was_asked(
    desk: Desk, agent: Client, solveig: Person, person: Person, kind: str
) -> None:
    number = asks(agent, kind, person)
    waits = text(page(agent, kind, person))
    lead = desk(solveig)
    assert decides(lead, number, "decline", "check") == 302

    told = text(page(agent, kind, person))

    assert "Waiting for a second agent Asked by Tarek Aydın: " in waits
    assert "A colleague declined Solveig Brandt, at " in told
    assert "Tarek Aydın had asked: " in told
    assert "Why: The check is not enough, or was not made like this." in told
    assert "It can be asked for again." in told
    # In the list of what was asked for, and in the journal, too.
    assert "The check is not enough" in text(agent.get("/help-desk/approvals/"))
    assert "The check is not enough" in text(agent.get(f"/help-desk/{person.pk}/"))
    # Asked anew, it is another request.
    again = asks(agent, kind, person)
    assert again != number
    assert "A colleague declined" not in text(page(agent, kind, person))
    assert decides(lead, again, "approve") == 302
    assert "A colleague declined" not in text(page(agent, kind, person))


def test_a_colleague_sees_who_goes_on_with_it(
    desk: Desk, agent: Client, solveig: Person, person: Person, kind: str
) -> None:
    number = asks(agent, kind, person)
    lead = desk(solveig)
    opens(lead, person)
    decides(lead, number, "approve")

    told = text(page(lead, kind, person))

    assert "A second agent has agreed Solveig Brandt, to this: " in told
    assert "Tarek Aydın asked for it and goes on with it, until " in told


def test_what_was_declined_without_a_word_says_so_for_an_hour(
    desk: Desk, agent: Client, solveig: Person, person: Person, kind: str
) -> None:
    number = asks(agent, kind, person)
    assert decides(desk(solveig), number, "decline", "nonsense") == 404
    assert decides(desk(solveig), number, "decline") == 302

    told = text(page(agent, kind, person))

    assert "Why was not said; ask Solveig Brandt." in told
    later = timezone.now() + settings.APPROVAL_LASTS
    one = approvals.declined(kind=kind, person=person, at=later)
    assert one is None
    with time_machine.travel(later):
        opens(agent, person)
        assert "A colleague declined" not in text(page(agent, kind, person))


def test_a_decision_that_comes_during_the_look_is_seen_or_is_news(
    agent: Client, solveig: Person, person: Person, kind: str
) -> None:
    number = asks(agent, kind, person)
    rows = Approval.objects.filter(pk=number)

    def nobody_has_decided() -> None:
        rows.update(approved=None, decided_by=None, decided_at=None)

    def a_colleague_declines() -> None:
        now = timezone.now()
        approvals.decide(approval=number, by=solveig, approved=False, at=now)

    pages = each_moment(
        nobody_has_decided,
        lambda: page(agent, kind, person),
        a_colleague_declines,
    )

    told = [
        "A colleague declined" in one or named(agent, person) not in one
        for one in pages
    ]
    assert len(told) > 5
    assert all(told)


def named(agent: Client, person: Person) -> str:
    """Say how a page calls the state that is there now."""
    news = agent.get(f"/help-desk/{person.pk}/status/").json()
    return f'data-version="{news["version"]}"'
