"""The record: what the student sees, what systems say, what happened."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.demo.staff import PASSWORD
from onboarding.enrolment.models import GroupPlace, TutorGroup
from tests.cast import a_student
from tests.meanwhile import each_moment
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import led_to, opens, text
from tests.onboarding.helpdesk.people import (
    a_beginner,
    an_active_student,
    with_a_letter,
)
from tests.stories.visitor import OWN

pytestmark = pytest.mark.django_db


def test_the_record_shows_what_the_student_sees_and_what_systems_have(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person = an_active_student(given_names="Noor", family_name="Ohlsen")
    Sync.objects.filter(person=person, system="mailbox").delete()

    page = text(opens(agent, person))

    assert "Noor Ohlsen" in page
    assert "Activate your account Done" in page
    assert "To be done the person’s Choose your address" in page
    assert "an entry with: Data storage, E-mail, Moodle, myStudy, Printing" in page
    assert "the person’s own" in page
    assert OWN not in page


def test_the_password_is_read_live_and_never_shown(desk: Desk, tarek: Person) -> None:
    agent = desk(tarek)
    person, printed = with_a_letter()

    page = opens(agent, person)

    assert "an initial one" in text(page)
    assert "Valid until" in text(page)
    for shown in (printed, printed.replace("-", "")):
        assert shown not in page.content.decode()


def test_the_timeline_names_colleagues_checks_and_reasons(
    desk: Desk, tarek: Person, solveig: Person, cem: Person
) -> None:
    facts = {"check": "in_person"}
    now = timezone.now()
    record(what="password_changed", at=now, whom=cem.pk, who=cem.pk)
    record(what="sessions_ended", at=now, whom=cem.pk, who=solveig.pk, facts=facts)

    page = text(opens(desk(tarek), cem, reason="ticket", ticket="A-1"))

    assert "Solveig Brandt seen in person, with a photo ID" in page
    assert "Tarek Aydın A ticket A-1" in page
    assert "You changed your password. the person –" in page


def test_a_long_history_costs_what_a_short_one_does(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    opens(agent, cem)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            agent.get(f"/help-desk/{cem.pk}/")
        return len(seen)

    queries()
    short = queries()
    for _ in range(60):
        record(what="password_changed", at=timezone.now(), whom=cem.pk, who=tarek.pk)
    twins = [a_student(given_names="Cem", family_name="Sondermann") for _ in range(3)]

    assert twins
    assert queries() == short
    assert short < 50


def test_quick_remedies_do_it_say_so_and_are_written_down(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person = an_active_student()
    session = desk(person)
    opens(agent, person)
    before = Sync.objects.get(person=person, system="directory").generation

    told = {
        what: text(agent.post(f"/help-desk/{person.pk}/{what}/", follow=True))
        for what in ("look-again", "unlock", "end-sessions")
    }
    one = agent.post(f"/help-desk/{person.pk}/look-again/", {"system": "mailbox"})

    assert "The systems were asked to look again" in told["look-again"]
    assert "takes the next try at once" in told["unlock"]
    assert "signed out everywhere" in told["end-sessions"]
    assert one.status_code == 302
    assert Sync.objects.get(person=person, system="directory").generation > before
    assert led_to(session) == "/sign-in/"
    acts = Event.objects.filter(whom=person, who=tarek).order_by("pk")
    assert [one.what for one in acts] == [
        "record_looked_at",
        "looked_again",
        "tries_cleared",
        "sessions_ended",
        "looked_again",
    ]
    assert {one.facts["check"] for one in acts[1:]} == {"none_needed"}


def test_a_student_is_moved_and_reads_who_did_it(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    group = TutorGroup.objects.create(number=41)
    agent = desk(tarek)
    opens(agent, cem)

    page = agent.post(f"/help-desk/{cem.pk}/move/", {"group": group.pk}, follow=True)
    Person.objects.filter(pk=cem.pk).update(activated_at=timezone.now())

    assert "its tutor sees it at once" in text(page)
    assert GroupPlace.objects.get(person=cem).group == group
    event = Event.objects.get(whom=cem, what="group_changed")
    assert event.facts == {
        "group": 41,
        "place": "help_desk",
        "check": "none_needed",
    }


def test_without_a_code_that_hangs_nothing_is_sent(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    opens(agent, cem)

    answer = agent.post(f"/help-desk/{cem.pk}/resend-code/")

    assert answer.status_code == 409
    assert "No code of this person hangs" in text(answer)


def test_no_remedy_without_a_reason_and_none_on_the_own_record(
    desk: Desk, slapd: Slapd, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    asked = agent.post(f"/help-desk/{cem.pk}/look-again/")

    assert asked.headers["Location"] == f"/help-desk/{cem.pk}/reason/"
    assert not Event.objects.filter(what="looked_again").exists()


def test_an_agent_does_only_so_much_in_a_day(
    desk: Desk, tarek: Person, cem: Person, settings: LazySettings
) -> None:
    settings.HELP_DESK_REMEDIES_A_DAY = 2
    agent = desk(tarek)
    opens(agent, cem)

    answers = [
        agent.post(f"/help-desk/{cem.pk}/look-again/").status_code for _ in range(3)
    ]

    assert answers == [302, 302, 409]
    assert Event.objects.filter(what="looked_again").count() == 2


def test_the_wait_after_wrong_passwords_ends(desk: Desk, tarek: Person) -> None:
    agent = desk(tarek)
    person = an_active_student()
    wrong = {"account": person.account_name, "password": "wrong wrong wrong"}
    statuses = [Client().post("/sign-in/", wrong).status_code for _ in range(5)]
    opens(agent, person)
    agent.post(f"/help-desk/{person.pk}/unlock/")
    right = {"account": person.account_name, "password": OWN}

    assert statuses[-1] == 429
    assert Client().post("/sign-in/", right).status_code == 302


@pytest.mark.parametrize("what", ["look-again", "unlock", "end-sessions"])
def test_every_remedy_asks_for_the_own_password_again_and_then_for_one_press(
    desk: Desk, tarek: Person, cem: Person, what: str
) -> None:
    agent = desk(tarek, fresh=False)
    opens(agent, cem)
    address = f"/help-desk/{cem.pk}/{what}/"

    asked = agent.post(address)
    again = agent.post(asked.headers["Location"], {"password": PASSWORD})
    page = text(agent.get(again.headers["Location"]))
    before = Event.objects.filter(whom=cem, who=tarek).count()
    done = agent.post(address, follow=True)

    assert asked.headers["Location"].startswith("/sign-in/again/")
    assert "Do you still want this?" in page
    assert before == 1
    assert done.redirect_chain[-1][0].startswith(f"/help-desk/{cem.pk}/?done=")


def test_every_remedy_says_what_check_it_needs_and_whether_it_can_be_undone(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    page = opens(desk(tarek), cem).content.decode()
    listed = page.partition('<h2 class="panel__title">Repair')[2]
    listed, _, _ = listed.partition("Hand on to somebody else")
    remedies = listed.split("<li>")[1:]

    assert len(remedies) == 8
    assert [one for one in remedies if "remedies__note" not in one] == []


def test_a_trouble_is_ended_where_it_is_read(desk: Desk, tarek: Person) -> None:
    person = a_beginner()

    page = opens(desk(tarek), person).content.decode()
    trouble = page.partition('id="trouble-no_letter"')[2].partition("</article>")[0]

    assert f'href="/help-desk/{person.pk}/new-password/"' in trouble
    assert "Check the photo ID, then make out a slip." in trouble


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_to_say_stands_first_in_the_language_of_the_person(
    desk: Desk, tarek: Person, language: str
) -> None:
    person = a_beginner(language=language)

    page = opens(desk(tarek), person).content.decode()
    said = page.partition('class="trouble__said"')[2]

    assert said.partition('blockquote lang="')[2].startswith(language)


def test_nothing_stuck_is_said_so_and_the_rest_is_folded(
    desk: Desk, tarek: Person
) -> None:
    person = an_active_student()

    page = opens(desk(tarek), person)

    assert "Nothing is stuck." in text(page)
    assert "Why is it stuck" not in text(page)
    assert 'fold trouble--mild" id="trouble-active">' in page.content.decode()


@pytest.mark.parametrize(
    ("somebody", "sentence"),
    [
        (a_beginner, "Next: “Activate your account”. It is the person’s turn."),
        (an_active_student, "Next: “Set up your e-mail”. It is the person’s turn."),
    ],
)
def test_one_sentence_says_how_far_somebody_is(
    desk: Desk, tarek: Person, somebody: Callable[[], Person], sentence: str
) -> None:
    assert sentence in text(opens(desk(tarek), somebody()))


def test_an_open_record_hears_of_news_and_keeps_no_session_alive(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    unasked = agent.get(f"/help-desk/{cem.pk}/status/")
    opens(agent, cem)
    before = agent.get(f"/help-desk/{cem.pk}/status/")
    mark(people=[cem.pk], systems=["mailbox"], at=timezone.now())
    after = agent.get(f"/help-desk/{cem.pk}/status/")

    assert unasked.headers["Location"] == f"/help-desk/{cem.pk}/reason/"
    assert after.json()["version"] != before.json()["version"]
    assert getattr(after.wsgi_request, "idle", False)
    assert agent.get(f"/help-desk/{cem.pk}/progress/").json()["settled"] is False
    assert f'data-url="/help-desk/{cem.pk}/progress/"' in (
        agent.get(f"/help-desk/{cem.pk}/").content.decode()
    )


def test_what_systems_do_while_the_record_is_made_is_seen_or_is_news(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    mark(people=[cem.pk], systems=["mailbox"], at=timezone.now())
    opens(agent, cem)
    row = Sync.objects.filter(person=cem)
    pages = each_moment(
        lambda: row.update(settled_generation=0),
        lambda: agent.get(f"/help-desk/{cem.pk}/"),
        lambda: row.update(settled_generation=F("generation")),
    )

    told = ["data-poll" not in page or named(agent, cem) not in page for page in pages]

    assert len(told) > 10
    assert all(told)


def named(agent: Client, person: Person) -> str:
    """Say how a page calls the state that is there now."""
    news = agent.get(f"/help-desk/{person.pk}/progress/").json()
    return f'data-version="{news["version"]}"'


def test_nobody_is_moved_to_where_they_are(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    here, there = (TutorGroup.objects.create(number=number) for number in (41, 42))
    GroupPlace.objects.create(person=cem, group=here)
    agent = desk(tarek)
    opens(agent, cem)
    address = f"/help-desk/{cem.pk}/move/"

    page = agent.get(address).content.decode()
    answer = agent.post(address, {"group": here.pk})

    assert f'value="{there.pk}"' in page
    assert f'value="{here.pk}"' not in page
    assert answer.status_code == 422
