"""The board in numbers, the people behind each, and what it costs to look."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards import wishes
from onboarding.cards.models import Direction, Side, Wish
from onboarding.cards.stock import sign
from onboarding.handout import figures
from onboarding.handout.figures import Mark
from onboarding.handout.models import Phone
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


@pytest.fixture
def desk(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


@pytest.fixture
def busy(hall: Hall, phone: PhoneInHand) -> Hall:
    """A hall in which one has the card, one wants none, one goes to the library."""
    phone.hands_out(hall, 0, 0)
    phone.sends("declined", handle=hall.handle(1))
    wishes.say(person=hall.students[2], wish=Wish.ABSENT, at=timezone.now())
    phone.hands_out(hall, 0, 1)
    return hall


def test_a_group_is_counted_as_it_stands(busy: Hall) -> None:
    other = make_hall(number=42, tutor="tutor02", students=2, first_serial=20_000)

    board = figures.board(at=timezone.now())

    here, there = board.groups
    assert (here.group, there.group) == (busy.group, other.group)
    assert dict(here.counted) == {
        Mark.CARD: 1,
        Mark.DECLINED: 1,
        Mark.LIBRARY: 1,
        Mark.OPEN: 1,
    }
    assert (here.box.lying, here.box.expected, here.conflicts) == (4, 5, 1)
    assert (here.phones, here.silent, there.phones) == (1, 0, 0)
    assert dict(there.counted) == {Mark.MISSING: 2}
    assert (board.whole.everybody, board.whole.done, board.whole.box.lying) == (5, 3, 9)
    assert board.whole.conflicts == 1


def test_a_box_that_was_counted_otherwise_shows_the_difference(hall: Hall) -> None:
    sign(
        act=uuid4(),
        group=hall.group,
        way=Direction.OUT,
        side=Side.TAKEN,
        counted=3,
        by=hall.tutor,
        at=timezone.now(),
    )

    (here,) = figures.board(at=timezone.now()).groups

    assert here.box.difference == -2


def test_a_silent_phone_and_what_it_still_has_is_seen(
    hall: Hall, phone: PhoneInHand
) -> None:
    Phone.objects.update(heard_at=timezone.now() - timedelta(minutes=11), waiting=4)

    (here,) = figures.board(at=timezone.now()).groups

    assert (here.phones, here.silent, here.unsent) == (1, 1, 4)


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        ("card", ["Ada Brandt"]),
        ("open", ["Ada Brandt"]),
        ("declined", ["Bela Çelik"]),
        ("library", ["Cem Sondermann"]),
        ("missing", []),
        ("paid", []),
    ],
)
def test_from_a_number_to_the_people_behind_it(
    busy: Hall, desk: Client, mark: str, names: list[str]
) -> None:
    pages = [
        desk.get(f"/handout/board/{where}people/{mark}/").content.decode()
        for where in ("", "groups/41/")
    ]

    for page in pages:
        assert re.findall(r'students/\d+/">([^<]+)<', page) == names
        assert busy.numbers[0] not in page


def test_cards_that_are_left_are_listed_masked(busy: Hall, desk: Client) -> None:
    page = desk.get("/handout/board/groups/41/cards/").content.decode()

    assert re.findall(r"311…\d{3}[\dX]", page) == [
        f"{number[:3]}…{number[-4:]}" for number in busy.numbers[1:]
    ]


def test_what_does_not_exist_has_no_page(hall: Hall, desk: Client) -> None:
    paths = ("people/nothing/", "groups/99/people/card/", "groups/99/cards/")

    answers = [desk.get(f"/handout/board/{path}").status_code for path in paths]

    assert answers == [404, 404, 404]


def test_the_board_is_told_of_news_and_of_nothing_else(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    def ask(etag: str = "") -> tuple[int, str]:
        answer = desk.get("/handout/board/status.json", headers={"If-None-Match": etag})
        return answer.status_code, answer["ETag"]

    _, first = ask()
    assert ask(first) == (304, first)
    told = [first]
    phone.hands_out(hall, 0, 0)
    told.append(ask(first)[1])
    phone.hands_out(hall, 0, 1)
    told.append(ask(first)[1])
    Phone.objects.update(heard_at=timezone.now() - timedelta(minutes=11))
    told.append(ask(first)[1])

    assert len(set(told)) == 4
    version = told[-1].strip('"')
    assert f'data-version="{version}"' in desk.get("/handout/board/").content.decode()


def test_a_hundred_groups_cost_the_questions_of_five(desk: Client) -> None:
    counted = []
    desk.get("/handout/board/")
    for groups in (range(1, 6), range(6, 101)):
        for number in groups:
            make_hall(
                number=number,
                students=1,
                cards=1,
                first_serial=30_000 + number,
                tutor=f"tutor{number:02}",
            )
        for path in ("", "people/missing/", "cards/"):
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(f"/handout/board/{path}").status_code == 200
            counted.append(len(queries))

    assert counted[:3] == counted[3:]
