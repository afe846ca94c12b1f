"""The page shows the beginning of each list and stays light; a table has it all."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import findings, intake
from onboarding.enrolment.models import CohortFile
from tests.cast import NOW, a_colleague, a_student, enrolled, export, export_row

pytestmark = [pytest.mark.django_db(transaction=True)]

# A page of the staff on its first visit's line: fifteen kilobytes.
LIGHT = 15_000
EACH = 60
GROUPS = "group;tutor_account;deputy_account;meeting_point;meets_at\n" + "".join(
    f"{number};nobody-{number:02};;Hall;\n" for number in range(1, EACH + 1)
)


@pytest.fixture
def registrar(slapd: Slapd, client: Client) -> Client:
    cache.clear()
    staff.seat(slapd)
    client.force_login(a_colleague(account_name="registrar"))
    return client


def a_name(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03}").title()


def known(number: int, **facts: str) -> dict[str, str]:
    """Give a row about somebody who is here already."""
    person = a_student(given_names="Thu Trang", family_name=a_name(number))
    enrolled(person)
    same = ("person_key", "matriculation_no", "account_name", "given_names")
    row = {name: getattr(person, name) for name in (*same, "family_name")}
    return export_row(**{**row, **facts})


def a_large_file() -> bytes:
    """Fill every list."""
    rows = [
        known(n, programme="Digital Media", mobile="+49 4131 12345")
        for n in range(EACH)
    ]
    rows += [known(EACH + n, status="withdrawn") for n in range(EACH)]
    rows += [export_row(school="Hogwarts", study_start="soon") for _ in range(EACH)]
    rows += [known(200 + n, account_name=f"lg{8000000 + n}") for n in range(EACH)]
    rows += [export_row(family_name=a_name(300 + n)) for n in range(EACH)]
    rows += [export_row(confidential="1")]
    return export(*rows)


def upload(client: Client) -> str:
    files = {
        "export": SimpleUploadedFile("export.csv", a_large_file()),
        "tutor_groups": SimpleUploadedFile("groups.csv", GROUPS.encode()),
    }
    sent = client.post("/registrar/imports/new/", files)
    return str(sent.headers["Location"])


def in_language(client: Client, language: str) -> Client:
    client.cookies["django_language"] = language
    return client


def rows_of(answer: Any) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_a_page_of_many_findings_stays_light(registrar: Client) -> None:
    page = upload(registrar)

    german = in_language(registrar, "de").get(page)
    english = in_language(registrar, "en").get(page)

    preview = CohortFile.objects.get().preview
    assert all(preview[name] for name in findings.TITLES), preview["counts"]
    assert english.content.decode().count("<tr>") <= findings.ROWS_SHOWN + 5
    assert "… and " in english.content.decode()
    assert (len(german.content) < LIGHT, len(english.content) < LIGHT) == (True, True)


def test_one_long_list_has_the_page_for_itself(registrar: Client) -> None:
    rows = export(*(export_row(family_name=a_name(n)) for n in range(100)))
    files = {"export": SimpleUploadedFile("export.csv", rows)}
    sent = registrar.post("/registrar/imports/new/", files)

    page = in_language(registrar, "en").get(sent.headers["Location"])

    assert len(CohortFile.objects.get().preview["new"]) == findings.ROWS_SHOWN
    assert f"and {100 - findings.ROWS_SHOWN} more" in page.content.decode()


def test_the_table_has_all_of_it(registrar: Client) -> None:
    page = upload(registrar)

    answer = in_language(registrar, "en").get(f"{page}list.csv")

    heading, *rows = rows_of(answer)
    counted = {title: sum(row[0] == title for row in rows) for title, *_ in rows}
    assert heading == ["List", "Line", "Person key", "Name", "What"]
    assert counted["New"] == EACH + 1
    assert counted["Withdrawn"] == EACH
    assert counted["Changed"] == 2 * EACH
    assert counted["In the file of tutor groups"] == EACH
    assert counted["Refused rows"] >= EACH
    assert "no-store" in answer.headers["Cache-Control"]
    assert any(row[3] == "disclosure blocked" for row in rows)
    assert any("“Hogwarts” is not known" in row[4] for row in rows)


def test_the_table_goes_with_the_file(registrar: Client) -> None:
    dropped, old = upload(registrar), upload(registrar)

    registrar.post(f"{dropped}discard/")
    intake.drop_old_files(at=NOW + timedelta(days=3650))

    assert registrar.get(f"{dropped}list.csv").status_code == 404
    assert registrar.get(f"{old}list.csv").status_code == 404
    assert b"list.csv" not in registrar.get(old).content
