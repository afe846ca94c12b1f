"""What the coordinator puts right, after the tutor's ten minutes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards import cash, handout
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Move, OpenDeposit, Shift
from onboarding.handout.models import PhoneAct
from onboarding.journey.history import history, told
from tests.cast import a_colleague
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand
from tests.onboarding.handout.test_acts import let_tutors_take_cash

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

HOURS_AGO = timedelta(hours=2)


@pytest.fixture
def desk(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


def takes_back(desk: Client, person: Person, **said: str) -> int:
    path = f"/handout/board/students/{person.pk}/take-back/"
    form = {"act": str(uuid4()), "reason": "mistake", **said}
    return int(desk.post(path, form).status_code)


def test_a_hand_out_is_taken_back_hours_later_with_a_reason(
    hall: Hall, phone: PhoneInHand, desk: Client, coordinator: Person
) -> None:
    ada, act = hall.students[0], str(uuid4())
    phone.hands_out(hall, 0, 0, at=timezone.now() - HOURS_AGO)

    statuses = [takes_back(desk, ada, act=act, reason="damaged") for _ in range(2)]

    assert statuses == [302, 302]
    assert hall.holdings() == {}
    back = Move.objects.order_by("-pk")[0]
    assert (back.target, back.group, back.reason) == ("box", hall.group, "damaged")
    assert (back.by, back.place) == (coordinator, "board")
    assert balance(Account.OPEN, person=ada) == 0
    newest = told(history(person=ada.pk, page=None)[0])
    assert str(newest.who) == "By the coordinators of Opening Week"


def test_cash_of_a_hand_out_that_is_taken_back_stays_in_its_till_and_is_owed_back(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    let_tutors_take_cash(hall)
    shift, ada = str(uuid4()), hall.students[0]
    phone.sends("open_shift", shift=shift, float_cents=0)
    phone.hands_out(hall, 0, 0, deposit="paid", shift=shift, receipt=1, cents=1000)

    assert takes_back(desk, ada) == 302

    assert balance(Account.CASH, shift=Shift.objects.get()) == 1000
    assert balance(Account.SURPLUS, person=ada) == -1000
    assert not OpenDeposit.objects.exists()


def test_the_library_keeps_its_cash_when_the_coordinator_takes_its_hand_out_back(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    ada, librarian = hall.students[0], a_colleague(account_name="librarydesk")
    act = Act(id=uuid4(), person=ada, by=librarian, at=timezone.now())
    handout.hand_out(act=act, number=hall.numbers[0], how=Settlement.PAID)
    phone.hands_out(hall, 0, 1, at=timezone.now() - HOURS_AGO)
    waiting = PhoneAct.objects.get()
    till = cash.desk_till(by=librarian, at=timezone.now())

    desk.post(f"/handout/board/acts/{waiting.pk}/", {"how": "replaced"})

    assert hall.holdings() == {"Ada": hall.numbers[1]}
    # What was paid lies there still; it has paid for the card that counts now.
    assert balance(Account.CASH, shift=till) == 1000
    assert balance(Account.OPEN, person=ada) + balance(Account.SURPLUS, person=ada) == 0


def test_nothing_is_taken_back_without_a_reason(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)

    assert takes_back(desk, hall.students[0], reason="") == 422
    assert takes_back(desk, hall.students[1]) == 409
    assert takes_back(desk, hall.students[0], act="no-act") == 404
    assert hall.holdings() == {"Ada": hall.numbers[0]}


def test_the_coordinator_swaps_two_cards(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    phone.hands_out(hall, 1, 1)
    path = f"/handout/board/students/{hall.students[0].pk}/swap/"
    first = str(uuid4())
    typed = [(first, hall.numbers[1]), (first, hall.numbers[1])]
    typed += [(str(uuid4()), said) for said in ("", "nobody", "Ada Brandt")]

    answers = [
        desk.post(path, {"act": act, "other": said}).status_code for act, said in typed
    ]

    assert answers == [302, 302, 422, 422, 422]
    assert hall.holdings() == {"Ada": hall.numbers[1], "Bela": hall.numbers[0]}
