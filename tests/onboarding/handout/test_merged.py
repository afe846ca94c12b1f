"""Two accounts become one while phones still have the list from before."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards.deposits import owed
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Holding, OpenDeposit, Receipt, Shift
from onboarding.cards.receipts import printed, receipts_of
from onboarding.cards.returns import refundable, surplus
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.handout import figures
from onboarding.handout.conflicts import open_conflicts, waiting
from onboarding.handout.figures import Mark
from onboarding.handout.models import How, PhoneAct
from onboarding.helpdesk.merging import Pair
from tests.cast import a_colleague, a_student, enrolled
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, a_number, outcomes
from tests.onboarding.handout.test_acts import let_tutors_take_cash
from tests.onboarding.helpdesk.merges import merge

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

ADA, BELA = 0, 1
SHIFT = "6f0c7d6e-6a0c-4f6e-9d43-0d8f1f0a7c11"


@pytest.fixture
def stays() -> Person:
    """Give Ada's other account: enrolled, in no group."""
    person = a_student(given_names="Ada", family_name="Brandt")
    enrolled(person, study_start=timezone.localdate(), programme="Informatik")
    return person


@pytest.fixture
def board(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


def merged(stays: Person, closes: Person) -> Person:
    tarek = a_colleague(account_name="helpdesk")
    # Of another name: a second account of whoever asked is no second agent.
    solveig = a_colleague(account_name="helpdesk-lead", given_names="Solveig")
    return merge(Pair(stays=stays, closes=closes), tarek, solveig)


def with_a_till(hall: Hall, phone: PhoneInHand) -> dict[str, Any]:
    let_tutors_take_cash(hall)
    phone.sends("open_shift", shift=SHIFT, float_cents=0)
    return {"deposit": "paid", "shift": SHIFT, "receipt": 1, "cents": 1000}


def test_an_act_that_comes_later_is_about_the_account_that_stays(
    hall: Hall, phone: PhoneInHand, stays: Person
) -> None:
    happened = timezone.now()
    merged(stays, hall.students[ADA])

    answer = phone.hands_out(hall, ADA, 0, at=happened)

    assert outcomes([answer]) == [(201, "done")]
    assert Holding.objects.get().person == stays
    assert PhoneAct.objects.get().person == stays
    assert owed(stays.pk) == 1000


def test_where_the_one_that_stays_is_in_another_group_the_coordinator_looks(
    hall: Hall, phone: PhoneInHand, stays: Person, board: Client
) -> None:
    other = TutorGroup.objects.create(number=77)
    GroupPlace.objects.create(person=stays, group=other)
    paid = with_a_till(hall, phone)
    merged(stays, hall.students[ADA])

    answer = phone.hands_out(hall, ADA, 0, **paid)

    assert outcomes([answer]) == [(422, "not_in_group")]
    assert surplus(stays.pk) == 1000
    (conflict,) = open_conflicts()
    assert conflict.act.whose == stays
    assert conflict.ways == (How.RECORDED, How.LEFT)
    page = board.get("/handout/board/").content.decode()
    assert stays.account_name in page
    board.post(f"/handout/board/acts/{conflict.act.pk}/", {"how": "recorded"})
    assert Holding.objects.get().person == stays
    assert (owed(stays.pk), surplus(stays.pk), refundable(stays.pk)) == (0, 0, 1000)


def test_what_waited_for_the_closed_account_is_recorded_for_the_other(
    hall: Hall, phone: PhoneInHand, stays: Person, board: Client
) -> None:
    paid = with_a_till(hall, phone)
    ada = hall.students[ADA]
    # Kept, with its money: the tutor named a card that lies in no box.
    phone.sends("hand_out", handle=hall.handle(ADA), number=a_number(20_000), **paid)
    phone.hands_out(hall, BELA, 1)
    (kept,) = waiting()
    assert (kept.person, surplus(ada.pk)) == (ada, 1000)

    merged(stays, ada)
    (conflict,) = open_conflicts()
    done = board.post(f"/handout/board/acts/{conflict.act.pk}/", {"how": "recorded"})

    assert done.status_code == 302
    assert not open_conflicts()
    assert Holding.objects.get(person=stays).card.number == kept.body["number"]
    assert (owed(stays.pk), surplus(stays.pk), refundable(stays.pk)) == (0, 0, 1000)
    assert balance(Account.CASH, shift=Shift.objects.get()) == 1000
    assert {one.person for one in OpenDeposit.objects.all()} == {
        stays,
        hall.students[BELA],
    }
    assert not Holding.objects.filter(person=ada).exists()


def test_who_wanted_no_card_still_wants_none(
    hall: Hall, phone: PhoneInHand, stays: Person
) -> None:
    phone.sends("declined", handle=hall.handle(ADA))

    merged(stays, hall.students[ADA])

    marks = figures.marks(at=timezone.now())
    assert Mark.DECLINED in marks[stays.pk, hall.group.pk]


def test_a_receipt_says_what_it_said_and_is_found_at_the_account_that_stays(
    hall: Hall, phone: PhoneInHand, stays: Person
) -> None:
    ada = hall.students[ADA]
    phone.hands_out(hall, ADA, 0, **with_a_till(hall, phone))
    before = [printed(one) for one in receipts_of(ada)]

    merged(stays, ada)

    assert len(before) == Receipt.objects.count() == 1
    assert [printed(one) for one in receipts_of(stays)] == before
    assert not before[0].void
    assert "10.00" in before[0].total
