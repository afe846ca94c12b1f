"""The registrar's pages, from upload to people."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import ldap3
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import forms, intake
from onboarding.enrolment.models import CohortFile, Stage
from tests.cast import NOW, a_colleague, a_student, export, export_row

pytestmark = [pytest.mark.django_db(transaction=True)]

Queries = Callable[[int], AbstractContextManager[object]]
IMPORTS = "/registrar/imports/"
NAME = "enrolment-20260915T060000-{rows}.csv"


@pytest.fixture
def registrar(
    slapd: Slapd, directory_admin: ldap3.Connection, client: Client
) -> Iterator[Client]:
    """Give a browser in which a registrar is signed in."""
    cache.clear()
    dn = f"uid=registrar,ou=staff,{slapd.base}"
    directory_admin.add(
        dn,
        ["inetOrgPerson"],
        {"cn": "Ada Freytag", "sn": "Freytag", "uid": "registrar"},
    )
    group = f"cn=registrar,ou=roles,{slapd.base}"
    directory_admin.modify(group, {"member": [(ldap3.MODIFY_ADD, [dn])]})
    client.force_login(a_colleague(account_name="registrar"))
    client.cookies["django_language"] = "en"
    yield client
    cache.clear()


def send(
    client: Client, content: bytes, *, name: str = NAME.format(rows=1), **more: Any
) -> Any:
    files = {"export": SimpleUploadedFile(name, content), **more}
    return client.post(f"{IMPORTS}new/", files)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_registrar_uploads_looks_and_applies(registrar: Client) -> None:
    empty = registrar.get(IMPORTS)
    bad = export_row(school="Hogwarts")
    sent = send(registrar, export(export_row(), bad), name=NAME.format(rows=2))
    page = registrar.get(sent.url)
    confirmed = registrar.post(f"{sent.url}confirm/")
    moving = registrar.get(sent.url)
    intake.work_off(at=NOW)
    done = registrar.get(sent.url)
    listed = registrar.get(IMPORTS)

    assert "Nothing has been uploaded yet" in text(empty)
    assert "Cem Sondermann" in text(page)
    assert "“Hogwarts” is not known" in text(page)
    assert confirmed.headers["Location"] == sent.url
    assert "data-poll" in moving.content.decode()
    assert "Applied" in text(done)
    assert NAME.format(rows=2) in text(listed)
    assert Person.objects.filter(person_key__startswith="P").count() == 1


def test_a_held_file_asks_for_a_tick(registrar: Client) -> None:
    sent = send(registrar, export(export_row()), name="export.csv")

    page = registrar.get(sent.url)
    refused = registrar.post(f"{sent.url}confirm/")
    still = CohortFile.objects.get().stage
    registrar.post(f"{sent.url}confirm/", {"unknown-origin": "on"})

    assert "Apply it all the same" in text(page)
    assert "Tick this if you have checked it" in text(refused)
    assert still == Stage.WAITING
    assert CohortFile.objects.get().stage == Stage.APPLYING


def test_a_file_can_be_dropped(registrar: Client) -> None:
    sent = send(registrar, export(export_row()))

    registrar.post(f"{sent.url}discard/")
    confirmed = registrar.post(f"{sent.url}confirm/")

    file = CohortFile.objects.get()
    assert confirmed.status_code == 302
    assert (file.stage, file.content) == (Stage.DROPPED, None)
    assert not intake.work_off(at=NOW)
    assert "its content is gone" in text(registrar.get(sent.url))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"name;born\nA;B\n", "x.csv", "names none of the columns"),
        (b"x", "x.xlsx", "ends in .csv"),
        (b"", "x.csv", "empty"),
    ],
)
def test_a_useless_file_is_refused_at_the_field(
    registrar: Client, content: bytes, name: str, said: str
) -> None:
    page = send(registrar, content, name=name)

    assert page.status_code == 200
    assert said in text(page)
    assert not CohortFile.objects.exists()


def test_a_layout_and_groups_with_mistakes_are_refused(registrar: Client) -> None:
    page = send(
        registrar,
        export(export_row()),
        layout=SimpleUploadedFile("x.toml", b"colour = 3"),
        tutor_groups=SimpleUploadedFile("t.csv", b"a;b"),
    )

    assert "“colour” is not known" in text(page)
    assert "needs each of these columns once" in text(page)


def test_a_file_that_is_too_large_is_refused(
    registrar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(forms.MOST, "export", 10)

    assert "larger than" in text(send(registrar, export(export_row())))


def test_the_same_file_again_is_said(registrar: Client) -> None:
    content = export(export_row())
    first = send(registrar, content)
    registrar.post(f"{first.url}confirm/")
    intake.work_off(at=NOW)

    again = send(registrar, content)

    assert "very same file was applied" in text(registrar.get(again.url))


def test_the_page_asks_for_news_until_the_work_is_done(
    registrar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 1)
    sent = send(registrar, export(export_row()))

    reading = registrar.get(f"{sent.url}news.json").json()
    page = registrar.get(sent.url).content.decode()
    intake.work_off(at=NOW)
    waiting = registrar.get(f"{sent.url}news.json").json()

    assert f'data-version="{reading["version"]}"' in page
    assert (reading["settled"], waiting["settled"]) == (False, True)
    assert reading["version"] != waiting["version"]


def test_a_name_full_of_markup_is_only_text(registrar: Client) -> None:
    row = export_row(programme='"<script>alert(1)</script>"', school="<b>x</b>")

    sent = send(registrar, export(row), name="<img>-20260915T060000-1.csv")
    page = registrar.get(sent.url).content.decode()

    assert "<b>x</b>" not in page
    assert "<img>" not in page


@pytest.mark.parametrize(
    "path", ["", "new/", "1/", "1/confirm/", "1/discard/", "1/news.json"]
)
def test_only_a_registrar_gets_in(slapd: Slapd, client: Client, path: str) -> None:
    cache.clear()
    method = client.post if path.endswith(("m/", "d/")) else client.get
    stranger = method(IMPORTS + path)
    client.force_login(a_student())
    student = method(IMPORTS + path)

    assert stranger.status_code == 302
    assert stranger.headers["Location"].startswith("/sign-in/")
    assert student.status_code == 403


@pytest.mark.parametrize("files", [1, 25])
def test_the_list_costs_the_same_however_long(
    registrar: Client, django_assert_num_queries: Queries, files: int
) -> None:
    CohortFile.objects.bulk_create(
        CohortFile(name=f"{n}.csv", uploaded_at=NOW, digest="") for n in range(files)
    )
    registrar.get(IMPORTS)

    # Session, person, number of files, files.
    with django_assert_num_queries(5):
        registrar.get(IMPORTS)
