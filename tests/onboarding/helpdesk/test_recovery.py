"""Another recovery address at the desk: two agents, and a code that proves it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.codes import open_code
from accounts.signin.models import MailedCode, RecoveryAddress
from onboarding.helpdesk import approvals
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens, text

pytestmark = pytest.mark.django_db

CHECK = {"check_made": "in_person", "document": "identity_card"}
OLD, NEW = "cem@old.example", "cem@new.example"


@pytest.fixture
def agent(desk: Desk, tarek: Person, cem: Person) -> Client:
    RecoveryAddress.objects.create(person=cem, address=OLD, proved_at=timezone.now())
    client = desk(tarek)
    opens(client, cem)
    return client


def press(client: Client, person: Person, **said: str) -> Any:
    return client.post(f"/help-desk/{person.pk}/recovery/", said)


def agreed(client: Client, person: Person, by: Person) -> None:
    press(client, person, **CHECK)
    one = approvals.standing(kind=approvals.RECOVERY, person=person, at=timezone.now())
    assert one is not None
    approvals.decide(approval=one.pk, by=by, approved=True, at=timezone.now())


def address_of(person: Person) -> str:
    return RecoveryAddress.objects.get(person=person).address


def test_an_address_is_set_once_two_agents_agree_and_its_code_is_said(
    agent: Client, tarek: Person, solveig: Person, cem: Person
) -> None:
    agreed(agent, cem, solveig)
    ready = text(agent.get(f"/help-desk/{cem.pk}/recovery/"))
    press(agent, cem, address=NEW)
    asks = text(agent.get(f"/help-desk/{cem.pk}/recovery/"))
    assert address_of(cem) == OLD
    wrong = press(agent, cem, code="0000 0000")
    digits = open_code(code=MailedCode.objects.get(person=cem))
    done = press(agent, cem, code=digits)
    twice = press(agent, cem, code=digits)

    assert "Solveig Brandt has agreed" in ready
    assert f"A code is on its way to {NEW}" in asks
    assert (wrong.status_code, twice.status_code) == (409, 409)
    assert done.headers["Location"] == f"/help-desk/{cem.pk}/?done=recovery"
    assert address_of(cem) == NEW
    event = Event.objects.get(whom=cem, what="recovery_address_corrected")
    assert event.who == tarek
    assert event.facts["check"] == "in_person"
    assert event.facts["document"] == "identity_card"
    assert NEW not in str(event.facts)
    told = Mail.objects.get(person=cem, message="recovery_address_changed")
    assert told.address == OLD


def test_without_a_second_agent_no_code_is_sent(agent: Client, cem: Person) -> None:
    press(agent, cem, **CHECK)
    page = text(agent.get(f"/help-desk/{cem.pk}/recovery/"))
    press(agent, cem, address=NEW)

    assert "Waiting for a second agent" in page
    assert not MailedCode.objects.exists()
    assert address_of(cem) == OLD


def test_a_colleague_cannot_go_on_with_it(
    agent: Client, desk: Desk, solveig: Person, cem: Person
) -> None:
    agreed(agent, cem, solveig)
    press(agent, cem, address=NEW)
    digits = open_code(code=MailedCode.objects.get(person=cem))
    lead = desk(solveig)
    opens(lead, cem)

    assert press(lead, cem, code=digits).status_code == 409
    assert address_of(cem) == OLD


def test_no_address_of_the_university_and_none_without_a_check(
    agent: Client, solveig: Person, cem: Person, settings: Any
) -> None:
    assert press(agent, cem, check_made="in_person").status_code == 422
    agreed(agent, cem, solveig)
    ours = press(agent, cem, address=f"cem@{settings.MAIL_DOMAIN}")

    assert ours.status_code == 422
    assert "one outside" in text(ours)
