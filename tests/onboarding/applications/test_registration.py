"""Registering with the library: saved page by page, sent once, corrected later."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin import terms
from accounts.signin.models import RecoveryAddress
from onboarding.applications.age import Age, age_of
from onboarding.applications.models import (
    LibraryRegistration,
    MistakenPage,
    SavedPage,
)
from onboarding.applications.registration import (
    TYPED_AT_MOST,
    Incomplete,
    registrations_of,
    save,
    submit,
    told_by,
)
from onboarding.applications.sections import SECTIONS
from tests.cast import NOW, a_student, enrolled
from worker.fleet import WRITERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

HOME = "/library-registration/"
ADDRESS = {
    "street": "Am Sande 1",
    "address_extra": "",
    "zip": "21335",
    "city": "Lüneburg",
    "country": "Germany",
}
PAGES: dict[str, dict[str, Any]] = {
    "name": {"chosen_name": ""},
    "address": ADDRESS,
    "contact": {"email": "cem@mail.example", "phone": ""},
    "terms": {"agree": "on"},
}
REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def cem() -> Person:
    person = a_student(activated_at=NOW, language="en", mobile="+49 1520 0000000")
    enrolled(person)
    terms.accept(person=person.pk, at=NOW)
    return person


@pytest.fixture
def tab(cem: Person) -> Client:
    return signed_in(cem)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def fill_in(client: Client, *keys: str) -> None:
    for key in keys or tuple(PAGES):
        answer = client.post(f"{HOME}{key}/", PAGES[key])
        assert answer.status_code == 302, answer.content.decode()


def complete(person: Person, **changed: str) -> None:
    for section in SECTIONS:
        values = {
            name: changed.get(name, value) for name, value in PAGES[section.key].items()
        }
        save(person=person, section=section, values=values, at=NOW)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_page_by_page_to_a_receipt(tab: Client, cem: Person) -> None:
    RecoveryAddress.objects.create(person=cem, address="c@mail.example", proved_at=NOW)
    begin = text(tab.get("/journey/registration/"))
    fill_in(tab)
    check = tab.get(f"{HOME}check/")
    sent = tab.post(f"{HOME}check/", {"version": "1"})
    receipt = text(tab.get(sent.headers["Location"]))

    told = LibraryRegistration.objects.get()
    assert "Begin" in begin
    assert "Am Sande 1" in text(check)
    assert "21335 Lüneburg" in text(check)
    assert REFERENCE.fullmatch(told.reference)
    assert told.reference in receipt
    assert told.values["family_name"] == "Sondermann"
    assert told.values["consent_form"] == "no"
    assert not SavedPage.objects.exists()
    assert [mail.message for mail in Mail.objects.all()] == ["registration_received"]
    assert tab.get("/journey/registration/").headers["Location"] == f"{HOME}receipt/"


def test_what_is_saved_is_there_on_another_device(tab: Client, cem: Person) -> None:
    fill_in(tab, "name", "address")

    phone = signed_in(cem)
    page = phone.get(f"{HOME}address/").content.decode()

    assert "Am Sande 1" in page
    assert "Go on where you stopped" in text(phone.get("/journey/registration/"))


def test_a_page_with_a_mistake_is_kept_as_typed_and_does_not_count(
    tab: Client, cem: Person
) -> None:
    fill_in(tab, "name", "contact", "terms")
    wrong = tab.post(f"{HOME}address/", {**PAGES["address"], "city": ""})

    phone = signed_in(cem)
    again = phone.get(f"{HOME}address/")
    check = phone.get(f"{HOME}check/")
    fill_in(phone, "address")

    assert wrong.status_code == 422
    assert again.status_code == 200
    assert "Am Sande 1" in again.content.decode()
    assert 'aria-invalid="true"' in again.content.decode()
    assert check.headers["Location"] == f"{HOME}address/"
    assert not MistakenPage.objects.exists()


def test_a_mistake_on_a_saved_page_does_not_undo_it(tab: Client, cem: Person) -> None:
    fill_in(tab)
    tab.post(f"{HOME}address/", {**PAGES["address"], "city": ""})

    assert tab.get(f"{HOME}check/").status_code == 200
    tab.post(f"{HOME}check/", {"version": "1"})

    assert LibraryRegistration.objects.get().values["city"] == PAGES["address"]["city"]
    assert not MistakenPage.objects.exists()


def test_what_no_field_takes_is_not_kept(tab: Client, cem: Person) -> None:
    tab.post(f"{HOME}address/", {"city": "", "street": "x" * 9999, "other": "y"})

    (typed,) = MistakenPage.objects.values_list("typed", flat=True)
    assert "other" not in typed
    assert len(typed["street"]) <= TYPED_AT_MOST


def test_two_tabs_take_nothing_from_each_other(tab: Client, cem: Person) -> None:
    other = signed_in(cem)
    fill_in(tab, "address")
    fill_in(other, "contact")
    fill_in(tab, "name", "terms")

    assert tab.get(f"{HOME}check/").status_code == 200


def test_an_ended_session_loses_nothing(tab: Client, cem: Person) -> None:
    shown = tab.get(f"{HOME}address/").content.decode()
    (mark,) = re.findall(r'name="whose" value="(\w+)"', shown)
    tab.logout()
    asked = tab.post(f"{HOME}address/", {**ADDRESS, "whose": mark})
    tab.force_login(cem)
    page = tab.get(f"{HOME}address/").content.decode()

    assert "/sign-in/" in asked.headers["Location"]
    assert "Am Sande 1" in page
    assert "21335" in page


def test_what_somebody_else_sent_is_shown_to_nobody(tab: Client, cem: Person) -> None:
    shown = tab.get(f"{HOME}address/").content.decode()
    (mark,) = re.findall(r'name="whose" value="(\w+)"', shown)
    other = a_student(activated_at=NOW)
    enrolled(other)
    terms.accept(person=other.pk, at=NOW)
    tab.logout()
    tab.post(f"{HOME}address/", {**ADDRESS, "whose": mark})
    tab.force_login(other)

    assert "Am Sande 1" not in tab.get(f"{HOME}address/").content.decode()


def test_each_page_leads_to_the_next_that_is_missing(tab: Client) -> None:
    first = tab.post(f"{HOME}terms/", PAGES["terms"])
    early = tab.get(f"{HOME}check/")
    forced = tab.post(f"{HOME}check/", {"version": "1"})

    assert first.headers["Location"] == f"{HOME}name/"
    assert early.headers["Location"] == f"{HOME}name/"
    assert forced.headers["Location"] == f"{HOME}name/"
    assert not LibraryRegistration.objects.exists()


@pytest.mark.parametrize(
    ("page", "wrong", "said"),
    [
        ("address", {**ADDRESS, "zip": "213"}, "five digits"),
        ("address", {**ADDRESS, "street": " "}, "Enter street and number"),
        ("contact", {"email": "cem"}, "complete e-mail address"),
        ("contact", {"email": "c@mail.example", "phone": "call me"}, "phone number"),
        ("name", {"chosen_name": "<b>"}, "sign at place 1"),
        ("terms", {}, "Please agree"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    tab: Client, page: str, wrong: dict[str, str], said: str
) -> None:
    answer = tab.post(f"{HOME}{page}/", wrong)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not SavedPage.objects.exists()


def test_a_foreign_address_needs_no_german_postal_code(tab: Client) -> None:
    abroad = {**ADDRESS, "zip": "SW1A 1AA", "country": "United Kingdom"}

    assert tab.post(f"{HOME}address/", abroad).status_code == 302


def test_a_page_begins_with_what_is_known_and_proved(tab: Client, cem: Person) -> None:
    Person.objects.filter(pk=cem.pk).update(private_email="unproved@mail.example")
    before = tab.get(f"{HOME}contact/").content.decode()
    RecoveryAddress.objects.create(person=cem, address="p@mail.example", proved_at=NOW)
    after = tab.get(f"{HOME}contact/").content.decode()

    assert "+49 1520 0000000" in before
    assert "unproved@mail.example" not in before
    assert "p@mail.example" in after


def test_a_form_sent_many_times_at_once_is_sent_once(cem: Person) -> None:
    complete(cem)
    ready = Barrier(12, timeout=60)

    def send(_: int) -> str:
        ready.wait()
        try:
            return submit(person=cem, version=1, at=NOW).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        references = set(pool.map(send, range(12)))

    assert len(references) == 1
    assert LibraryRegistration.objects.count() == 1
    assert Event.objects.filter(what="library_registered").count() == 1


def test_a_correction_is_a_new_row_under_the_same_number(
    tab: Client, cem: Person
) -> None:
    complete(cem)
    first = submit(person=cem, version=1, at=NOW)
    tab.post(f"{HOME}address/", {**ADDRESS, "street": "Neue Straße 2"})
    begun = text(tab.get(f"{HOME}receipt/"))
    tab.post(f"{HOME}check/", {"version": "2"})
    tab.post(f"{HOME}check/", {"version": "2"})

    rows = list(LibraryRegistration.objects.order_by("version"))
    assert "You have begun a correction" in begun
    assert [row.version for row in rows] == [1, 2]
    assert {row.reference for row in rows} == {first.reference}
    assert rows[0].values["street"] == "Am Sande 1"
    told = registrations_of([cem.pk])[cem.pk]
    assert dict(told.fields)["street"] == "Neue Straße 2"


def test_a_correction_can_be_dropped(tab: Client, cem: Person) -> None:
    complete(cem)
    submit(person=cem, version=1, at=NOW)
    tab.post(f"{HOME}address/", {**ADDRESS, "street": "Neue Straße 2"})
    tab.post(f"{HOME}drop/")

    assert "Am Sande 1" in text(tab.get(f"{HOME}receipt/"))
    assert not SavedPage.objects.exists()


def test_a_correction_that_corrects_nothing_is_none(cem: Person) -> None:
    complete(cem)
    first = submit(person=cem, version=1, at=NOW)
    complete(cem)

    assert submit(person=cem, version=2, at=NOW + timedelta(hours=1)) == first
    assert not SavedPage.objects.exists()


def test_new_terms_are_agreed_to_before_a_correction(
    cem: Person, settings: Settings
) -> None:
    complete(cem)
    submit(person=cem, version=1, at=NOW)
    settings.LIBRARY_TERMS_VERSION = "2027-01-01"

    with pytest.raises(Incomplete) as incomplete:
        submit(person=cem, version=2, at=NOW)

    assert incomplete.value.missing.key == "terms"


def test_many_registrations_take_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [a_student() for _ in range(5)]
    for person in people:
        complete(person)
        submit(person=person, version=1, at=NOW)

    with django_assert_num_queries(1):
        told = registrations_of([person.pk for person in people])

    assert len(told) == 5


def test_the_directory_is_not_asked(
    tab: Client, cem: Person, settings: Settings
) -> None:
    # Nobody listens there; whatever asked would answer 503.
    settings.LDAP_URL = "ldap://127.0.0.1:9"
    fill_in(tab)

    assert tab.post(f"{HOME}check/", {"version": "1"}).status_code == 302
    assert told_by(cem.pk)


@pytest.mark.parametrize("birth_date", ["1999-03-07", "2009-03-07", "2009-03", ""])
def test_a_birth_date_stands_nowhere(
    cem: Person, birth_date: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    Person.objects.filter(pk=cem.pk).update(birth_date=birth_date)
    RecoveryAddress.objects.create(person=cem, address="c@mail.example", proved_at=NOW)
    tab = signed_in(Person.objects.get(pk=cem.pk))
    shown = [tab.get(f"{HOME}{key}/") for key in PAGES]
    fill_in(tab)
    shown.append(tab.get(f"{HOME}check/"))
    tab.post(f"{HOME}check/", {"version": "1"})
    paths = ["receipt/", "/journey/", "/journey/card/", "/journey/library_account/"]
    shown += [tab.get(p if p.startswith("/") else HOME + p) for p in paths]
    mail = WRITERS["registration_received"](Mail.objects.get())
    assert mail is not None
    told = LibraryRegistration.objects.get()

    said = [one.content.decode() for one in shown]
    said += [mail.plain, mail.html, str(told.fields), caplog.text]
    assert [one.status_code for one in shown] == [200] * len(shown)
    for value in ("070399", "070309", "07.03.", "1999-03", "2009-03", "7 March"):
        assert [one for one in said if value in one] == []


def test_who_may_be_under_age_is_told_to_bring_the_form(cem: Person) -> None:
    note = "consent form"
    for birth_date, expected in (("2012-01-01", True), ("1999-01-01", False)):
        Person.objects.filter(pk=cem.pk).update(birth_date=birth_date)
        page = signed_in(Person.objects.get(pk=cem.pk)).get("/journey/registration/")
        assert (note in text(page)) is expected


@pytest.mark.parametrize(
    ("birth_date", "on", "age"),
    [
        ("2008-10-05", date(2026, 10, 4), Age.UNDER_AGE),
        ("2008-10-05", date(2026, 10, 5), Age.ADULT),
        ("2008-02-29", date(2026, 2, 28), Age.UNDER_AGE),
        ("2008-02-29", date(2026, 3, 1), Age.ADULT),
        ("2008", date(2026, 10, 5), Age.UNKNOWN),
        ("2009", date(2026, 10, 5), Age.UNDER_AGE),
        ("2007", date(2026, 10, 5), Age.ADULT),
        ("2008-10", date(2026, 10, 5), Age.UNKNOWN),
        ("2008-09", date(2026, 10, 5), Age.ADULT),
        ("", date(2026, 10, 5), Age.UNKNOWN),
    ],
)
def test_age_on_a_day(birth_date: str, on: date, age: Age) -> None:
    assert age_of(birth_date, on=on) is age


def test_staff_have_no_registration(cem: Person) -> None:
    Person.objects.filter(pk=cem.pk).update(kind="staff")

    answer = signed_in(Person.objects.get(pk=cem.pk)).get("/journey/registration/")

    assert answer.headers["Location"] == "/journey/"
