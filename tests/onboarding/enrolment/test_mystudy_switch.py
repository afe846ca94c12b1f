"""The registrar decides what opens myStudy for a semester, from which day on."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import NAMES
from accounts.connectors.contract import Mode
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.mystudy.models import MyStudyMode
from accounts.mystudy.modes import mode_of
from accounts.people.models import Person
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague, a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]
PAGE = "/registrar/mystudy/2026ws/"


@pytest.fixture
def registrar(slapd: Slapd) -> Person:
    cache.clear()
    staff.seat(slapd)
    return a_colleague(account_name="registrar")


@pytest.fixture
def desk(registrar: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(registrar)
    return client


def decide(desk: Client, mode: Mode, day: date, page: str = PAGE) -> int:
    sent = {"mode": mode.value, "from_date": day.isoformat()}
    return desk.post(page, sent).status_code


def test_from_today_on_everybody_of_the_semester_is_looked_at(
    desk: Client, registrar: Person
) -> None:
    cem, master, before, other = (a_student() for _ in range(4))
    enrolled(cem)
    enrolled(master, school="Graduate School")
    enrolled(before, study_start=date(2026, 4, 1))
    enrolled(other, school="Professional School")
    today = timezone.localdate()

    before_it = desk.get(PAGE).content.decode()
    assert decide(desk, Mode.LEUPHANA, today) == 302

    assert "A decision concerns 2 people" in before_it
    assert mode_of("2026ws", on=today) is Mode.LEUPHANA
    marked = set(Sync.objects.values_list("person_id", "system"))
    assert marked == {(one.pk, name) for one in (cem, master) for name in NAMES}
    event = Event.objects.get(what="mystudy_mode_decided")
    assert event.who == registrar
    assert event.facts["cohort"] == "2026ws"


def test_a_day_ahead_disturbs_nobody_yet(desk: Client) -> None:
    enrolled(a_student())
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert decide(desk, Mode.LEUPHANA, tomorrow) == 302

    assert mode_of("2026ws", on=timezone.localdate()) is Mode.OWN
    assert mode_of("2026ws", on=tomorrow) is Mode.LEUPHANA
    assert not Sync.objects.exists()


def test_saying_the_same_again_disturbs_nobody(desk: Client) -> None:
    enrolled(a_student())

    decide(desk, Mode.OWN, timezone.localdate())

    assert MyStudyMode.objects.count() == 1
    assert not Sync.objects.exists()


def test_the_page_keeps_the_history(desk: Client, registrar: Person) -> None:
    today = timezone.localdate()
    decide(desk, Mode.LEUPHANA, today)
    decide(desk, Mode.OWN, today)

    page = desk.get(PAGE).content.decode()

    assert page.count(registrar.display_name) >= 2
    assert "in force" in page
    assert "decided anew later" in page
    assert "Winter semester 2026/2027" in page


def test_what_is_missing_is_said(desk: Client) -> None:
    wrong = desk.post(PAGE, {"mode": "none", "from_date": "soon"})

    assert wrong.status_code == 422
    assert "Enter a day" in wrong.content.decode()
    assert not MyStudyMode.objects.exists()


@pytest.mark.parametrize("code", ["1999ws", "2026", "2026xx", "x"])
def test_there_are_no_other_semesters(desk: Client, code: str) -> None:
    assert desk.get(f"/registrar/mystudy/{code}/").status_code == 404


def test_all_semesters_are_listed(desk: Client) -> None:
    enrolled(a_student())

    page = desk.get("/registrar/mystudy/").content.decode()

    assert "Winter semester 2026/2027" in page
    assert "An account of myStudy" in page
