"""The end of the week: boxes and cash come back, lists close, sums come out even."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from accounts.people.models import Person
from accounts.post.models import Mail
from onboarding.cards import boxes, cash
from onboarding.cards.acts import Act
from onboarding.cards.models import Holding, Move, Shift, Wish
from onboarding.cards.refusals import OwnBox
from onboarding.cards.route import Route
from onboarding.cards.standing import way_of
from onboarding.enrolment.facts import programmes_of
from onboarding.enrolment.models import Cohort
from onboarding.handout import closing, conflicts, turns
from onboarding.handout.summary import summary
from tests.cast import a_colleague
from tests.onboarding.handout.conftest import SignIn
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall, outcomes
from tests.onboarding.handout.test_acts import let_tutors_take_cash
from worker.fleet import WRITERS

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

BOARD = "/handout/board"


@pytest.fixture
def desk(coordinator: Person, sign_in: SignIn) -> Client:
    return sign_in(coordinator)


@pytest.fixture
def library(seats: None, sign_in: SignIn) -> Client:
    return sign_in(a_colleague(account_name="librarydesk", given_names="Mirjam"))


def gives_back(desk: Client, counted: str = "4") -> int:
    form = {"act": str(uuid4()), "counted": counted}
    return int(desk.post(f"{BOARD}/groups/41/give-back/", form).status_code)


def takes(library: Client, hall: Hall, *numbers: str, lost: bool = False) -> int:
    form = {"act": str(uuid4()), "numbers": "\n".join(numbers)}
    more = {"lost": "on"} if lost else {}
    path = f"/library/stock/boxes/{hall.group.pk}/back/"
    return int(library.post(path, {**form, **more}).status_code)


def closes(desk: Client) -> int:
    return int(desk.post(f"{BOARD}/closing/").status_code)


@pytest.fixture
def almost_over(hall: Hall, phone: PhoneInHand, desk: Client, library: Client) -> Hall:
    """A week in which one got a card; its box is back with all that is left."""
    phone.hands_out(hall, 0, 0)
    phone.sends("declined", handle=hall.handle(1))
    assert gives_back(desk) == 302
    assert takes(library, hall, *hall.numbers[1:]) == 302
    return hall


def test_a_box_goes_back_signed_by_two_and_what_is_missing_stays_seen(
    hall: Hall, phone: PhoneInHand, desk: Client, library: Client
) -> None:
    phone.hands_out(hall, 0, 0)
    assert gives_back(desk) == 302

    assert takes(library, hall, *hall.numbers[1:4]) == 302

    assert Move.objects.filter(target="stock", source="box").count() == 3
    (box,) = summary().boxes
    assert (box.back, box.lying, summary().settled) == (3, 1, False)
    left = desk.get(f"{BOARD}/groups/41/cards/").content.decode()
    assert f"311…{hall.numbers[4][-4:]}" in left


def test_what_is_missing_is_recorded_as_lost_and_handed_to_nobody(
    hall: Hall, phone: PhoneInHand, desk: Client, library: Client
) -> None:
    gives_back(desk, "5")

    assert takes(library, hall, *hall.numbers[:4], lost=True) == 302

    newest = Move.objects.filter(card__number=hall.numbers[4]).order_by("-number")[0]
    assert (newest.target, newest.reason) == ("lost", "missing")
    assert outcomes([phone.hands_out(hall, 0, 4)]) == [(422, "not_given_out")]
    assert summary().boxes[0].missing == 1


def test_nobody_takes_back_what_they_gave_back(hall: Hall, coordinator: Person) -> None:
    now = timezone.now()
    closing.give_back(act=uuid4(), group=hall.group, counted=5, by=coordinator, at=now)
    mine = Act(id=uuid4(), person=coordinator, by=coordinator, at=now)

    with pytest.raises(OwnBox):
        boxes.take_back(act=mine, group=hall.group, found=[], missing_are_lost=False)

    assert closing.in_the_way(at=now).boxes != ()


def test_a_box_that_nobody_gave_back_is_in_the_way(
    hall: Hall, library: Client, desk: Client
) -> None:
    assert takes(library, hall, *hall.numbers) == 302

    assert closes(desk) == 409
    assert gives_back(desk, "5") == 302
    assert closes(desk) == 302


def test_lists_close_only_when_boxes_cash_and_conflicts_are_settled(
    hall: Hall, phone: PhoneInHand, desk: Client, library: Client, coordinator: Person
) -> None:
    let_tutors_take_cash(hall)
    shift = str(uuid4())
    phone.sends("open_shift", shift=shift, float_cents=500)
    phone.sends("to_coordinator", why="somebody asks")
    told = [closes(desk)]
    gives_back(desk, "5")
    takes(library, hall, *hall.numbers)
    told.append(closes(desk))
    waiting = conflicts.waiting().get()
    desk.post(f"{BOARD}/acts/{waiting.pk}/", {"how": "left"})
    told.append(closes(desk))
    count = {"act": str(uuid4()), "euros": "5.00"}
    assert desk.post(f"{BOARD}/tills/{shift}/count/", count).status_code == 302
    told.append(closes(desk))
    till = Shift.objects.get()
    over = library.post(f"/finance/tills/{till.pk}/", {"act": str(uuid4())})
    assert over.status_code == 302
    told.append(closes(desk))

    assert told == [409, 409, 409, 409, 302]
    assert Cohort.objects.get(code="2026ws").closed_at is not None
    assert Shift.objects.get().handing_over.cents == 500


def test_closed_lists_give_tutors_nothing_and_empty_their_phones(
    almost_over: Hall, phone: PhoneInHand, desk: Client
) -> None:
    before = timezone.now()
    assert "Clear-Site-Data" not in enrols(phone)
    assert closes(desk) == 302

    assert phone.roster().json()["groups"] == []
    assert "Clear-Site-Data" not in enrols(phone, waiting=1)
    assert enrols(phone)["Clear-Site-Data"] == '"storage"'
    late = phone.hands_out(almost_over, 2, 1)
    early = phone.sends("declined", handle=almost_over.handle(2), at=before)
    assert outcomes([late, early]) == [(422, "no_turn"), (201, "done")]


def test_a_phone_is_emptied_after_the_week_and_not_before_it(
    hall: Hall, phone: PhoneInHand
) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    weeks = Cohort.objects.filter(code="2026ws")

    weeks.update(opening_from=today + day, opening_until=today + 5 * day)
    before = "Clear-Site-Data" in enrols(phone)
    weeks.update(opening_from=today - 5 * day, opening_until=today - day)
    after = "Clear-Site-Data" in enrols(phone)

    assert (before, after) == (False, True)


def enrols(phone: PhoneInHand, *, waiting: int = 0) -> Any:
    said = {"device": "Android", "waiting": waiting, "app": "test"}
    path = f"/handout/phones/{phone.key}"
    return phone.client.put(path, said, content_type="application/json")


def test_whoever_has_no_card_is_told_once_in_their_language(
    almost_over: Hall, desk: Client
) -> None:
    cem = almost_over.students[2]
    Person.objects.filter(pk=cem.pk).update(language="en")

    assert [closes(desk), closes(desk)] == [302, 302]

    mail = Mail.objects.select_related("person").get(message=closing.AT_LIBRARY)
    assert mail.person == cem
    english = WRITERS[mail.message](mail)
    mail.person.language = "de"
    german = WRITERS[mail.message](mail)
    assert english is not None
    assert german is not None
    assert english.subject == "Your Leuphana Card waits at the library"
    assert "Monday to Friday, 9:00 to 18:00" in english.plain
    assert "deine" in german.plain.lower()
    assert "<p>" in german.html


def test_who_was_served_meanwhile_gets_no_mail(almost_over: Hall, desk: Client) -> None:
    closes(desk)
    mail = Mail.objects.get(message=closing.AT_LIBRARY)
    Holding.objects.update(person=almost_over.students[2])

    assert WRITERS[mail.message](mail) is None


def test_the_journey_leads_to_the_library_as_soon_as_lists_are_closed(
    almost_over: Hall, desk: Client
) -> None:
    cem = almost_over.students[2]

    def route() -> Route:
        return way_of(
            programmes=programmes_of([cem.pk])[cem.pk],
            in_a_group=True,
            wish=Wish.NONE,
            on=timezone.localdate(),
        ).route

    before = route()
    closes(desk)

    assert (before, route()) == (Route.TUTOR, Route.LIBRARY)


def test_who_is_asked_after_the_closing_may_go_on(
    almost_over: Hall, phone: PhoneInHand, desk: Client, coordinator: Person
) -> None:
    closes(desk)
    today = timezone.localdate()
    turns.lend(
        group=almost_over.group,
        account="tutor01",
        days=(today, today),
        by=coordinator,
        at=timezone.now(),
    )

    assert [one["number"] for one in phone.roster().json()["groups"]] == [41]


def test_the_week_comes_out_even_and_says_so(
    almost_over: Hall, phone: PhoneInHand, desk: Client
) -> None:
    (box,) = summary().boxes

    assert (box.put_in, box.handed_out, box.back, box.lying) == (5, 1, 4, 0)
    assert (summary().unaccounted_cards, summary().settled) == (0, True)
    page = desk.get(f"{BOARD}/summary/").content.decode()
    assert "Every box is back, every till handed over" in page


def test_what_nobody_explains_is_seen(hall: Hall, phone: PhoneInHand) -> None:
    phone.hands_out(hall, 0, 0)
    # As if a move had been lost on the way.
    with_a_gap = Move.objects.filter(card__number=hall.numbers[1]).order_by("-number")[
        0
    ]
    Move.objects.bulk_create(
        [
            Move(
                act=uuid4(),
                card=with_a_gap.card,
                number=with_a_gap.number + 2,
                source="returned",
                target="stock",
                by=hall.tutor,
                at=timezone.now(),
                noted_at=timezone.now(),
                place="desk",
            )
        ]
    )

    assert summary().boxes[0].unaccounted == 1
    assert not summary().settled


def test_closing_and_sums_cost_as_much_for_many_as_for_one(
    hall: Hall, coordinator: Person, desk: Client
) -> None:
    counted = []
    for numbers in ((42,), range(50, 70)):
        for number in numbers:
            one = make_hall(
                number=number,
                students=1,
                cards=2,
                first_serial=20_000 + 10 * number,
                tutor=f"t{number}",
            )
            key = uuid4()
            now = timezone.now()
            cash.open_shift(key=key, by=one.tutor, float_cents=500, at=now)
            cash.count(key=key, act=uuid4(), counted_cents=500, by=one.tutor, at=now)
        for page in ("closing/", "summary/", "summary/opening-week.csv"):
            desk.get(f"{BOARD}/{page}")
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(f"{BOARD}/{page}").status_code == 200
            counted.append(len(queries))

    assert counted[:3] == counted[3:]


def test_cash_is_followed_from_float_to_hand_over(
    hall: Hall, phone: PhoneInHand, coordinator: Person
) -> None:
    let_tutors_take_cash(hall)
    shift = str(uuid4())
    phone.sends("open_shift", shift=shift, float_cents=2000)
    paid = {"deposit": "paid", "shift": shift, "receipt": 1, "cents": 1000}
    phone.hands_out(hall, 0, 0, **paid)
    phone.sends("count_shift", shift=shift, counted_cents=2950)
    cash.take_over(key=UUID(shift), act=uuid4(), by=coordinator, at=timezone.now())

    (till,) = summary().tills

    assert (till.float_cents, till.taken, till.difference) == (2000, 1000, -50)
    assert (till.counted, till.handed_over, till.lying) == (2950, 2950, 0)
    assert till.unaccounted == 0


def test_finance_gets_the_sums_as_table_and_document(
    almost_over: Hall, phone: PhoneInHand, desk: Client, sign_in: SignIn
) -> None:
    let_tutors_take_cash(almost_over)
    tutor = almost_over.tutor
    Person.objects.filter(pk=tutor.pk).update(given_names="=HYPERLINK(1)")
    phone.sends("open_shift", shift=str(uuid4()), float_cents=2000)
    finance = sign_in(a_colleague(account_name="finance"))

    table = finance.get(f"{BOARD}/summary/opening-week.csv")
    sheet = finance.get(f"{BOARD}/summary/opening-week.pdf")
    nothing = finance.get(f"{BOARD}/summary/opening-week.xlsx")

    content = table.content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content, newline=""), delimiter=";"))
    assert {len(one) for one in rows} == {4}
    assert content.count("\r\n") == len(rows)
    assert ["cards", "group 41", "back", "4"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    (page,) = PdfReader(BytesIO(sheet.content)).pages
    assert "Cards and cash of Opening Week" in page.extract_text()
    assert nothing.status_code == 404
