"""The pages of the catalogue: public, in both languages, and never a broken link."""

import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.catalogue.services_file import OFFERED
from accounts.people.models import Person
from tests.cast import a_colleague, a_student, enrolled

pytestmark = pytest.mark.django_db
LANGUAGES = ["de", "en"]


def read(path: str, *, person: Person | None = None, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    if person:
        client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def listed(person: Person | None = None) -> set[str]:
    return set(
        re.findall(r'href="/services/([\w-]+)/"', read("/services/", person=person))
    )


def a_student_of(*schools: str, faculty: str = "Sustainability") -> Person:
    person = a_student(activated_at=timezone.now())
    for number, school in enumerate(schools):
        enrolled(person, school=school, programme=f"P{number}", faculty=faculty)
    return person


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", ["", None])
def test_every_service_has_a_page_without_holes(
    language: str, file: str | None
) -> None:
    # Without a file nobody has told us a single address.
    changed = {} if file is None else {"SERVICES_FILE": file}
    with override_settings(**changed):
        for key in OFFERED:
            page = read(f"/services/{key}/", language=language)
            assert 'href=""' not in page
            assert "None" not in page


@override_settings(SERVICES_FILE="")
def test_where_nobody_told_us_an_address_the_miz_is_to_be_asked() -> None:
    page = read("/services/qis/")

    assert "We do not have its address yet" in page
    assert "miz-help@leuphana.example" in page


def test_what_opens_inside_only_says_so_in_words() -> None:
    assert "Opens only from the network of the university" in read("/services/wifi/")
    assert "Opens only" not in read("/services/moodle/")


def test_a_page_in_german_alone_is_marked_for_english_readers() -> None:
    page = read("/services/dean-education/")

    assert 'hreflang="de"' in page
    assert "(in German)" in page
    assert "hreflang" not in read("/services/dean-education/", language="de")


def test_visitors_and_staff_see_everything() -> None:
    assert listed() == set(OFFERED)
    assert listed(a_colleague()) == set(OFFERED)


def test_students_see_what_is_for_them() -> None:
    mine = listed(a_student_of("College"))

    assert {"mystudy", "moodle", "college", "dean-sustainability"} <= mine
    assert mine.isdisjoint({"graduate-school", "dean-education"})


def test_the_professional_school_is_told_of_its_own_platform() -> None:
    person = a_student_of("Professional School")

    assert listed(person).isdisjoint({"mystudy", "moodle"})
    assert "uses its own platform" in read("/services/", person=person)
    assert "not part of your studies" in read("/services/moodle/", person=person)


def test_two_schools_see_what_is_for_either() -> None:
    assert "moodle" in listed(a_student_of("Professional School", "College"))


def test_what_does_not_exist_is_not_found() -> None:
    assert Client().get("/services/beer/").status_code == 404


def test_the_start_page_and_the_first_steps_lead_here() -> None:
    for path in ("/", "/first-steps/"):
        assert 'href="/services/"' in read(path)


def test_visitors_cost_no_query() -> None:
    for path in ("/services/", "/services/wifi/"):
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        assert len(queries) == 0
