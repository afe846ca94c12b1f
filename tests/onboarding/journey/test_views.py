"""The journey page and the small answer that keeps it fresh."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override
from pytest_django.fixtures import Settings

from accounts.catalogue.systems import DIRECTORY
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.signin import terms
from accounts.signin.models import RecoveryAddress
from tests.cast import NOW, a_colleague, a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

STATUS = "/journey/status.json"
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def a_freshman(**facts: Any) -> Person:
    """Give a student whose account works."""
    person = a_student(**{"activated_at": NOW, **facts})
    enrolled(person)
    terms.accept(person=person.pk, at=NOW)
    mark(people=[person.pk], systems=[DIRECTORY], at=timezone.now())
    Sync.objects.update(settled_generation=1)
    return person


def tab(person: Person, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def page(client: Client) -> str:
    answer = client.get("/journey/")
    assert answer.status_code == 200
    return answer.content.decode()


# --- Who is led where ---------------------------------------------------------------


def test_who_has_not_signed_in_is_asked_to() -> None:
    answer = Client().get("/journey/")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/journey/"


def test_a_student_is_greeted_by_the_chosen_name() -> None:
    assert "Hello Alex Sondermann" in page(tab(a_freshman(chosen_name="Alex")))


def test_staff_are_sent_to_their_desks() -> None:
    answer = tab(a_colleague()).get("/journey/")

    assert (answer.status_code, answer["Location"]) == (302, "/desks/")


def test_consent_is_asked_for_again_when_a_document_changes(
    settings: Settings,
) -> None:
    client = tab(a_freshman())
    page(client)

    settings.TERMS_VERSION = "2027-04-01"
    answer = client.get("/journey/")

    assert (answer.status_code, answer["Location"]) == (302, "/consent/")
    client.post("/consent/", {"agree": "on"})
    page(client)


@pytest.mark.parametrize("document", ["TERMS_VERSION", "PRIVACY_VERSION"])
def test_either_document_is_asked_for(settings: Settings, document: str) -> None:
    client = tab(a_freshman())

    setattr(settings, document, "2027-04-01")

    assert client.get("/journey/").status_code == 302


# --- What is alike is drawn once; what is one person's stays theirs -----------------


def test_who_is_as_far_sees_the_same_way_and_nothing_of_the_other() -> None:
    cem = a_freshman(chosen_name="Alex")
    ada = a_freshman(given_names="Ada", family_name="Freytag")
    for person, address in ((cem, "alex@mail.example"), (ada, "ada@mail.example")):
        RecoveryAddress.objects.create(person=person, address=address, proved_at=NOW)

    first, second = page(tab(cem)), page(tab(ada))

    for own in ("Alex", cem.account_name, "alex@mail.example"):
        assert own in first
        assert own not in second
    for own in ("Ada Freytag", ada.account_name, "ada@mail.example"):
        assert own in second
        assert own not in first


def test_every_form_of_a_page_bears_a_token_of_its_own_browser() -> None:
    pages = []
    for person in (a_freshman(), a_freshman()):
        client = tab(person)
        pages.append(set(HIDDEN.findall(page(client))))
        # One token for all forms of a page, and it is the one in the cookie, masked.
        assert len(pages[-1]) == 1
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        sent = {"csrfmiddlewaretoken": next(iter(pages[-1]))}
        assert strict.post("/sign-out/", sent).status_code == 302

    assert not pages[0] & pages[1]


def test_a_page_is_drawn_in_the_language_of_who_looks() -> None:
    person = a_freshman()

    german, english = page(tab(person, "de")), page(tab(person, "en"))

    for words in ("Set up your e-mail", "Copy", "Sign out", "none yet", "Help"):
        with override("de"):
            translated = gettext(words)
        assert words in english
        assert translated in german
        assert translated == words or f">{words}<" not in german


def test_a_new_fact_is_on_the_next_page() -> None:
    person = a_freshman()
    client = tab(person)
    assert "none yet" in page(client)

    RecoveryAddress.objects.create(
        person=person, address="alex@mail.example", proved_at=NOW
    )

    assert "none yet" not in page(client)
    assert "alex@mail.example" in page(client)


# --- While something is being set up ------------------------------------------------


def waits(person: Person, **sync: object) -> None:
    mark(people=[person.pk], systems=[DIRECTORY], at=timezone.now())
    Sync.objects.filter(person=person).update(**sync)


WAITING: dict[str, tuple[dict[str, object], str]] = {
    "under way": (
        {},
        (
            "Your password is in force. We are switching on your services; that usually"
            " takes a few seconds."
        ),
    ),
    "silent": (
        {"failures": 2, "last_error": "no_answer"},
        (
            "Your password is in force. The account directory does not answer at the"
            " moment; we keep trying, and you may close this page."
        ),
    ),
    "parked": (
        {"failures": 1, "last_error": "!two entries"},
        (
            "Your password is in force, but we could not switch on all services."
            " We have been told and are looking into it; you need not do anything."
            " If it is urgent, the help desk knows more."
        ),
    ),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("state", WAITING)
def test_waits_and_problems_are_said_in_words(state: str, language: str) -> None:
    sync, words = WAITING[state]
    person = a_freshman()
    waits(person, **sync)

    html = page(tab(person, language))

    with override(language):
        assert gettext(words) in html
    assert (language == "en") == (words in html)
    assert "two entries" not in html
    assert "no_answer" not in html


def test_a_page_that_waits_asks_for_news() -> None:
    person = a_freshman()
    client = tab(person)
    assert "data-poll" not in page(client)

    waits(person)
    html = page(client)

    version = client.get(STATUS).json()["version"]
    assert f'data-url="{STATUS}" data-version="{version}"' in html
    # Without scripts, the browser asks for the page again by itself.
    assert '<meta http-equiv="refresh"' in html


def test_a_page_on_which_a_human_has_to_act_does_not_ask() -> None:
    person = a_freshman()
    waits(person, failures=1, last_error="!two entries")

    assert "data-poll" not in page(tab(person))


# --- News ---------------------------------------------------------------------------


def test_news_is_told_once() -> None:
    person = a_freshman()
    client = tab(person)
    waits(person)

    first = client.get(STATUS)
    again = client.get(STATUS, headers={"if-none-match": first["ETag"]})
    Sync.objects.update(settled_generation=2)
    news = client.get(STATUS, headers={"if-none-match": first["ETag"]})

    assert first.json()["settled"] is False
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert news.status_code == 200
    assert news.json()["settled"] is True
    assert news.json()["version"] != first.json()["version"]


def test_a_second_failure_is_no_news() -> None:
    person = a_freshman()
    client = tab(person)
    waits(person, failures=1, last_error="no_answer")
    tag = client.get(STATUS)["ETag"]

    Sync.objects.update(failures=2)

    assert client.get(STATUS, headers={"if-none-match": tag}).status_code == 304


def test_the_news_of_others_is_no_news() -> None:
    person, other = a_freshman(), a_freshman()
    client = tab(person)
    tag = client.get(STATUS)["ETag"]

    waits(other)

    assert client.get(STATUS, headers={"if-none-match": tag}).status_code == 304


def test_who_is_signed_out_is_told_so() -> None:
    answer = Client().get(STATUS)

    assert (answer.status_code, answer.json()) == (401, {})


def test_no_cache_shares_the_news() -> None:
    answer = tab(a_freshman()).get(STATUS)

    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Security-Policy"]


def test_news_takes_one_question_beyond_session_and_user() -> None:
    client = tab(a_freshman())

    with CaptureQueriesContext(connection) as queries:
        client.get(STATUS)

    tables = [re.findall(r"FROM \W?(\w+)", one["sql"])[0] for one in queries]
    assert tables == ["django_session", "people_person", "due_sync"]


def test_asking_for_news_keeps_no_session_alive() -> None:
    client = tab(a_freshman())
    session = client.session
    session["seen"] = seen = int(time.time()) - 600
    session.save()
    ends = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=ends)

    client.get(STATUS)
    assert Session.objects.get().expire_date == ends
    assert client.session["seen"] == seen

    page(client)
    assert Session.objects.get().expire_date > ends
    assert client.session["seen"] > seen


def test_a_session_that_is_over_is_told_so() -> None:
    client = tab(a_freshman())
    Session.objects.update(expire_date=timezone.now())

    assert client.get(STATUS).status_code == 401


def test_who_looks_writes_nothing() -> None:
    client = tab(a_freshman())

    with CaptureQueriesContext(connection) as queries:
        page(client)

    assert [one for one in queries if not one["sql"].startswith("SELECT")] == []
    assert len(queries) <= 2 + 1 + 7
    assert settings.SESSION_COOKIE_NAME not in client.get("/journey/").cookies
