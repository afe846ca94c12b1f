"""The pages of myStudy and Moodle, on the real directory and a protocol-true Moodle."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import MOODLE, MYSTUDY, NAMES
from accounts.connectors.contract import Mode
from accounts.due.models import Sync
from accounts.mystudy import account
from accounts.mystudy.models import MyStudyAccount
from accounts.mystudy.modes import decide
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.reconciler.models import Evidence
from onboarding.demo.servers.slapd import Slapd
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from onboarding.journey.step import Now, Standing
from tests.accounts.directory.entries import binds
from tests.accounts.mystudy.conftest import (
    OWN,
    SERVICES,
    Students,
    account_dn,
    made_elsewhere,
    signed_in,
    there,
)
from tests.accounts.mystudy.sweeping import settle

pytestmark = pytest.mark.django_db
NEW = "laterne am kai seit gestern"
PAGE = "/journey/mystudy/"


def step(person: Person, key: str = "mystudy") -> Now:
    way = journey(facts_of(person, at=timezone.now()))
    return next(one.now for one in way.stations if one.step.key == key)


def make(tab: Client, name: str = "cem.s", **typed: str) -> int:
    sent = {"user_name": name, "new_password": NEW, "password": OWN, **typed}
    return tab.post(PAGE, sent).status_code


def switch(mode: Mode, *, days_ago: int = 0) -> None:
    decide(
        cohort_code="2026ws",
        from_date=timezone.localdate() - timedelta(days=days_ago),
        mode=mode,
        by=None,
        at=timezone.now(),
    )


def shown(tab: Client, path: str = PAGE) -> str:
    response = tab.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_step_goes_from_here_over_waiting_to_done(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    assert step(cem).standing is Standing.HERE
    assert "Make account" in shown(tab)

    assert make(tab) == 302
    assert step(cem).standing is Standing.WAITING
    assert "We are on it" in shown(tab)

    settle()
    assert step(cem).standing is Standing.DONE
    assert set(there(slapd, "cem.s")["eduPersonEntitlement"]) == set(SERVICES)
    assert there(slapd, "cem.s")["displayName"] == [cem.display_name]
    page = shown(tab)
    assert "myStudy is open for you" in page
    assert "cem.s" in page


def test_what_was_typed_stays_but_the_secrets(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    response = tab.post(
        PAGE, {"user_name": "cem.s", "new_password": "short", "password": OWN}
    )

    assert response.status_code == 422
    body = response.content.decode()
    assert 'value="cem.s"' in body
    assert OWN not in body
    assert "short" not in body.replace("shorter", "")
    assert MyStudyAccount.objects.count() == 0


def test_a_taken_name_is_said_at_the_field(slapd: Slapd, tab: Client) -> None:
    made_elsewhere(slapd, "ada.f")

    response = tab.post(
        PAGE, {"user_name": "ada.f", "new_password": NEW, "password": OWN}
    )

    assert response.status_code == 422
    assert "Somebody has this user name already" in response.content.decode()


def test_before_the_mailbox_the_page_says_why_it_waits(
    slapd: Slapd, student: Students
) -> None:
    person = student(proved=False)
    tab = signed_in(person)

    assert step(person).standing is Standing.LATER
    page = shown(tab)
    assert "E-mail first, then myStudy" in page
    assert "/journey/mail/" in page
    # No request gets past what is needed first.
    assert make(tab) == 200
    assert there(slapd, "cem.s") == {}


def test_other_schools_have_neither_step(slapd: Slapd, student: Students) -> None:
    person = student(school="Professional School")
    tab = signed_in(person)

    keys = {s.step.key for s in journey(facts_of(person, at=timezone.now())).stations}
    assert not keys & {"mystudy", "moodle"}
    for path in (PAGE, "/journey/moodle/"):
        assert tab.get(path).status_code == 302
    assert make(tab) == 302
    assert there(slapd, "cem.s") == {}


def test_with_the_directory_down_nothing_typed_is_lost_but_secrets(
    slapd: Slapd, tab: Client
) -> None:
    slapd.kill()

    assert "Make account" in shown(tab)
    response = tab.post(
        PAGE, {"user_name": "cem.s", "new_password": NEW, "password": OWN}
    )

    assert response.status_code == 503
    assert 'value="cem.s"' in response.content.decode()


def test_who_has_one_from_elsewhere_is_told_to_use_it(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    made_elsewhere(slapd, "lecturer7", leuphanaPersonKey=str(cem.person_key))

    assert tab.get(PAGE).status_code == 302
    assert make(tab) == 200
    settle()

    assert step(cem).standing is Standing.DONE
    page = shown(tab)
    assert "lecturer7" in page
    assert "second account" in page
    assert tab.get("/journey/mystudy/password/").status_code == 302
    assert there(slapd, "cem.s") == {}


def test_the_worker_finds_it_as_well(slapd: Slapd, cem: Person) -> None:
    made_elsewhere(slapd, "lecturer7", leuphanaPersonKey=str(cem.person_key))
    before = there(slapd, "lecturer7")
    Sync.objects.create(person=cem, system=MYSTUDY, due_at=timezone.now())

    settle()

    mine = account.of(cem.pk)
    assert mine is not None
    assert (mine.user_name, mine.made_here) == ("lecturer7", False)
    assert step(cem).standing is Standing.DONE
    assert there(slapd, "lecturer7") == before


def test_the_password_is_set_anew(slapd: Slapd, tab: Client) -> None:
    make(tab)
    path = "/journey/mystudy/password/"
    assert "A new password for myStudy" in shown(tab, path)

    wrong = tab.post(path, {"password": NEW, "new_password": f"{NEW} x"})
    assert wrong.status_code == 422
    same = tab.post(path, {"password": OWN, "new_password": OWN})
    assert same.status_code == 422
    right = tab.post(path, {"password": OWN, "new_password": f"{NEW} x"})

    assert right.status_code == 302
    assert binds(slapd, account_dn(slapd, "cem.s"), f"{NEW} x")
    assert Mail.objects.filter(message="mystudy_password_set").count() == 1


def test_by_the_leuphana_account_there_is_nothing_to_make(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    switch(Mode.LEUPHANA)
    # Whoever looks has the directory asked.
    assert "We are on it" in shown(tab)
    assert make(tab) == 200
    settle()

    assert step(cem).standing is Standing.DONE
    assert MyStudyAccount.objects.count() == 0
    page = shown(tab)
    assert cem.account_name in page
    assert "there is nothing to set up" in page


def test_a_switch_forth_and_back_loses_nothing(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    make(tab)
    settle()
    opened = there(slapd, "cem.s")["eduPersonEntitlement"]

    switch(Mode.LEUPHANA, days_ago=2)
    Sync.objects.filter(system=MYSTUDY).update(due_at=timezone.now(), generation=99)
    settle()
    assert step(cem).standing is Standing.DONE
    assert "The login has changed" in shown(tab)
    assert "eduPersonEntitlement" not in there(slapd, "cem.s")
    assert binds(slapd, account_dn(slapd, "cem.s"), NEW)

    switch(Mode.OWN, days_ago=1)
    Sync.objects.filter(system=MYSTUDY).update(due_at=timezone.now(), generation=100)
    settle()
    assert step(cem).standing is Standing.DONE
    assert set(there(slapd, "cem.s")["eduPersonEntitlement"]) == set(opened)
    assert "The login has changed" not in shown(tab)


def test_who_waits_for_moodles_word_has_it_asked_but_not_too_often(
    slapd: Slapd, cem: Person, tab: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with MOODLE_URL set, which is read at the start.
    for room in ("teaching", "looking"):
        monkeypatch.setattr(f"onboarding.journey.{room}.NAMES", (*NAMES, MOODLE))
    path = "/journey/moodle/"
    assert "myStudy first" in shown(tab, path)
    assert not Sync.objects.filter(system=MOODLE).exists()
    make(tab)
    settle()

    for _ in range(5):
        assert "We are on it" in shown(tab, path)
    row = Sync.objects.get(person=cem, system=MOODLE)
    assert (row.generation, row.settled) == (1, False)

    # The worker has asked; the next look comes too early, then not any more.
    now = timezone.now()
    for ago, generation in ((1, 1), (60, 2)):
        Sync.objects.filter(system=MOODLE).update(
            settled_generation=1, due_at=None, settled_at=now - timedelta(seconds=ago)
        )
        for _ in range(3):
            shown(tab, path)
        row.refresh_from_db()
        assert row.generation == generation

    says_moodle(cem, user="7", last_seen="2026-10-05T08:30:00+00:00")
    Sync.objects.filter(system=MOODLE).update(settled_generation=2, due_at=None)
    shown(tab, path)
    row.refresh_from_db()
    assert row.generation == 2


@pytest.mark.parametrize(
    ("facts", "standing", "words"),
    [
        ({"last_error": "silent", "failures": 2}, Standing.WAITING, "does not answer"),
        ({"last_error": "", "failures": 0}, Standing.WAITING, "setting you up"),
        (
            {"last_error": "!login_name_taken", "failures": 1},
            Standing.PROBLEM,
            "looking into it",
        ),
    ],
)
def test_what_holds_moodle_up_is_said(  # noqa: PLR0917
    slapd: Slapd,
    cem: Person,
    tab: Client,
    monkeypatch: pytest.MonkeyPatch,
    facts: dict[str, object],
    standing: Standing,
    words: str,
) -> None:
    monkeypatch.setattr("onboarding.journey.teaching.NAMES", (*NAMES, MOODLE))
    make(tab)
    settle()
    Sync.objects.create(
        person=cem, system=MOODLE, due_at=timezone.now() + timedelta(days=1), **facts
    )

    assert step(cem, "moodle").standing is standing
    assert words in shown(tab, "/journey/moodle/")


def test_while_moodle_is_asked_its_answer_shows_by_itself(
    slapd: Slapd, cem: Person, tab: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onboarding.journey.teaching.NAMES", (*NAMES, MOODLE))
    make(tab)
    settle()
    says_moodle(cem, user="7")
    asking = Sync.objects.create(
        person=cem, system=MOODLE, due_at=timezone.now() + timedelta(days=1)
    )
    assert step(cem, "moodle").standing is Standing.HERE

    assert b"data-poll" in tab.get("/journey/moodle/").content
    asking.settled_generation, asking.due_at = asking.generation, None
    asking.save()
    assert b"data-poll" not in tab.get("/journey/moodle/").content


@pytest.mark.parametrize("language", ["de", "en"])
def test_both_pages_come_in_both_languages(
    slapd: Slapd, tab: Client, language: str
) -> None:
    for path in (PAGE, "/journey/moodle/"):
        page = tab.get(path, headers={"accept-language": language})
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()


# --- Moodle ------------------------------------------------------------------------


def says_moodle(person: Person, **said: str) -> None:
    for key, value in said.items():
        Evidence.objects.create(
            person=person,
            system="moodle",
            key=key,
            value=value,
            first_seen_at=timezone.now(),
            seen_at=timezone.now(),
        )


def test_without_a_moodle_to_ask_the_student_says_so(
    slapd: Slapd, cem: Person, tab: Client
) -> None:
    path = "/journey/moodle/"
    assert step(cem, "moodle").standing is Standing.LATER
    assert "myStudy first" in shown(tab, path)
    # Not yet this student's turn.
    tab.post(f"{path}tick/")
    assert step(cem, "moodle").standing is Standing.LATER

    make(tab)
    settle()
    assert step(cem, "moodle").standing is Standing.HERE
    tab.post(f"{path}tick/")

    assert step(cem, "moodle").standing is Standing.DONE
    assert step(cem, "moodle").by_word
    assert "You said" in shown(tab, path)


def test_what_moodle_says_is_confirmed(slapd: Slapd, cem: Person, tab: Client) -> None:
    make(tab)
    settle()
    says_moodle(cem, user="7", login_name="cem.s")
    assert step(cem, "moodle").standing is Standing.HERE
    says_moodle(cem, last_seen="2026-10-05T08:30:00+00:00")

    now = step(cem, "moodle")
    assert now.standing is Standing.DONE
    assert not now.by_word
    page = shown(tab, "/journey/moodle/")
    assert "Confirmed by Moodle." in page
    assert "Moodle saw you last" in page

    switch(Mode.LEUPHANA)
    now = step(cem, "moodle")
    assert now.standing is Standing.DONE
    assert "From now on you sign in there with your Leuphana" in str(now.note)
    assert cem.account_name in shown(tab, "/journey/moodle/")


def test_the_study_begins_in_the_cohort_that_the_tests_switch(cem: Person) -> None:
    assert cem.enrolments.get().study_start == date(2026, 10, 1)
