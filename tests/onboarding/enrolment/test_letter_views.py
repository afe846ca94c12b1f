"""The registrar's pages for letters."""

import io
import re
from collections.abc import Iterator
from typing import Any

import ldap3
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import letter_runs
from onboarding.enrolment.letter_recipients import awaiting
from tests.cast import a_colleague, a_student, enrolled
from worker.sweep import sweep

pytestmark = [pytest.mark.django_db]
LETTERS = "/registrar/letters/"


@pytest.fixture
def registrar(
    slapd: Slapd, directory_admin: ldap3.Connection, client: Client
) -> Iterator[Client]:
    """Give a browser in which a registrar is signed in."""
    cache.clear()
    dn = f"uid=registrar,ou=staff,{slapd.base}"
    person = {"cn": "Ada Freytag", "sn": "Freytag", "uid": "registrar"}
    directory_admin.add(dn, ["inetOrgPerson"], person)
    group = f"cn=registrar,ou=roles,{slapd.base}"
    directory_admin.modify(group, {"member": [(ldap3.MODIFY_ADD, [dn])]})
    client.force_login(a_colleague(account_name="registrar"))
    client.cookies["django_language"] = "en"
    yield client
    cache.clear()


@pytest.fixture
def cem(slapd: Slapd) -> Person:
    """Give somebody who has arrived, and whom the directory knows."""
    person = a_student(language="en")
    enrolled(person)
    mark(people=[person.pk], systems=systems.NAMES, at=timezone.now())
    while sweep():
        pass
    return person


def plan(client: Client, kind: str = "pdf", accounts: str = "") -> str:
    """Plan a run; give its address."""
    planned = client.post(LETTERS, {"kind": kind, "accounts": accounts})
    assert planned.status_code == 302
    return str(planned.headers["Location"])


def download(client: Client, address: str) -> bytes:
    response = client.post(f"{address}file/")
    assert response.status_code == 200
    return b"".join(response)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_registrar_plans_looks_again_and_gets_the_letters(
    registrar: Client, cem: Person
) -> None:
    first = registrar.get(LETTERS)
    address = plan(registrar)
    looked = registrar.get(address)
    before = registrar.get(f"{address}news.json").json()
    file = download(registrar, address)
    after = registrar.get(f"{address}news.json").json()
    report = registrar.get(address)

    assert "1 person is waiting for a letter." in text(first)
    assert "Issue 1 letter?" in text(looked)
    (page,) = PdfReader(io.BytesIO(file)).pages
    assert cem.account_name in page.extract_text()
    assert before == {"begun": False}
    assert after == {"begun": True, "version": "1.", "settled": True}
    assert "1 letter issued" in text(report)
    assert "0 people are waiting" in text(registrar.get(LETTERS))


def test_to_look_changes_nothing(registrar: Client, cem: Person) -> None:
    address = plan(registrar)

    registrar.get(address)
    refused = registrar.get(f"{address}file/")

    assert refused.status_code == 405
    assert list(awaiting(at=timezone.now())) == [cem]


def test_the_file_has_a_name_of_ours_and_is_kept_by_nobody(
    registrar: Client, cem: Person
) -> None:
    response = registrar.post(f"{plan(registrar, 'csv')}file/")

    assert response.headers["Content-Type"] == "text/csv"
    assert response.headers["Cache-Control"] == "no-store"
    disposition = response.headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=letters-\d{8}T\d{6}\.csv", disposition)
    content = b"".join(response)
    assert cem.account_name in content.decode()


def test_the_second_of_two_clicks_leads_to_the_report(
    registrar: Client, cem: Person
) -> None:
    address = plan(registrar, accounts=cem.account_name)
    download(registrar, address)

    second = registrar.post(f"{address}file/")

    assert (second.status_code, second.headers["Location"]) == (302, address)
    assert Event.objects.filter(whom=cem, what="letter_issued").count() == 1


def test_accounts_that_can_get_none_are_named_before_anything_happens(
    registrar: Client, cem: Person
) -> None:
    accounts = f"lg9\n{cem.account_name}"
    page = registrar.post(LETTERS, {"kind": "pdf", "accounts": accounts})

    assert "lg9: Nobody here has this account name." in text(page)
    assert list(awaiting(at=timezone.now())) == [cem]


def test_a_lost_file_can_be_issued_again(registrar: Client, cem: Person) -> None:
    address = plan(registrar)
    lost = download(registrar, address)

    planned = registrar.post(f"{address}again/")
    again = download(registrar, planned.headers["Location"])

    assert lost != again
    assert Event.objects.filter(whom=cem, what="letter_issued").count() == 2
    assert "Is the file lost?" not in text(registrar.get(address))


def test_obstacles_are_listed_afterwards(registrar: Client) -> None:
    unknown_to_the_directory = a_student()
    enrolled(unknown_to_the_directory)
    address = plan(registrar, "csv")
    download(registrar, address)

    report = text(registrar.get(address))

    assert "0 letters issued" in report
    assert unknown_to_the_directory.account_name in report
    assert "has no entry for this person yet" in report


def test_no_page_shows_a_secret(registrar: Client, cem: Person) -> None:
    address = plan(registrar, "csv")
    row = download(registrar, address).decode().splitlines()[1]
    secret = row.split(";")[1]

    for page in (LETTERS, address, f"{address}news.json"):
        shown = registrar.get(page).content.decode()
        assert secret not in shown
        assert secret.replace("-", "") not in shown


def test_a_run_that_nobody_planned_is_not_found(registrar: Client) -> None:
    assert registrar.get(f"{LETTERS}nowhere/").status_code == 404
    assert registrar.post(f"{LETTERS}nowhere/again/").status_code == 404


def test_somebody_elses_plan_cannot_be_carried_out(
    registrar: Client, cem: Person
) -> None:
    address = plan(registrar)
    registrar.session.flush()
    registrar.force_login(Person.objects.get(account_name="registrar"))

    response = registrar.post(f"{address}file/")

    assert response.status_code == 302
    assert letter_runs.latest(most=1, at=timezone.now()) == []
    assert list(awaiting(at=timezone.now())) == [cem]


@pytest.mark.parametrize("path", ["", "x/", "x/news.json"])
def test_only_a_registrar_sees_these_pages(
    slapd: Slapd, client: Client, path: str
) -> None:
    stranger = client.get(f"{LETTERS}{path}")
    client.force_login(a_student())
    student = client.get(f"{LETTERS}{path}")

    assert stranger.status_code == 302
    assert student.status_code == 403
    assert client.post(f"{LETTERS}x/file/").status_code == 403
    assert client.post(f"{LETTERS}x/again/").status_code == 403


def test_the_list_asks_as_many_questions_for_five_runs_as_for_one(
    registrar: Client, cem: Person
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            registrar.get(LETTERS)
        return len(asked)

    download(registrar, plan(registrar, "csv"))
    one = questions()
    for _nth in range(4):
        download(registrar, plan(registrar, "csv", cem.account_name))

    assert questions() == one


def test_a_run_that_was_broken_off_is_listed_as_such(
    registrar: Client, cem: Person
) -> None:
    me = Person.objects.get(account_name="registrar")
    long_ago = timezone.now() - 2 * letter_runs.LONGEST
    letter_runs.begin(run="cut", total=4, by=me.pk, at=long_ago)

    listed = text(registrar.get(LETTERS))
    report = text(registrar.get(f"{LETTERS}cut/"))

    assert "Broken off" in listed
    assert "None of its letters has to be issued again." in report
    assert "Issue its letters again" not in report
