"""Every role against the real objects of the hall; another group's are not there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.cards import cash
from onboarding.cards.models import Holding
from onboarding.demo import staff
from onboarding.handout.models import PhoneAct
from tests.cast import a_colleague, a_student
from tests.house.addresses import ADDRESSES
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

NOWHERE = uuid4()


@pytest.fixture
def other(hall: Hall) -> Hall:
    """The group of another tutor."""
    return make_hall(number=42, tutor="tutor02", first_serial=20_000)


@pytest.fixture
def others_phone(other: Hall, sign_in: SignIn) -> PhoneInHand:
    phone = PhoneInHand(sign_in(other.tutor), group=42)
    assert phone.enrols() == 200
    return phone


def pages(hall: Hall, till: object) -> dict[str, str]:
    """Give the address of every page about an object, with one that exists."""
    board, student = "/handout/board", hall.students[0].pk
    return {
        "cards:desk_person": f"/library/{student}/",
        "handout:board": f"{board}/",
        "handout:board_status": f"{board}/status.json",
        "handout:people": f"{board}/people/missing/",
        "handout:group_people": f"{board}/groups/41/people/missing/",
        "handout:cards_left": f"{board}/cards/",
        "handout:group_cards": f"{board}/groups/41/cards/",
        "handout:sheets": f"{board}/sheets.pdf",
        "handout:sheet": f"{board}/groups/41/sheet.pdf",
        "handout:paper": f"{board}/groups/41/paper/",
        "handout:group": f"{board}/groups/41/",
        "handout:find": f"{board}/students/",
        "handout:student": f"{board}/students/{student}/",
        "handout:close": f"{board}/closing/",
        "handout:give_back": f"{board}/groups/41/give-back/",
        "handout:count_till": f"{board}/tills/{till}/count/",
        "handout:summary": f"{board}/summary/",
        "handout:summary_file": f"{board}/summary/opening-week.csv",
    }


ACTS = {
    "handout:correct": f"/handout/board/acts/{NOWHERE}/",
    "handout:take_back": "/handout/board/students/0/take-back/",
    "handout:swap": "/handout/board/students/0/swap/",
}
NOBODY = {
    "handout:group_people": "/handout/board/groups/999/people/missing/",
    "handout:group_cards": "/handout/board/groups/999/cards/",
    "handout:sheet": "/handout/board/groups/999/sheet.pdf",
    "handout:paper": "/handout/board/groups/999/paper/",
    "handout:group": "/handout/board/groups/999/",
    "handout:student": "/handout/board/students/0/",
    "handout:give_back": "/handout/board/groups/999/give-back/",
    "handout:count_till": f"/handout/board/tills/{NOWHERE}/count/",
}


def somebody(role: Role | None) -> Person:
    if role is None:
        return a_student()
    account = next(one.account for one in staff.STAFF if one.role is role)
    known = Person.objects.filter(account_name=account).first()
    return known or a_colleague(account_name=account)


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_role_sees_its_own_objects_and_nobody_elses(
    hall: Hall, sign_in: SignIn, role: Role | None
) -> None:
    key = uuid4()
    cash.open_shift(key=key, by=hall.tutor, float_cents=0, at=timezone.now())
    client = sign_in(somebody(role))
    asked = pages(hall, key)

    told = {name: client.get(path).status_code for name, path in asked.items()}

    assert told == {
        name: 200 if role in ADDRESSES[name].roles else 403 for name in asked
    }


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_what_is_not_there_is_404_to_whom_it_would_concern_and_else_403(
    seats: None, sign_in: SignIn, role: Role | None
) -> None:
    client = sign_in(somebody(role))

    told = {name: client.get(path).status_code for name, path in NOBODY.items()}
    told |= {name: client.post(path).status_code for name, path in ACTS.items()}

    assert told == {
        name: 404 if role in ADDRESSES[name].roles else 403 for name in told
    }


def test_every_page_with_an_object_is_in_the_table(hall: Hall) -> None:
    coordinators = {
        name
        for name, one in ADDRESSES.items()
        if name.startswith("handout:") and one.roles and not one.act and not one.asked
    }

    assert coordinators == {
        name for name in pages(hall, NOWHERE) if name.startswith("handout:")
    }


def test_a_tutors_list_says_nothing_of_another_group(
    hall: Hall, phone: PhoneInHand, other: Hall
) -> None:
    text = phone.roster().content.decode()

    secrets = [*other.numbers, *(other.handle(place) for place in range(3))]
    assert [one for one in secrets if one in text] == []
    assert [one["number"] for one in phone.roster().json()["groups"]] == [41]


def test_a_tutor_gets_nothing_by_another_tutors_phone(
    hall: Hall, phone: PhoneInHand, others_phone: PhoneInHand
) -> None:
    mine = phone.client
    unknown = mine.get(f"/handout/roster.json?phone={NOWHERE}")
    theirs = mine.get(f"/handout/roster.json?phone={others_phone.key}")

    assert (unknown.status_code, theirs.status_code) == (404, 404)
    assert unknown.content == theirs.content
    stolen = PhoneInHand(mine, key=others_phone.key, group=42)
    assert stolen.enrols() == 403
    assert stolen.sends("declined", handle="H0").status_code == 403
    assert PhoneAct.objects.count() == 0


def test_a_tutor_does_nothing_in_another_group(
    hall: Hall, phone: PhoneInHand, other: Hall, others_phone: PhoneInHand
) -> None:
    given, shift = uuid4(), str(uuid4())
    others_phone.hands_out(other, 0, 0, id=given)
    others_phone.sends("open_shift", shift=shift, float_cents=100)
    box: dict[str, Any] = {"number": other.numbers[1], "reason": "defective"}
    phone.group = 42
    there = [
        phone.hands_out(other, 1, 1),
        phone.sends("settle", handle=other.handle(0)),
        phone.sends("undo", of=str(given)),
        phone.sends("swap", one=other.handle(0), other=other.handle(1)),
        phone.sends("defective", **box),
        phone.sends("declined", handle=other.handle(1)),
        phone.sends("box_count", counted=1),
        phone.sends("count_shift", shift=shift, counted_cents=1),
    ]
    phone.group = 41
    from_here = [
        phone.hands_out(other, 1, 1),
        phone.sends("settle", handle=other.handle(0)),
        phone.sends("undo", of=str(given)),
        phone.sends("declined", handle=other.handle(1)),
        phone.sends("count_shift", shift=shift, counted_cents=1),
        phone.sends("defective", **box),
        phone.sends("defective", number=other.numbers[0], reason="defective"),
    ]

    assert outcomes(there) == [(422, "no_turn")] * len(there)
    assert outcomes(from_here) == [
        (422, "not_in_group"),
        (422, "not_in_group"),
        (422, "nothing_to_undo"),
        (422, "not_in_group"),
        (422, "no_shift"),
        (422, "not_in_box"),
        (422, "not_in_group"),
    ]
    assert other.holdings() == {"Ada": other.numbers[0]}
    assert Holding.objects.count() == 1


def test_a_role_that_was_taken_away_opens_nothing_any_more(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    gone = a_colleague(account_name="tutor99")
    client = sign_in(gone)
    cache.set(f"roles:{gone.pk}", frozenset({Role.COORDINATOR, Role.TUTOR}), 60)

    reading = client.get("/handout/board/").status_code
    acting = client.post("/handout/board/closing/").status_code
    enrolling = PhoneInHand(client).enrols()

    assert (reading, acting, enrolling) == (403, 403, 403)


def test_a_student_and_a_stranger_get_nothing_from_the_app(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    student, stranger = PhoneInHand(sign_in(hall.students[0])), PhoneInHand(Client())

    assert [one.enrols() for one in (student, stranger)] == [403, 401]
    told = [one.roster().status_code for one in (student, stranger)]
    told += [
        one.hands_out(hall, 1, 1, at=timezone.now() - timedelta(minutes=1)).status_code
        for one in (student, stranger)
    ]
    assert told == [403, 401, 403, 401]
    assert PhoneAct.objects.count() == 0
