"""One act for many: shown first, agreed to by a second agent, done and told once."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.catalogue.systems import DIRECTORY
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import RecoveryAddress
from onboarding.helpdesk.models import Approval
from onboarding.watch.reminding import WRITERS
from tests.cast import a_first_year
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import text

pytestmark = pytest.mark.django_db

STUCK = "/watch/people/system/directory/parked/look-again/"
REMINDER = "/watch/reminder/"


def parked(number: int) -> list[Person]:
    people = [a_first_year(activated_at=timezone.now()) for _ in range(number)]
    Sync.objects.bulk_create(
        Sync(person=one, system=DIRECTORY, failures=1, last_error="!refused")
        for one in people
    )
    return people


def form(client: Client, path: str) -> dict[str, str]:
    page = client.get(path).content.decode()
    fields = dict(re.findall(r'name="(act|seal)" value="([^"]+)"', page))
    (press,) = re.findall(r'name="press"[^>]*value="(\w+)"', page) or [""]
    return {**fields, "press": press}


def press(client: Client, path: str, said: dict[str, str]) -> Any:
    return client.post(path, said)


def looked() -> int:
    return Event.objects.filter(what="looked_again_with_many").count()


def due() -> int:
    return Sync.objects.filter(system=DIRECTORY, due_at__isnull=False).count()


def agreed(by: Client) -> int:
    asked = Approval.objects.latest("pk")
    address = f"/help-desk/approvals/{asked.pk}/"
    status: int = by.post(address, {"decision": "approve"}).status_code
    return status


def test_a_few_are_looked_at_again_with_one_press_and_each_reads_it(
    desk: Desk, tarek: Person
) -> None:
    people, agent = parked(3), desk(tarek)
    said = form(agent, STUCK)

    shown = text(agent.get(STUCK))
    answers = [press(agent, STUCK, said) for _ in range(2)]

    assert "How many 3" in shown
    assert said["press"] == "do"
    assert "At 3 people, now" in text(answers[0])
    # Pressed twice is done once.
    assert (due(), looked()) == (3, 3)
    told = Event.objects.get(what="looked_again_with_many", whom=people[0])
    assert told.who == tarek
    assert told.facts == {"check": "none_needed", "systems": DIRECTORY}


def test_beyond_fifty_a_second_agent_agrees_to_exactly_these(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    parked(51)
    agent = desk(tarek)
    asking = form(agent, STUCK)
    early = press(agent, STUCK, {**asking, "press": "do"})

    for _ in range(2):
        press(agent, STUCK, asking)
    waiting = text(desk(solveig).get("/help-desk/approvals/"))
    agreed(agent)
    assert Approval.objects.get().approved is None
    agreed(desk(solveig))
    # Whoever came meanwhile was not agreed to.
    parked(2)
    said = form(agent, STUCK)
    press(agent, STUCK, said)
    press(agent, STUCK, said)

    assert early.status_code == 409
    assert asking["press"] == "ask"
    assert "Systems look again at 51 people: Directory" in waiting
    assert (due(), looked()) == (51, 51)
    assert Approval.objects.get().used_at is not None


def test_the_second_agent_sees_whom_it_is_about_before_agreeing(
    desk: Desk, tarek: Person, solveig: Person, settings: Settings
) -> None:
    settings.HELP_DESK_ALONE = 2
    people = parked(3)
    Person.objects.filter(pk=people[0].pk).update(family_name="Zuletzt")
    agent, lead = desk(tarek), desk(solveig)
    press(agent, STUCK, form(agent, STUCK))
    # Whoever comes meanwhile is not asked about.
    parked(1)
    request = Approval.objects.get()
    page = f"/watch/asked/{request.pk}/"

    listed = lead.get("/help-desk/approvals/").content.decode()
    seen, own = text(lead.get(page)), agent.get(page).content.decode()

    assert f'href="{page}"' in listed
    assert "See the 3 people" in listed
    assert "Directory: a human has to look" in seen
    assert "all schools, all groups" in seen
    assert "3 people, sorted by family name" in seen
    assert "Zuletzt" in seen
    assert "Approve" in seen
    assert "Approve" not in own
    assert f'href="{STUCK}?cohort=2026ws&amp;school=all&amp;group=all"' in own


def test_a_blocked_record_is_not_shown_to_the_second_agent(
    desk: Desk, tarek: Person, solveig: Person, settings: Settings
) -> None:
    settings.HELP_DESK_ALONE = 1
    (hidden, _) = parked(2)
    Person.objects.filter(pk=hidden.pk).update(
        confidential=True, family_name="Verborgen"
    )
    lead = desk(solveig)
    press(lead, STUCK, form(lead, STUCK))

    seen = text(desk(tarek).get(f"/watch/asked/{Approval.objects.get().pk}/"))

    assert "Verborgen" not in seen
    assert "1 record more is for the help desk’s lead" in seen


def test_whoever_was_declined_reads_by_whom_and_may_ask_again(
    desk: Desk, tarek: Person, solveig: Person, settings: Settings
) -> None:
    settings.HELP_DESK_ALONE = 1
    parked(2)
    agent = desk(tarek)
    press(agent, STUCK, form(agent, STUCK))
    request = Approval.objects.get()
    decision = {"decision": "decline"}
    desk(solveig).post(f"/help-desk/approvals/{request.pk}/", decision)

    page = agent.get(STUCK)

    assert "Solveig Brandt did not agree" in text(page)
    assert form(agent, STUCK)["press"] == "ask"
    assert agent.get(f"/watch/asked/{request.pk}/").status_code == 404


def test_others_than_were_shown_are_left_alone(desk: Desk, tarek: Person) -> None:
    parked(2)
    agent = desk(tarek)
    said = form(agent, STUCK)
    parked(1)
    answer = press(agent, STUCK, said)

    assert answer.status_code == 409
    assert "these are others than the page showed" in text(answer)
    assert (due(), looked()) == (0, 0)


def test_nobody_is_asked_to_agree_to_others_than_were_shown(
    desk: Desk, tarek: Person, settings: Settings
) -> None:
    settings.HELP_DESK_ALONE = 1
    parked(2)
    agent = desk(tarek)
    said = form(agent, STUCK)
    parked(1)
    answer = press(agent, STUCK, said)

    assert said["press"] == "ask"
    assert answer.status_code == 409
    assert "these are others than the page showed" in text(answer)
    assert not Approval.objects.exists()


def test_the_lead_alone_acts_for_blocked_records(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    (one, _) = parked(2)
    Person.objects.filter(pk=one.pk).update(confidential=True)

    assert "How many 1 – without 1 record" in text(desk(tarek).get(STUCK))
    assert "How many 2" in text(desk(solveig).get(STUCK))


def test_a_day_has_its_limit(desk: Desk, tarek: Person, settings: Settings) -> None:
    settings.HELP_DESK_MANY_A_DAY = 1
    agent = desk(tarek)
    for _ in range(2):
        parked(1)
        answer = press(agent, STUCK, form(agent, STUCK))

    assert answer.status_code == 409
    assert looked() == 1


def test_many_cost_hardly_more_questions_than_a_few(desk: Desk, tarek: Person) -> None:
    agent, counted = desk(tarek), []
    for number in (1, 40):
        Sync.objects.all().delete()
        parked(number)
        said = form(agent, STUCK)
        with CaptureQueriesContext(connection) as queries:
            assert press(agent, STUCK, said).status_code == 200
        counted.append(len(queries))

    # One alone is marked in a shorter way.
    assert abs(counted[1] - counted[0]) <= 3


def not_begun(*, proved: bool = False, lettered: bool = False) -> Person:
    now = timezone.now()
    until = now + timedelta(days=30) if lettered else None
    person = a_first_year(
        activated_at=now if proved else None,
        initial_password_until=now + timedelta(days=30) if proved else until,
        private_email="from-the-export@mail.example",
    )
    if proved:
        RecoveryAddress.objects.create(
            person=person, address="proved@mail.example", proved_at=now
        )
    return person


def test_a_reminder_goes_to_proved_addresses_alone_and_says_who_needs_a_letter(
    desk: Desk, tarek: Person
) -> None:
    reached = not_begun(proved=True)
    for lettered in (True, False, False):
        not_begun(lettered=lettered)
    a_first_year(activated_at=timezone.now())
    agent = desk(tarek)

    page = agent.get(REMINDER)
    said = form(agent, REMINDER)
    answers = [press(agent, REMINDER, said), press(agent, REMINDER, said)]
    again = agent.get(REMINDER)
    stale = press(agent, REMINDER, {**said, "act": str(uuid4())})

    shown = text(page)
    assert "Reached by mail 1" in shown
    assert "have one that is valid 1" in shown
    assert "have none that is valid 2" in shown
    assert "Dein Leuphana-Konto wartet auf dich" in shown
    assert "Your Leuphana account waits for you" in shown
    assert "mail.example" not in shown
    assert all("To 1 person" in text(one) for one in answers)
    assert "Reached by mail 0 Reminded today already 1" in text(again)
    assert "There is nobody to do it for." in text(again)
    assert stale.status_code == 409
    # At most one a day, whoever presses how often.
    mail = Mail.objects.get(message="start_reminder")
    assert (mail.person, mail.address) == (reached, "")


def test_who_starts_before_the_mail_is_written_gets_none() -> None:
    person = not_begun(proved=True)
    mail = Mail(person=person, message="start_reminder")
    written = WRITERS["start_reminder"](mail)
    assert written is not None
    assert "/activate/" in written.plain

    person.initial_password_until = None
    assert WRITERS["start_reminder"](mail) is None


def test_who_has_left_before_the_mail_is_written_gets_none() -> None:
    person = not_begun(proved=True)
    mail = Mail(person=person, message="start_reminder")
    assert WRITERS["start_reminder"](mail) is not None

    person.enrolments.update(status="withdrawn", status_date=timezone.localdate())
    assert WRITERS["start_reminder"](mail) is None


def test_for_mails_to_more_than_fifty_the_lead_answers(
    desk: Desk, tarek: Person, solveig: Person, settings: Settings
) -> None:
    settings.HELP_DESK_ALONE = 1
    for _ in range(2):
        not_begun(proved=True)
    agent, lead = desk(tarek), desk(solveig)
    press(lead, REMINDER, form(lead, REMINDER))
    agreed(agent)
    assert Approval.objects.get().approved is None

    press(agent, REMINDER, form(agent, REMINDER))
    agreed(lead)
    press(agent, REMINDER, form(agent, REMINDER))

    assert Mail.objects.filter(message="start_reminder").count() == 2
