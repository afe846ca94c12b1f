"""The coordinator: what waits, put right with one press; phones, turns, groups."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.cards import cash
from onboarding.cards.boxes import all_boxes
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Move, OpenDeposit, Shift
from onboarding.enrolment.models import Enrolment, GroupPlace, Status
from onboarding.handout import conflicts, phones
from onboarding.handout.models import How, Phone, PhoneAct, Resolution
from tests.cast import a_colleague
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

PRICE = 1000
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


@pytest.fixture
def second(hall: Hall, sign_in: SignIn) -> PhoneInHand:
    phone = PhoneInHand(sign_in(hall.tutor))
    phone.enrols()
    return phone


def press(desk: Client, act: PhoneAct, how: How) -> int:
    path = f"/handout/board/acts/{act.pk}/"
    return int(desk.post(path, {"how": how.value}).status_code)


def waiting() -> PhoneAct:
    return PhoneAct.objects.exclude(outcome="done").get()


def test_what_a_shut_out_phone_said_is_recorded_as_it_happened(
    hall: Hall, phone: PhoneInHand, desk: Client, coordinator: Person
) -> None:
    happened = timezone.now() - 30 * MINUTE
    phones.shut_out(key=phone.key, by=coordinator, at=timezone.now())
    phone.hands_out(hall, 0, 0, at=happened)

    statuses = [press(desk, waiting(), How.RECORDED) for _ in range(2)]

    assert statuses == [302, 302]
    assert hall.holdings() == {"Ada": hall.numbers[0]}
    move = Move.objects.get(target="person")
    assert (move.by, move.at) == (coordinator, PhoneAct.objects.get().at)
    assert Resolution.objects.get().how == How.RECORDED
    assert conflicts.open_conflicts() == []
    assert b"Nothing waits for you" in desk.get("/handout/board/").content


def test_what_really_happened_earlier_takes_the_place_of_what_stands(
    hall: Hall, phone: PhoneInHand, second: PhoneInHand, desk: Client
) -> None:
    now = timezone.now()
    phone.hands_out(hall, 0, 0, at=now - MINUTE)
    second.hands_out(hall, 0, 1, at=now - 20 * MINUTE)
    (conflict,) = conflicts.open_conflicts()
    assert conflict.earlier
    assert "Hand-out</h3>" in desk.get("/handout/board/").content.decode()
    assert conflict.ways == (How.REPLACED, How.LEFT)

    assert press(desk, waiting(), How.REPLACED) == 302

    assert hall.holdings() == {"Ada": hall.numbers[1]}
    assert phone.roster().json()["groups"][0]["box"][0] == hall.numbers[0]


def test_a_card_that_two_got_is_put_where_it_really_is(
    hall: Hall, phone: PhoneInHand, second: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    second.hands_out(hall, 1, 0)

    assert press(desk, waiting(), How.REPLACED) == 302

    assert hall.holdings() == {"Bela": hall.numbers[0]}


def test_what_is_left_as_it_stands_changes_nothing(
    hall: Hall, phone: PhoneInHand, second: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    second.hands_out(hall, 0, 1)

    assert press(desk, waiting(), How.LEFT) == 302

    assert hall.holdings() == {"Ada": hall.numbers[0]}
    assert conflicts.open_conflicts() == []


def test_money_of_a_kept_act_becomes_the_deposit_it_was_given_for(
    hall: Hall, phone: PhoneInHand, desk: Client, coordinator: Person
) -> None:
    now, shift = timezone.now(), str(uuid4())
    hour = timedelta(hours=1)
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=coordinator, at=now - 2 * hour
    )
    phone.sends("open_shift", shift=shift, float_cents=0)
    phones.shut_out(key=phone.key, by=coordinator, at=now)
    paid = {"deposit": "paid", "shift": shift, "receipt": 1, "cents": PRICE}
    phone.hands_out(hall, 0, 0, **paid)
    till = Shift.objects.get()
    assert balance(Account.SURPLUS) == -PRICE

    assert press(desk, waiting(), How.RECORDED) == 302

    assert balance(Account.CASH, shift=till) == PRICE
    assert balance(Account.SURPLUS) == 0
    assert balance(Account.DEPOSITS) == -PRICE
    assert OpenDeposit.objects.get().settlement is not None


@pytest.mark.parametrize("in_group", [True, False])
def test_a_card_for_somebody_who_has_left_is_recorded_as_it_happened(
    hall: Hall, phone: PhoneInHand, desk: Client, coordinator: Person, in_group: bool
) -> None:
    now, shift = timezone.now(), str(uuid4())
    hour = timedelta(hours=1)
    cash.decide(
        begins_at=now - hour, ends_at=now + hour, by=coordinator, at=now - 2 * hour
    )
    phone.sends("open_shift", shift=shift, float_cents=0)
    gone = {"status": Status.WITHDRAWN, "status_date": timezone.localdate()}
    Enrolment.objects.filter(person=hall.students[0]).update(**gone)
    if not in_group:
        GroupPlace.objects.filter(person=hall.students[0]).delete()
    paid = {"deposit": "paid", "shift": shift, "receipt": 1, "cents": PRICE}
    assert phone.hands_out(hall, 0, 0, **paid).status_code == 422

    assert press(desk, waiting(), How.RECORDED) == 302

    assert hall.holdings() == {"Ada": hall.numbers[0]}
    assert balance(Account.CASH, shift=Shift.objects.get()) == PRICE
    assert (balance(Account.SURPLUS), balance(Account.DEPOSITS)) == (0, -PRICE)
    assert conflicts.open_conflicts() == []


def test_who_has_left_owes_the_deposit_of_a_card_that_was_not_paid_for(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    gone = {"status": Status.WITHDRAWN, "status_date": timezone.localdate()}
    Enrolment.objects.filter(person=hall.students[0]).update(**gone)
    assert phone.hands_out(hall, 0, 0).status_code == 422

    assert press(desk, waiting(), How.RECORDED) == 302

    assert hall.holdings() == {"Ada": hall.numbers[0]}
    assert (balance(Account.OPEN), balance(Account.DEPOSITS)) == (PRICE, -PRICE)
    assert OpenDeposit.objects.get().settlement is None
    assert conflicts.open_conflicts() == []


def test_what_cannot_be_corrected_says_why(
    hall: Hall, phone: PhoneInHand, second: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    phone.sends("defective", number=hall.numbers[1], reason="defective")
    second.hands_out(hall, 1, 1)

    response = desk.post(
        f"/handout/board/acts/{waiting().pk}/", {"how": How.RECORDED.value}
    )

    assert response.status_code == 409
    assert b"Nothing was recorded" in response.content
    assert Resolution.objects.count() == 0
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_the_board_asks_as_much_for_many_as_for_one(
    hall: Hall, phone: PhoneInHand, second: PhoneInHand, desk: Client
) -> None:
    desk.get("/handout/board/")
    counted = []
    phone.hands_out(hall, 0, 0)
    for times in (1, 20):
        for _ in range(times):
            second.hands_out(hall, 0, 1)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/handout/board/").status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_counted_cash_is_taken_over_by_a_second_person(
    hall: Hall, phone: PhoneInHand, desk: Client, coordinator: Person
) -> None:
    shift = str(uuid4())
    phone.sends("open_shift", shift=shift, float_cents=2000)
    refused = desk.post(f"/handout/board/tills/{shift}/")
    phone.sends("count_shift", shift=shift, counted_cents=2000)
    assert "€20.00" in desk.get("/handout/board/").content.decode()

    taken = [desk.post(f"/handout/board/tills/{shift}/") for _ in range(2)]

    assert [one.status_code for one in (refused, *taken)] == [409, 302, 409]
    till = Shift.objects.get()
    assert till.handing_over.by == coordinator
    assert balance(Account.CASH, shift=till) == 0


def test_a_phone_is_shut_out_with_one_press(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    desk.post(f"/handout/board/phones/{phone.key}/")

    assert Phone.objects.get().shut_out_at is not None
    assert phone.roster().status_code == 410
    told = Event.objects.get(what="phone_shut_out")
    assert told.whom == hall.tutor


def test_a_deputy_hands_out_for_the_days_that_were_said(
    hall: Hall, desk: Client, sign_in: SignIn
) -> None:
    deputy = PhoneInHand(sign_in(a_colleague(account_name="tutor02")))
    deputy.enrols()
    today = timezone.localdate().isoformat()
    assert deputy.roster().json()["groups"] == []

    saved = desk.post(
        "/handout/board/groups/41/",
        {"account": "Tutor02", "first": today, "last": today},
    )

    assert saved.status_code == 302
    assert [one["number"] for one in deputy.roster().json()["groups"]] == [41]
    turn = hall.group.turns.get()
    desk.post(f"/handout/board/groups/41/turns/{turn.pk}/end/")
    assert deputy.roster().json()["groups"] == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"account": "nobody-here"}, "Nobody has this user name."),
        ({"last": "2020-01-01"}, "The last day lies before the first."),
        ({"account": ""}, "Enter a user name."),
    ],
)
def test_a_turn_that_cannot_be_is_told(
    hall: Hall, desk: Client, typed: dict[str, str], sentence: str
) -> None:
    today = timezone.localdate().isoformat()
    good = {"account": "tutor02", "first": today, "last": today}

    answer = desk.post("/handout/board/groups/41/", {**good, **typed})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert hall.group.turns.count() == 0


def test_a_student_moves_to_another_group_with_the_list(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    other = make_hall(number=42, tutor="tutor02", students=1, first_serial=20_000)
    ada = hall.students[0]

    desk.post(f"/handout/board/students/{ada.pk}/", {"group": other.group.pk})

    assert GroupPlace.objects.get(person=ada).group == other.group
    names = [one["name"] for one in phone.roster().json()["groups"][0]["members"]]
    assert names == ["Bela Çelik", "Cem Sondermann"]
    assert Event.objects.get(what="group_changed").whom == ada


def test_a_student_is_found_by_name(hall: Hall, desk: Client) -> None:
    found = desk.post("/handout/board/students/", {"who": "celik"})

    assert found["Location"] == f"/handout/board/students/{hall.students[1].pk}/"


def test_what_a_tutor_sends_says_why_and_leads_to_the_student(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    phone.sends(
        "to_coordinator",
        handle=hall.handle(0),
        why="wrong_card",
        note="two numbers on it",
    )

    page = desk.get("/handout/board/").content.decode()

    assert "Wrong card or number: “two numbers on it”" in page
    assert f'href="/handout/board/students/{hall.students[0].pk}/"' in page


def test_a_swap_or_a_taking_back_that_waits_says_whose(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    given = uuid4()
    phone.hands_out(hall, 0, 0, id=given)
    phone.sends("swap", one=hall.handle(1), other=hall.handle(0))
    for _ in range(2):
        phone.sends("undo", of=str(given))

    who = [one.act.person for one in conflicts.open_conflicts()]

    assert who == [hall.students[1], hall.students[0]]
    assert b"not in any list" not in desk.get("/handout/board/").content


def test_a_box_that_is_counted_late_differs_only_where_a_card_is_missing(
    hall: Hall, phone: PhoneInHand
) -> None:
    phone.hands_out(hall, 0, 0)

    phone.sends("box_count", counted=4)
    (box,) = all_boxes()
    assert (box.given, box.taken, box.differs) == (5, 4, False)

    hall_two = make_hall(number=42, first_serial=20_000)
    two = PhoneInHand(phone.client, group=42, key=phone.key)
    two.hands_out(hall_two, 0, 0)
    two.sends("box_count", counted=3)
    assert [one.differs for one in all_boxes()] == [False, True]
