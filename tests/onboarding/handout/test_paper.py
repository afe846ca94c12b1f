"""The day everything fails: sheets to print, and what was written on them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from accounts.people.models import Person
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Move, Receipt, Shift
from onboarding.handout.models import PhoneAct
from onboarding.handout.paper import Line, record_sheet
from tests.cast import a_colleague
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


@pytest.fixture
def desk(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


def words(file: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(file)).pages]


def filled(hall: Hall, *lines: tuple[int, str, str, str]) -> dict[str, str]:
    """Fill the form: student by place, card number, time, what happened."""
    form = {"day": timezone.localdate().isoformat()}
    for place, number, time, how in lines:
        key = hall.students[place].pk
        form |= {f"number_{key}": number, f"time_{key}": time, f"how_{key}": how}
    return form


def records(desk: Client, form: dict[str, str], **more: str) -> Any:
    return desk.post("/handout/board/groups/41/paper/", {**form, **more})


def earlier(minutes: int) -> str:
    then = timezone.localtime() - timedelta(minutes=minutes)
    # Not before today began.
    return max(then, then.replace(hour=0, minute=0)).strftime("%H:%M")


def test_a_sheet_says_names_and_card_ends_and_when_it_expires(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)

    response = desk.get("/handout/board/groups/41/sheet.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    (text,) = words(response.content)
    number = hall.numbers[0]
    for said in ("Ada Brandt", "Bela Çelik", "Group 41", f"311…{number[-4:]}"):
        assert said in text
    assert "As of" in text
    assert "then it is destroyed" in text
    ada = hall.students[0]
    secrets = (number, ada.matriculation_no, ada.account_name, "2006", "@")
    assert [one for one in secrets if one in text] == []


def test_all_sheets_come_in_one_file_with_as_many_questions(
    hall: Hall, desk: Client
) -> None:
    desk.get("/handout/board/sheets.pdf")
    counted = []
    for numbers in ((), range(50, 60)):
        for number in numbers:
            make_hall(number=number, students=1, cards=0, tutor=f"t{number}")
        with CaptureQueriesContext(connection) as queries:
            file = desk.get("/handout/board/sheets.pdf").content
        counted.append((len(queries), len(words(file))))

    assert [pages for _, pages in counted] == [1, 11]
    assert counted[0][0] == counted[1][0]


def test_a_long_group_takes_a_second_page(hall: Hall, desk: Client) -> None:
    make_hall(number=42, students=25, cards=0, tutor="tutor02")

    pages = words(desk.get("/handout/board/groups/42/sheet.pdf").content)

    assert len(pages) == 2
    assert "Page 2 of 2 of group 42" in pages[1]


def test_a_sheet_is_shown_once_more_and_then_recorded_with_its_own_times(
    hall: Hall, desk: Client, coordinator: Person
) -> None:
    form = filled(
        hall,
        (0, hall.numbers[0], earlier(90), "open"),
        (1, hall.numbers[1], earlier(80), "open"),
        (2, "", earlier(70), "declined"),
    )

    shown = records(desk, form)
    assert (shown.status_code, PhoneAct.objects.count()) == (200, 0)
    assert b"Is this what the sheet says?" in shown.content
    done = records(desk, form, confirmed="1")

    assert done.status_code == 200
    assert hall.holdings() == {"Ada": hall.numbers[0], "Bela": hall.numbers[1]}
    move = Move.objects.filter(target="person").order_by("at")[0]
    assert timezone.localtime(move.at).strftime("%H:%M") == earlier(90)
    assert (move.place, move.by) == ("tutor", coordinator)
    assert move.noted_at > move.at


def test_a_sheet_that_is_sent_twice_has_one_effect(hall: Hall, desk: Client) -> None:
    form = filled(hall, (0, hall.numbers[0], earlier(9), "paid"))

    answers = [records(desk, form, confirmed="1") for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert b"recorded before" in answers[1].content
    assert Move.objects.filter(target="person").count() == 1
    assert (Receipt.objects.count(), balance(Account.CASH)) == (1, 1000)


def test_a_line_that_somebody_else_types_again_has_no_second_effect(
    hall: Hall, coordinator: Person
) -> None:
    now = timezone.now()
    line = Line(
        hall.students[0], now - timedelta(minutes=9), hall.numbers[0], paid=True
    )
    colleague = a_colleague()

    first, again = (
        record_sheet(group=hall.group, lines=[line], by=by, at=now)
        for by in (coordinator, colleague)
    )

    assert [(one.done, one.again) for one in (*first, *again)] == [
        (True, False),
        (True, True),
    ]
    assert (Receipt.objects.count(), balance(Account.CASH)) == (1, 1000)
    assert [one.by for one in Shift.objects.all()] == [coordinator]


def test_what_the_sheet_says_too_late_waits_with_the_rest(
    hall: Hall, phone: PhoneInHand, desk: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    form = filled(hall, (0, hall.numbers[1], earlier(90), "open"))

    done = records(desk, form, confirmed="1")

    assert b"waits for you" in done.content
    assert hall.holdings() == {"Ada": hall.numbers[0]}
    board = desk.get("/handout/board/").content.decode()
    assert "This counts, not what stands" in board
    # The paper itself is no phone that could be lost.
    assert "<td>paper</td>" not in board


def test_cash_of_a_sheet_lies_in_the_till_of_who_records_it(
    hall: Hall, desk: Client, coordinator: Person
) -> None:
    form = filled(
        hall,
        (0, hall.numbers[0], earlier(9), "paid"),
        (1, hall.numbers[1], earlier(8), "paid"),
    )

    records(desk, form, confirmed="1")

    till = Shift.objects.get()
    assert (till.by, till.float_cents) == (coordinator, 0)
    assert balance(Account.CASH, shift=till) == 2000
    assert balance(Account.SURPLUS) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("3118888888", "", "open"), "when was it?"),
        (("{card}", "00:00", ""), "choose the deposit"),
        (("4711", "00:00", "open"), "A card number"),
        (("{card}", "00:00", "declined"), "a card, or none?"),
        (("{card}", "23:59:59", "open"), "still to come"),
        (("", "", ""), "No line says anything yet."),
    ],
)
def test_a_line_that_says_half_of_it_is_told(
    hall: Hall, desk: Client, line: tuple[str, str, str], said: str
) -> None:
    number, time, how = line
    typed = (0, number.format(card=hall.numbers[0]), time, how)

    answer = records(desk, filled(hall, typed), confirmed="1")

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert PhoneAct.objects.count() == 0
