"""Whom the import holds back, at the desk: found, opened, told, let in."""

import io
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.held_models import Held
from tests.accounts.directory.entries import add_student, give_role, student_dn
from tests.cast import a_colleague, a_student, export, export_row
from tests.onboarding.helpdesk.conftest import Desk, proved
from tests.onboarding.helpdesk.pages import find, opens, text

pytestmark = pytest.mark.django_db

BAD = "S\u043endermann"


def held_back(**facts: str) -> Held:
    """Import one row that cannot be used."""
    row = export_row(**{"family_name": BAD, "given_names": "Orhan", **facts})
    reading = Reading(io.BytesIO(export(row)), name="", today=date(2026, 9, 15))
    with Cohort(reading) as cohort:
        apply(cohort=cohort, by=None, at=timezone.now())
    return Held.now().get(person_key=row["person_key"])


def opened(agent: Client, held: Held) -> str:
    """Say why, and give the page's address."""
    agent.post(f"/help-desk/held/{held.pk}/reason/", {"reason": "counter"})
    return f"/help-desk/held/{held.pk}/"


@pytest.mark.parametrize("typed", ["orhan", "Orh", BAD, "P777777", "3199999"])
def test_they_are_found_beside_the_students(
    desk: Desk, tarek: Person, cem: Person, typed: str
) -> None:
    held = held_back(person_key="P777777", matriculation_no="3199999")

    page = find(desk(tarek), typed)

    assert "Held back by the import" in text(page)
    assert f"/help-desk/held/{held.pk}/" in page.content.decode()
    assert "Nobody was found" not in text(page)


def test_blocked_ones_are_found_by_a_whole_key_and_by_the_lead(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    held = held_back(confidential="1", matriculation_no="3199999")
    address = f"/help-desk/held/{held.pk}/"

    assert "Nobody was found" in text(find(desk(tarek), "3199999"))
    assert "Nobody was found" in text(find(desk(solveig), "Orhan"))
    assert address in find(desk(solveig), "3199999").content.decode()
    assert desk(tarek).get(address).status_code == 403


def test_the_board_counts_them_and_leads_the_desk_to_their_list(
    desk: Desk, tarek: Person
) -> None:
    open_one = held_back()
    hidden = held_back(confidential="1", given_names="Verborgen")

    agent, auditor = desk(tarek), a_colleague(account_name="auditor")
    board, seen = agent.get("/watch/"), text(desk(auditor).get("/watch/"))
    page = agent.get("/registrar/held/").content.decode()

    assert "2 people are held back" in text(board)
    assert 'href="/registrar/held/"' in board.content.decode()
    assert "2 people are held back" in seen
    assert f'href="/help-desk/held/{open_one.pk}/"' in page
    assert f"/help-desk/held/{hidden.pk}/" not in page
    assert "Verborgen" not in page
    assert desk(auditor).get("/registrar/held/").status_code == 403


def test_they_open_for_a_reason_that_the_journal_keeps(
    desk: Desk, tarek: Person
) -> None:
    held, agent = held_back(), desk(tarek)
    asked = agent.get(f"/help-desk/held/{held.pk}/")

    page = text(agent.get(opened(agent, held)))

    look = Event.objects.get(what="held_looked_at")
    assert asked.headers["Location"] == f"/help-desk/held/{held.pk}/reason/"
    assert (look.who, look.why, look.facts["held"]) == (tarek, "counter", held.pk)
    assert "the import holds this person back" in page
    assert "Student administration has told us about you" in page
    assert "Die Studierendenverwaltung" in page
    assert "U+043E CYRILLIC SMALL LETTER O" in page


def test_letting_in_asks_for_the_papers_and_the_own_password(
    desk: Desk, tarek: Person
) -> None:
    held, agent = held_back(), desk(tarek, fresh=False)
    agent.post(f"/help-desk/held/{held.pk}/reason/", {"reason": "counter"})
    release = f"/help-desk/held/{held.pk}/release/"
    stale = agent.get(release)
    proved(agent)
    address = f"{opened(agent, held)}release/"

    unchecked = agent.post(address, {"family_name": "Sondermann"})
    wrong = agent.post(address, {"family_name": BAD, "check": "in_person"})
    shown = text(agent.get(address))
    done = agent.post(address, {"family_name": "Sondermann", "check": "in_person"})

    person = Person.objects.get(person_key=held.person_key)
    assert stale.headers["Location"].startswith("/sign-in/again/")
    assert (unchecked.status_code, wrong.status_code) == (422, 422)
    assert "Choose which papers you compared" in text(unchecked)
    assert "U+043E" in text(wrong)
    assert "This cannot be undone by a press" in shown
    assert done.headers["Location"] == f"/help-desk/{person.pk}/?done=released"
    assert agent.post(address, {}).status_code == 404


def test_what_only_student_administration_settles_has_no_button(
    desk: Desk, tarek: Person
) -> None:
    held, agent = held_back(status="asleep"), desk(tarek)
    address = opened(agent, held)

    page = text(agent.get(address))

    assert "student administration puts it right" in page
    assert "Compare the papers" not in page
    assert agent.post(f"{address}release/", {}).headers["Location"] == address


def test_the_record_says_what_is_held_back_of_a_student(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    held, agent = held_back(person_key=str(cem.person_key)), desk(tarek)

    page = opens(agent, cem)

    assert "the import holds back what student administration says" in text(page)
    assert f"/help-desk/held/{held.pk}/" in page.content.decode()


def test_nobody_lets_in_their_own_rows(desk: Desk, tarek: Person) -> None:
    Person.objects.filter(pk=tarek.pk).update(person_key="P777777")
    held = held_back(person_key="P777777")

    assert desk(tarek).get(f"/help-desk/held/{held.pk}/").status_code == 403


def test_acts_of_a_day_are_counted(desk: Desk, tarek: Person, settings: object) -> None:
    settings.HELP_DESK_REMEDIES_A_DAY = 0  # type: ignore[attr-defined]
    held, agent = held_back(), desk(tarek)
    address = opened(agent, held)

    said = {"family_name": "Sondermann", "check": "in_person"}
    refused = agent.post(f"{address}release/", said)

    assert refused.status_code == 409
    assert Held.now().exists()


def test_nobody_lets_in_rows_of_a_colleague(
    desk: Desk, slapd: Slapd, solveig: Person
) -> None:
    works_here = a_student(person_key="P777777")
    add_student(slapd, works_here.account_name)
    give_role(slapd, student_dn(slapd, works_here.account_name), Role.COORDINATOR)
    held, lead = held_back(person_key="P777777"), desk(solveig)
    address = opened(lead, held)

    said = {"family_name": "Sondermann", "check": "in_person"}
    refused = lead.post(f"{address}release/", said)

    assert refused.status_code == 409
    assert "no account of a colleague" in text(refused)
    assert Held.now().exists()
