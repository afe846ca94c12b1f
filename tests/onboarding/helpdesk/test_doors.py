"""Who may open whose record, for what reason, and who learns of it."""

import logging
from datetime import timedelta

import ldap3
import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.signin import terms
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student, student_dn
from tests.cast import a_student, enrolled
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import find, opens, text

pytestmark = pytest.mark.django_db


def looks(person: Person) -> list[tuple[str, str, dict[str, str]]]:
    rows = Event.objects.filter(whom=person, what="record_looked_at").order_by("pk")
    return [(one.who.account_name, one.why, one.facts) for one in rows if one.who]


def test_one_hit_leads_to_the_record_and_the_record_asks_why(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    found = find(agent, "sondermann c")
    asked = agent.get(found.headers["Location"])
    page = opens(agent, cem, reason="ticket", ticket=" MIZ-4711 ")

    assert found.headers["Location"] == f"/help-desk/{cem.pk}/"
    assert asked.headers["Location"] == f"/help-desk/{cem.pk}/reason/"
    assert page.status_code == 200
    assert "Cem Sondermann" in text(page)
    assert looks(cem) == [("helpdesk", "ticket", {"ticket": "MIZ-4711"})]


def test_the_student_reads_who_looked_and_why(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    Person.objects.filter(pk=cem.pk).update(activated_at=timezone.now())
    terms.accept(person=cem.pk, at=timezone.now())
    opens(desk(tarek), cem, reason="ticket", ticket="MIZ-4711")

    history = text(desk(cem).get("/journey/history/"))

    assert "The help desk looked at your record." in history
    assert "By the help desk – For your ticket MIZ-4711." in history
    assert "Tarek" not in history


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"reason": ""}, "Choose why you open this record"),
        ({"reason": "curious"}, "not one of the available"),
        ({"reason": "ticket", "ticket": ""}, "Type the number of the ticket"),
        ({"reason": "ticket", "ticket": "<b>"}, "letters, digits"),
    ],
)
def test_no_record_opens_without_a_reason(
    desk: Desk, tarek: Person, cem: Person, said: dict[str, str], complaint: str
) -> None:
    page = opens(desk(tarek), cem, **said)

    assert page.status_code == 422
    assert complaint in text(page)
    assert looks(cem) == []


def test_after_half_an_hour_and_for_a_colleague_the_reason_is_asked_anew(
    desk: Desk, tarek: Person, solveig: Person, cem: Person
) -> None:
    agent, address = desk(tarek), f"/help-desk/{cem.pk}/"
    opens(agent, cem)

    assert agent.get(address).status_code == 200
    assert desk(solveig).get(address).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert desk(tarek).get(address).status_code == 302


def test_blocked_records_are_for_the_lead(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    hidden = a_student(family_name="Verborgen", confidential=True)
    address = f"/help-desk/{hidden.pk}/reason/"

    refused = desk(tarek).get(address)
    asked = desk(solveig).get(address)

    assert (refused.status_code, asked.status_code) == (403, 200)
    assert "Verborgen" not in text(refused)
    assert "not even that they study here" in text(asked)


def test_records_of_colleagues_with_a_role_are_for_the_lead_and_the_own_is_readable(
    desk: Desk, slapd: Slapd, tarek: Person, solveig: Person
) -> None:
    desk(tarek)
    tutor = a_student(account_name="lg1250055")
    enrolled(tutor)
    add_student(slapd, "lg1250055")
    admin = slapd.admin()
    member = {"member": [(ldap3.MODIFY_ADD, [student_dn(slapd, "lg1250055")])]}
    for role in ("tutor", "help-desk"):
        admin.modify(f"cn={role},ou=roles,{slapd.base}", member)
    admin.unbind()
    cache.clear()

    assert desk(tarek).get(f"/help-desk/{tutor.pk}/reason/").status_code == 403
    assert desk(solveig).get(f"/help-desk/{tutor.pk}/reason/").status_code == 200
    own = desk(tutor)
    assert "This is your own record" in text(own.get(f"/help-desk/{tutor.pk}/reason/"))
    assert opens(own, tutor).status_code == 200


def test_what_is_typed_stands_in_no_address_and_no_log(
    desk: Desk, tarek: Person, cem: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = find(desk(tarek), "sondermann c")
    nobody = find(desk(tarek), "sondervogel")

    assert "sonder" not in answer.headers["Location"].lower()
    assert "Nobody was found" in text(nobody)
    said = [line.getMessage().lower() for line in caplog.records]
    # The database's own debug lines are off wherever the portal runs.
    assert [one for one in said if "sonder" in one and "select" not in one] == []


def test_a_colleague_is_not_looked_after_here(desk: Desk, tarek: Person) -> None:
    assert "An account of the staff" in text(find(desk(tarek), "helpdesk"))
    assert desk(tarek).get(f"/help-desk/{tarek.pk}/reason/").status_code == 404
