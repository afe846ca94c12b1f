"""A long list costs the database what a short one does."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people.models import Person
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import intake, letter_runs
from onboarding.enrolment.uploads import Upload, receive
from tests.cast import a_colleague, export, export_row

pytestmark = pytest.mark.django_db

FEW, MANY = 1, 50
TABLE = re.compile(r'FROM "(\w+)"')


@pytest.fixture
def registrar(slapd: Slapd) -> Person:
    cache.clear()
    staff.seat(slapd)
    return a_colleague(account_name="registrar")


def upload(by: Person, *, rows: int) -> int:
    now = timezone.now()
    content = export(*(export_row() for _ in range(rows)))
    received = receive(upload=Upload("export.csv", [content]), by=by.pk, at=now)
    intake.preview_now(file=received, at=now)
    return received.pk


def begin(by: Person) -> None:
    run = letter_runs.new_name()
    letter_runs.begin(run=run, total=1, by=by.pk, at=timezone.now())
    letter_runs.end(run=run, issued=1, without=[], by=by.pk, at=timezone.now())


def imports(by: Person, rows: int) -> str:
    for _ in range(rows):
        upload(by, rows=1)
    return "/registrar/imports/"


def people_in_an_import(by: Person, rows: int) -> str:
    return f"/registrar/imports/{upload(by, rows=rows)}/"


def runs_of_letters(by: Person, rows: int) -> str:
    for _ in range(rows):
        begin(by)
    return "/registrar/letters/"


@pytest.mark.parametrize("fill", [imports, people_in_an_import, runs_of_letters])
def test_a_long_list_takes_as_many_queries_as_a_short_one(
    registrar: Person, fill: Callable[[Person, int], str]
) -> None:
    client = Client()
    client.force_login(registrar)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    counted = []
    for rows in (FEW, MANY):
        path = fill(registrar, rows)
        # Asks the directory for the roles, which it then knows for a minute.
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counted.append([TABLE.findall(query["sql"]) for query in queries])

    few, many = counted
    assert many == few
