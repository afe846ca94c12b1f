"""Semesters: whose they are, and the dates that a registrar gives them."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.journal.models import Event
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import opening_week
from onboarding.enrolment.models import Cohort
from tests.cast import a_colleague, a_student, enrolled

pytestmark = pytest.mark.django_db

SEMESTER = "/registrar/semesters/2026ws/"
DATES = {"opening_from": "2026-10-05", "opening_until": "2026-10-09"}


@pytest.fixture
def registrar(slapd: Slapd) -> Client:
    cache.clear()
    staff.seat(slapd)
    client = Client()
    client.force_login(a_colleague(account_name="registrar"))
    client.cookies["django_language"] = "en"
    return client


def test_the_list_has_every_semester_that_somebody_begins_in(
    registrar: Client,
) -> None:
    enrolled(a_student())
    enrolled(a_student(), study_start=date(2027, 4, 1))

    page = registrar.get("/registrar/semesters/").content.decode()

    summer, winter = page.index("Summer semester 2027"), page.index("2026/2027")
    assert summer < winter
    assert page.count("not settled yet") == 2


def test_dates_are_settled_changed_and_kept_in_the_journal(registrar: Client) -> None:
    registrar.post(SEMESTER, {**DATES, "desk_hours_en": "weekdays, 10 to 16"})
    registrar.post(SEMESTER, {**DATES, "desk_hours_de": "werktags 10–16 Uhr"})

    cohort = Cohort.objects.get()
    assert (cohort.opening_from, cohort.opening_until) == (
        date(2026, 10, 5),
        date(2026, 10, 9),
    )
    assert cohort.desk_hours("en") == "werktags 10–16 Uhr"
    assert Event.objects.filter(what="semester_settled").count() == 2


def test_a_week_does_not_end_before_it_begins(registrar: Client) -> None:
    wrong = {"opening_from": "2026-10-09", "opening_until": "2026-10-05"}

    answer = registrar.post(SEMESTER, wrong)

    assert answer.status_code == 422
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("code", ["2026xx", "2026", "ws2026", "2026ws2"])
def test_there_is_no_other_semester(registrar: Client, code: str) -> None:
    assert registrar.get(f"/registrar/semesters/{code}/").status_code == 404


def test_a_semester_without_dates_is_an_empty_one() -> None:
    assert opening_week.dates_of("2026ws").opening_until is None
