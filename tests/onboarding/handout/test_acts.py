"""What phones send: done once, or kept for the coordinator; never lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from onboarding.cards import cash
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Holding, Move, Receipt, Shift
from onboarding.enrolment.models import Enrolment
from onboarding.handout import phones, turns
from onboarding.handout.conflicts import waiting
from onboarding.handout.models import Phone, PhoneAct
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

HOUR = timedelta(hours=1)
PRICE = 1000


def let_tutors_take_cash(hall: Hall) -> None:
    now = timezone.now()
    cash.decide(
        begins_at=now - 5 * HOUR,
        ends_at=now + 5 * HOUR,
        by=hall.tutor,
        at=now - 5 * HOUR,
    )


def test_an_act_is_done_once_however_often_it_is_sent(
    hall: Hall, phone: PhoneInHand
) -> None:
    act, at = uuid4(), timezone.now()

    answers = [phone.hands_out(hall, 0, 0, id=act, at=at) for _ in range(3)]

    assert outcomes(answers) == [(201, "done"), (200, "done"), (200, "done")]
    assert hall.holdings() == {"Ada": hall.numbers[0]}
    assert Move.objects.filter(target="person").count() == 1


def test_who_left_is_on_no_list_and_a_hand_out_goes_to_the_coordinator(
    hall: Hall, phone: PhoneInHand
) -> None:
    Enrolment.objects.filter(person=hall.students[0]).update(
        status="withdrawn", status_date=timezone.localdate()
    )

    (group,) = phone.roster().json()["groups"]
    answer = phone.hands_out(hall, 0, 0)

    assert [one["name"].split()[0] for one in group["members"]] == ["Bela", "Cem"]
    assert outcomes([answer]) == [(422, "not_enrolled")]
    assert hall.holdings() == {}
    assert [one.person for one in waiting()] == [hall.students[0]]


def test_the_same_id_with_other_details_is_told_and_changes_nothing(
    hall: Hall, phone: PhoneInHand
) -> None:
    act, at = uuid4(), timezone.now()
    phone.hands_out(hall, 0, 0, id=act, at=at)

    other = phone.hands_out(hall, 1, 1, id=act, at=at)

    assert outcomes([other]) == [(409, "act_differs")]
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_the_first_to_arrive_stands_and_the_other_waits(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    second = PhoneInHand(sign_in(hall.tutor))
    second.enrols()
    phone.hands_out(hall, 0, 0)

    answers = [
        second.hands_out(hall, 0, 1),
        second.hands_out(hall, 1, 0),
        second.hands_out(hall, 1, 1),
    ]

    assert outcomes(answers) == [
        (422, "already_has_card"),
        (422, "card_taken"),
        (201, "done"),
    ]
    assert hall.holdings() == {"Ada": hall.numbers[0], "Bela": hall.numbers[1]}
    assert PhoneAct.objects.exclude(outcome="done").count() == 2


def test_a_clock_that_is_an_hour_wrong_is_put_right(
    hall: Hall, phone: PhoneInHand
) -> None:
    phone.off = HOUR
    happened = timezone.now() - timedelta(minutes=30)

    answer = phone.hands_out(hall, 0, 0, at=happened)

    assert outcomes([answer]) == [(201, "done")]
    act = PhoneAct.objects.get()
    assert abs(act.at - happened) < timedelta(seconds=5)
    assert act.said_at - happened == HOUR
    assert abs(act.skew_ms + 3_600_000) < 5000
    assert Move.objects.get(target="person").at == act.at


def test_nothing_happens_in_the_future(hall: Hall, phone: PhoneInHand) -> None:
    phone.hands_out(hall, 0, 0, at=timezone.now() + 2 * HOUR)

    act = PhoneAct.objects.get()
    assert act.at == act.noted_at


def test_rights_are_judged_at_the_time_of_the_act(
    hall: Hall, sign_in: SignIn, coordinator: object
) -> None:
    lent = make_hall(number=42, tutor="tutor02", first_serial=20_000)
    now, today = timezone.now(), timezone.localdate()
    turn = turns.lend(
        group=lent.group,
        account="tutor01",
        days=(today, today),
        by=lent.tutor,
        at=now - 2 * HOUR,
    )
    phone = PhoneInHand(sign_in(hall.tutor), group=42)
    phone.enrols()
    turns.end(turn=turn.pk, by=lent.tutor, at=now - timedelta(minutes=5))

    answers = [
        phone.hands_out(lent, 0, 0, at=now - timedelta(minutes=10)),
        phone.hands_out(lent, 1, 1, at=now - timedelta(minutes=1)),
    ]

    assert outcomes(answers) == [(201, "done"), (422, "no_turn")]
    assert lent.holdings() == {"Ada": lent.numbers[0]}


def test_a_shut_out_phone_gets_no_list_and_what_it_sends_waits(
    hall: Hall, phone: PhoneInHand
) -> None:
    phones.shut_out(key=phone.key, by=hall.tutor, at=timezone.now())

    assert phone.roster().status_code == 410
    assert phone.enrols() == 410
    assert outcomes([phone.hands_out(hall, 0, 0)]) == [(410, "shut_out")]
    assert hall.holdings() == {}
    assert PhoneAct.objects.get().outcome == "shut_out"


def test_nobody_hands_a_card_to_themselves(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    own = hall.students[0]
    turns.lend(
        group=hall.group,
        account=own.account_name,
        days=(timezone.localdate(), timezone.localdate()),
        by=hall.tutor,
        at=timezone.now(),
    )
    # A phone of somebody whose role is gone is heard, and what it says waits.
    Phone.objects.create(
        id=(key := uuid4()),
        person=own,
        enrolled_at=timezone.now(),
        heard_at=timezone.now(),
    )
    theirs = PhoneInHand(sign_in(own), key=key)

    assert outcomes([theirs.hands_out(hall, 0, 0)]) == [(422, "no_role")]
    assert hall.holdings() == {}


def test_who_belongs_elsewhere_waits_for_the_coordinator(
    hall: Hall, phone: PhoneInHand
) -> None:
    other = make_hall(number=42, tutor="tutor02", first_serial=20_000)
    foreign = phone.sends(
        "hand_out", handle=other.handle(0), number=hall.numbers[0], deposit="open"
    )
    unknown = phone.sends(
        "hand_out", handle="H0000000000000000", number=hall.numbers[0], deposit="open"
    )
    box = phone.hands_out(hall, 0, 0, number=other.numbers[0])
    number = phone.hands_out(hall, 0, 0, number="3100001")

    assert outcomes([foreign, unknown, box, number]) == [
        (422, "not_in_group"),
        (422, "not_in_group"),
        (422, "not_in_box"),
        (422, "no_number"),
    ]
    assert Holding.objects.count() == 0


def test_a_hand_out_is_taken_back_for_ten_minutes(
    hall: Hall, phone: PhoneInHand
) -> None:
    now = timezone.now()
    early, late = uuid4(), uuid4()
    phone.hands_out(hall, 0, 0, id=early, at=now - timedelta(minutes=30))
    phone.hands_out(hall, 1, 1, id=late, at=now - timedelta(minutes=30))

    answers = [
        phone.sends("undo", of=str(early), at=now - timedelta(minutes=21)),
        phone.sends("undo", of=str(late), at=now - timedelta(minutes=19)),
        phone.sends("undo", of=str(uuid4())),
    ]

    assert outcomes(answers) == [
        (201, "done"),
        (422, "too_late"),
        (422, "nothing_to_undo"),
    ]
    assert hall.holdings() == {"Bela": hall.numbers[1]}


def test_two_cards_are_swapped_in_one_act(hall: Hall, phone: PhoneInHand) -> None:
    phone.hands_out(hall, 0, 0)
    phone.hands_out(hall, 1, 1)
    act, at = uuid4(), timezone.now()

    answers = [
        phone.sends("swap", id=act, at=at, one=hall.handle(0), other=hall.handle(1))
        for _ in range(2)
    ]

    assert outcomes(answers) == [(201, "done"), (200, "done")]
    assert hall.holdings() == {"Ada": hall.numbers[1], "Bela": hall.numbers[0]}


def test_a_defective_card_is_put_aside_and_given_to_nobody(
    hall: Hall, phone: PhoneInHand
) -> None:
    answers = [
        phone.sends("defective", number=hall.numbers[0], reason="defective"),
        phone.hands_out(hall, 0, 0),
    ]

    assert outcomes(answers) == [(201, "done"), (422, "not_given_out")]


def test_cash_is_what_the_ledger_says_whatever_becomes_of_the_acts(
    hall: Hall, phone: PhoneInHand, sign_in: SignIn
) -> None:
    let_tutors_take_cash(hall)
    shift = str(uuid4())
    paid = {"deposit": "paid", "shift": shift, "cents": PRICE}
    second = PhoneInHand(sign_in(hall.tutor))
    second.enrols()
    second.hands_out(hall, 1, 4)

    answers = [
        phone.sends("open_shift", shift=shift, float_cents=2000),
        phone.hands_out(hall, 0, 0, receipt=1, **paid),
        # Somebody else was first; the money was taken all the same.
        phone.hands_out(hall, 1, 1, receipt=2, **paid),
        phone.hands_out(hall, 2, 2),
        phone.sends(
            "settle", handle=hall.handle(2), shift=shift, receipt=3, cents=PRICE
        ),
        phone.sends("count_shift", shift=shift, counted_cents=4900),
    ]

    assert outcomes(answers) == [
        (201, "done"),
        (201, "done"),
        (422, "already_has_card"),
        (201, "done"),
        (201, "done"),
        (201, "done"),
    ]
    assert answers[-1].json()["difference_cents"] == -100
    till = Shift.objects.get()
    assert balance(Account.CASH, shift=till) == 4900
    assert balance(Account.SURPLUS) == -PRICE
    numbers = Receipt.objects.filter(series=till.series).values_list(
        "number", flat=True
    )
    assert sorted(numbers) == [1, 2, 3]


def test_money_that_arrives_after_the_count_is_booked_too(
    hall: Hall, phone: PhoneInHand
) -> None:
    let_tutors_take_cash(hall)
    shift, now = str(uuid4()), timezone.now()
    phone.sends("open_shift", shift=shift, float_cents=0, at=now - HOUR)
    phone.sends("count_shift", shift=shift, counted_cents=PRICE)

    answer = phone.hands_out(
        hall,
        0,
        0,
        at=now - timedelta(minutes=30),
        deposit="paid",
        shift=shift,
        receipt=1,
        cents=PRICE,
    )

    assert outcomes([answer]) == [(201, "done")]
    assert balance(Account.CASH, shift=Shift.objects.get()) == PRICE
    assert balance(Account.DIFFERENCES) == 0


def test_cash_without_a_till_waits_for_the_coordinator(
    hall: Hall, phone: PhoneInHand
) -> None:
    answer = phone.hands_out(
        hall, 0, 0, deposit="paid", shift=str(uuid4()), receipt=1, cents=PRICE
    )

    assert outcomes([answer]) == [(422, "no_shift")]
    assert hall.holdings() == {}
    # The money is there, so the ledger knows of it.
    assert balance(Account.CASH) == PRICE
    assert balance(Account.SURPLUS) == -PRICE


def test_who_pays_twice_gets_the_card_and_the_money_back(
    hall: Hall, phone: PhoneInHand
) -> None:
    let_tutors_take_cash(hall)
    shift = str(uuid4())
    paid = {"deposit": "paid", "shift": shift, "cents": PRICE}
    phone.sends("open_shift", shift=shift, float_cents=0)
    phone.hands_out(hall, 0, 0, receipt=1, **paid)
    phone.sends("defective", number=hall.numbers[0], reason="defective")

    answer = phone.hands_out(hall, 0, 1, receipt=2, **paid)

    assert outcomes([answer]) == [(201, "done")]
    assert hall.holdings() == {"Ada": hall.numbers[1]}
    assert balance(Account.CASH) == 2 * PRICE
    assert balance(Account.SURPLUS) == -PRICE
    assert balance(Account.DEPOSITS) == -PRICE


def test_a_box_is_counted_when_it_comes_and_when_it_goes(
    hall: Hall, phone: PhoneInHand
) -> None:
    first = phone.sends("box_count", counted=5)
    phone.hands_out(hall, 0, 0)
    last = phone.sends("box_count", counted=3)

    assert [one.json()["expected"] for one in (first, last)] == [5, 4]
    signed = hall.group.box_counts.order_by("pk").values_list("way", "side", "counted")
    assert list(signed)[1:] == [("out", "taken", 5), ("back", "given", 3)]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "teleport"},
        {"kind": "hand_out"},
        {"kind": "box_count", "counted": "many"},
        {"kind": "open_shift", "shift": "x", "float_cents": -1},
        {"kind": "count_shift", "shift": 5, "counted_cents": None},
        {"kind": "undo", "of": {"a": 1}},
        {"kind": "swap", "one": 1, "other": []},
        {"kind": "defective", "number": None},
        {"kind": "to_coordinator", "note": "a zero sign \0"},
        {"kind": "to_coordinator", "note": "half an emoji \ud83d"},
        {"kind": "hand_out", "group": "41"},
        {"kind": "hand_out", "at": "yesterday", "sent_at": 7},
    ],
)
def test_whatever_a_phone_sends_is_kept(
    hall: Hall, phone: PhoneInHand, body: dict[str, object]
) -> None:
    kind = str(body.pop("kind"))
    act = uuid4()

    answer = phone.client.put(
        f"/handout/acts/{act}",
        {"kind": kind, "group": hall.group.number, "phone": str(phone.key), **body},
        content_type="application/json",
    )

    assert answer.status_code == 422
    assert PhoneAct.objects.get(pk=act).outcome != "done"
    assert answer.json()["sentence"]


def test_what_a_phone_sent_is_never_changed_or_removed(
    hall: Hall, phone: PhoneInHand
) -> None:
    phone.hands_out(hall, 0, 0)
    kept = PhoneAct.objects.all()

    for change in (lambda: kept.update(outcome="x"), kept.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert kept.get().outcome == "done"
