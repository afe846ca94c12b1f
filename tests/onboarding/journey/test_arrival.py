"""Everything done: the moment, the sheet to keep, and what comes next."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import terms
from accounts.signin.models import RecoveryAddress
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.enrolment.models import Enrolment, Status
from onboarding.journey import ticks
from tests.cast import a_colleague, a_student, enrolled
from tests.pictures.arrived_world import a_number, arrive

pytestmark = pytest.mark.django_db
LANGUAGES = ["de", "en"]
AT = datetime(2026, 10, 5, 8, 14, tzinfo=UTC)


def a_freshman(**facts: object) -> Person:
    person = a_student(activated_at=AT, chosen_name="Cem", **facts)
    enrolled(person)
    terms.accept(person=person.pk, at=AT)
    return person


@pytest.fixture
def cem() -> Person:
    return arrive(a_freshman(), at=AT)


def tab(person: Person, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def page(person: Person, path: str, language: str = "en") -> str:
    answer = tab(person, language).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_journey_opens_with_the_moment_once_everything_is_done(
    cem: Person,
) -> None:
    html = page(cem, "/journey/")

    assert "You have arrived, Cem Sondermann." in html
    assert html.count("<h1") == 1
    assert "You are done for now" not in html
    next_services = re.findall(r'href="/services/([a-z-]+)/"', html)
    assert next_services == [
        *("wifi", "vpn", "qis", "chat", "lux", "printing", "storage")
    ]


def test_before_the_last_step_there_is_no_celebration() -> None:
    html = page(a_freshman(), "/journey/")

    assert "You have arrived" not in html
    assert "/services/wifi/" not in html


def test_who_has_left_is_not_celebrated(cem: Person) -> None:
    Enrolment.objects.update(
        status=Status.EXMATRICULATED, status_date=timezone.localdate()
    )

    html = page(cem, "/journey/")
    assert "You have arrived" not in html
    assert "bring your Leuphana Card back" in html
    assert "You get your deposit back there" in html
    assert "You have everything you need" not in page(cem, "/journey/summary/")


def test_who_never_paid_the_deposit_is_promised_none_back() -> None:
    person = a_freshman()
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=AT)
    hand_out(act=act, number=a_number(7), how=Settlement.OPEN)
    Enrolment.objects.update(status=Status.WITHDRAWN, status_date=timezone.localdate())

    html = page(person, "/journey/")

    assert "bring your Leuphana Card back" in html
    assert "deposit" not in html


def test_who_has_left_before_coming_is_asked_for_nothing() -> None:
    person = a_freshman()
    Enrolment.objects.update(status=Status.WITHDRAWN, status_date=timezone.localdate())

    html = page(person, "/journey/")

    assert "You are not enrolled at the moment" in html
    for untrue in ("Your next step", "Your turn", "Not yet", "next steps open soon"):
        assert untrue not in html
    assert "steps done" not in html
    assert "deposit" not in html


def test_what_is_optional_may_wait(cem: Person) -> None:
    assert not RecoveryAddress.objects.exists()

    html = page(cem, "/journey/")

    assert html.index("You have arrived") < html.index("If you like")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_has_what_is_worth_keeping_and_no_secret(
    cem: Person, language: str
) -> None:
    html = page(cem, "/journey/summary/", language)

    for kept in (
        cem.account_name,
        f"{cem.account_name}.sondermann@stud.leuphana.example",
        f"cem.{cem.account_name}",
        a_number(37282),
        "Cem Sondermann",
    ):
        assert kept in html
    for kept_away in ("2006", "270206", cem.matriculation_no, "None"):
        assert kept_away not in html
    days = {"de": "5. Oktober 2026", "en": "5 October 2026"}
    assert days[language] in html


def steps(person: Person) -> dict[str, str]:
    html = page(person, "/journey/summary/")
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', html)
    return {title: " ".join(said.split()) for title, said in rows}


def test_each_step_says_since_when_it_is_done(cem: Person) -> None:
    assert steps(cem) == {
        "Activate your account": "Done, 5 October 2026",
        "A way back in (optional)": "Not yet",
        "Set up your e-mail": "Done, 5 October 2026",
        "Open myStudy": "Done, 6 October 2026",
        "Open Moodle": "Done, 6 October 2026",
        "Register with the library": "Done, 7 October 2026",
        "Get your Leuphana Card": "Done, 7 October 2026",
        "Pay the deposit": "Done, 7 October 2026",
        "Try your library account": "Done, 8 October 2026",
    }


def test_a_step_by_word_is_told_apart() -> None:
    person = a_freshman()
    ticks.tick(person=person, step="moodle", at=AT)

    assert steps(person)["Open Moodle"] == "Done, as you told us, 5 October 2026"


def test_the_sheet_is_there_from_the_beginning() -> None:
    html = page(a_freshman(), "/journey/summary/")

    assert "This is how far you are." in html
    assert "Deposit" not in html.partition("Your steps")[0]


def test_the_sheet_costs_the_same_however_much_has_happened(cem: Person) -> None:
    counted = []
    for more in (0, 50):
        for _ in range(more):
            record(what="recovery_address_proved", at=AT, whom=cem.pk, who=cem.pk)
        client = tab(cem)
        with CaptureQueriesContext(connection) as queries:
            client.get("/journey/summary/")
        counted.append(len(queries))

    assert counted[0] == counted[1]
