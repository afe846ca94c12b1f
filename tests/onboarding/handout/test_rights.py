"""Who may see and do what in the hall, and what a phone may know of people."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people.models import Person
from accounts.signin import terms
from onboarding.cards import wishes
from onboarding.cards.models import Wish
from onboarding.enrolment.models import Cohort, GroupPlace
from onboarding.handout import turns
from onboarding.handout.models import Phone, PhoneAct
from tests.cast import a_colleague, enrolled
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall, outcomes

pytestmark = pytest.mark.django_db

OF_A_MEMBER = {
    *("handle", "name", "mark", "card", "deposit", "route", "registered", "declined"),
}
OF_A_GROUP = {"number", "meets_at", "meeting_point", "box", "members"}
OF_THE_LIST = {
    *("made_at", "expires_at", "day", "person", "cash", "deposit_cents", "rules"),
    *("groups", "elsewhere", "decided"),
}


def test_the_list_says_name_and_marks_and_nothing_else(
    hall: Hall, phone: PhoneInHand
) -> None:
    phone.hands_out(hall, 0, 0)

    response = phone.roster()

    told = response.json()
    assert response["Cache-Control"] == "no-store"
    assert set(told) == OF_THE_LIST
    (group,) = told["groups"]
    assert set(group) == OF_A_GROUP
    assert [set(one) for one in group["members"]] == [OF_A_MEMBER] * 3
    assert group["members"][0] == {
        "handle": hall.handle(0),
        "name": "Ada Brandt",
        "mark": "",
        "card": f"{hall.numbers[0][:3]}…{hall.numbers[0][-4:]}",
        "deposit": "open",
        "route": "tutor",
        "registered": False,
        "declined": False,
    }
    assert group["box"] == hall.numbers[1:]
    text = response.content.decode()
    for student in hall.students:
        for private in (
            student.account_name,
            student.matriculation_no,
            student.birth_date,
            student.private_email,
        ):
            assert private not in text


def test_the_list_ends_at_midnight_where_the_university_is(
    hall: Hall, phone: PhoneInHand
) -> None:
    ends = datetime.fromisoformat(phone.roster().json()["expires_at"])

    local = timezone.localtime(ends)
    assert (local.hour, local.minute) == (0, 0)
    assert local.date() == timezone.localdate() + timedelta(days=1)


def test_namesakes_are_told_apart_by_their_programme_alone(
    hall: Hall, phone: PhoneInHand
) -> None:
    twin = hall.students[1]
    Person.objects.filter(pk=twin.pk).update(given_names="Ada", family_name="Brandt")
    twin.enrolments.update(programme="Digital Media")

    members = phone.roster().json()["groups"][0]["members"]

    assert [(one["name"], one["mark"]) for one in members] == [
        ("Ada Brandt", "Umweltwissenschaften"),
        ("Ada Brandt", "Digital Media"),
        ("Cem Sondermann", ""),
    ]


def test_blocked_disclosure_shows_initials(hall: Hall, phone: PhoneInHand) -> None:
    Person.objects.filter(pk=hall.students[0].pk).update(confidential=True)

    members = phone.roster().json()["groups"][0]["members"]

    assert "A. B." in [one["name"] for one in members]
    assert "Brandt" not in str(members)


def test_whoever_said_otherwise_goes_to_the_library(
    hall: Hall, phone: PhoneInHand
) -> None:
    now = timezone.now()
    wishes.say(person=hall.students[0], wish=Wish.ABSENT, at=now)

    members = phone.roster().json()["groups"][0]["members"]
    after = phone.hands_out(hall, 0, 0)
    before = phone.hands_out(hall, 0, 0, at=now - timedelta(minutes=1))

    assert [one["route"] for one in members] == ["library", "tutor", "tutor"]
    # What was handed out before they said so stands.
    assert outcomes([after, before]) == [(422, "route_library"), (201, "done")]


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    seats: None, sign_in: SignIn
) -> None:
    counted = []
    for number, tutor, students in ((51, "tutor01", 1), (52, "tutor02", 15)):
        one = make_hall(
            number=number,
            tutor=tutor,
            students=students,
            cards=students,
            first_serial=number * 100,
        )
        phone = PhoneInHand(sign_in(one.tutor), group=number)
        phone.enrols()
        phone.roster()
        with CaptureQueriesContext(connection) as queries:
            assert len(phone.roster().json()["groups"][0]["members"]) == students
        counted.append(len(queries))

    few, many = counted
    assert few == many


def test_a_turn_begins_and_ends_with_its_days(hall: Hall) -> None:
    today, now = timezone.localdate(), timezone.now()
    one_day = timedelta(days=1)
    turns.lend(
        group=hall.group,
        account="tutor03",
        days=(today, today + one_day),
        by=hall.tutor,
        at=now,
    )

    held = [
        [group.number for group in turns.groups_of("tutor03", at=now + days * one_day)]
        for days in (-1, 0, 1, 2)
    ]

    assert held == [[], [41], [41], []]


def test_the_tutor_file_holds_in_opening_week_alone(hall: Hall) -> None:
    assert may_hand_out(hall, "TUTOR01")
    assert not may_hand_out(hall, "tutor02")

    Cohort.objects.update(opening_until=timezone.localdate() - timedelta(days=1))

    assert not may_hand_out(hall, "tutor01")


def may_hand_out(hall: Hall, account: str) -> bool:
    week = turns.opening_week(timezone.localdate())
    now = timezone.now()
    return turns.may_hand_out(account, group=hall.group, week=week, at=now)


def test_other_groups_and_phones_are_not_there(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    stranger = PhoneInHand(sign_in(a_colleague(account_name="tutor02")))
    stranger.enrols()

    foreign = stranger.client.get(f"/handout/roster.json?phone={phone.key}")
    taken = stranger.client.put(
        f"/handout/phones/{phone.key}", {}, content_type="application/json"
    )
    act = stranger.sends("hand_out", phone=str(phone.key))

    assert stranger.roster().json()["groups"] == []
    assert (foreign.status_code, taken.status_code, act.status_code) == (404, 403, 403)
    assert outcomes([stranger.hands_out(hall, 0, 0)]) == [(422, "no_turn")]
    assert hall.holdings() == {}


def test_a_tutor_in_the_group_gets_no_card_from_the_own_phone(
    hall: Hall, phone: PhoneInHand
) -> None:
    Person.objects.filter(pk=hall.tutor.pk).update(person_key="PT", kind="student")
    enrolled(hall.tutor, study_start=timezone.localdate())
    GroupPlace.objects.create(person=hall.tutor, group=hall.group)
    me = phone.client.get("/handout/ready.json").json()["me"]

    answer = phone.sends("hand_out", handle=me, number=hall.numbers[0], deposit="open")

    assert outcomes([answer]) == [(422, "own_record")]
    assert hall.holdings() == {}


def test_strangers_and_other_roles_get_no_list(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    librarian = sign_in(a_colleague(account_name="librarydesk"))
    student = sign_in(hall.students[0])
    path = f"/handout/roster.json?phone={phone.key}"

    assert [one.get(path).status_code for one in (Client(), librarian, student)] == [
        401,
        403,
        403,
    ]
    sent: Any = student.put(
        f"/handout/acts/{uuid4()}", {}, content_type="application/json"
    )
    assert sent.status_code == 403
    assert PhoneAct.objects.count() == 0


def test_whose_role_is_gone_still_hands_in_what_the_phone_has(
    hall: Hall, sign_in: SignIn
) -> None:
    former, now = a_colleague(account_name="nobody"), timezone.now()
    key = uuid4()
    Phone.objects.create(id=key, person=former, enrolled_at=now, heard_at=now)
    phone = PhoneInHand(sign_in(former), key=key)

    assert phone.roster().status_code == 403
    assert outcomes([phone.hands_out(hall, 0, 0)]) == [(422, "no_role")]


def test_a_phone_keeps_its_session_for_twelve_hours(
    hall: Hall, phone: PhoneInHand
) -> None:
    assert phone.client.session.get_expiry_age() == 12 * 60 * 60


def test_the_app_may_use_camera_and_reader_and_no_other_page_may(
    hall: Hall, phone: PhoneInHand
) -> None:
    app = phone.client.get("/handout/en/")
    worker = phone.client.get("/handout/sw.js")
    other = phone.client.get("/desks/")

    policy = app["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in f"{policy};"
    assert "trusted-types portal" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe-inline" not in policy
    assert "camera=(self)" in app["Permissions-Policy"]
    assert worker["Content-Type"] == "text/javascript"
    assert "wasm-unsafe-eval" not in other["Content-Security-Policy"]
    assert "camera=()" in other["Permissions-Policy"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_app_says_nothing_of_anybody(
    hall: Hall, phone: PhoneInHand, language: str
) -> None:
    mine = phone.client.get(f"/handout/{language}/").content
    anybody = Client().get(f"/handout/{language}/").content

    assert mine == anybody
    assert f'<html lang="{language}">'.encode() in anybody
    assert anybody.count(b"<h1") == 1
    assert b"style=" not in anybody
    assert b"csrf" not in anybody


def test_every_file_of_the_app_is_there(client: Client, db: None) -> None:
    worker = client.get("/handout/sw.js").content.decode()
    listed = worker.split("new Set([")[1].split("])")[0].replace('"', "").split(", ")

    assert "/handout/de/" in listed
    assert any(one.startswith("/static/zxing/zxing_reader") for one in listed)
    assert [one for one in listed if "board" in one or one.endswith(".json")] == []


def test_a_students_code_is_on_the_way_to_the_card(hall: Hall, sign_in: SignIn) -> None:
    terms.accept(person=hall.students[0].pk, at=timezone.now())

    page = sign_in(hall.students[0]).get("/journey/card/").content.decode()

    assert "<svg" in page
    assert "QR code for your tutor" in page
    assert hall.handle(0) not in page
