"""Deliveries, boxes and single cards, as the colleague at the desk sees them."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.people.models import Person
from onboarding.cards import stock
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.models import BoxCount, Card, Delivery, Move, Side
from onboarding.enrolment.models import TutorGroup
from tests.cast import NOW, a_student
from tests.onboarding.cards.conftest import Acting, a_number
from tests.onboarding.cards.pages import hidden, text

pytestmark = pytest.mark.django_db

NUMBERS = [a_number(serial) for serial in range(6)]
DELIVERY, BOXES = "/library/stock/delivery/", "/library/stock/boxes/"


@pytest.fixture
def group() -> TutorGroup:
    return TutorGroup.objects.create(number=41, meeting_point="Foyer")


@pytest.fixture
def delivered(mirjam: Person) -> None:
    stock.deliver(act=uuid4(), numbers=NUMBERS, counted=6, by=mirjam, at=NOW)


@pytest.fixture
def filled(delivered: None, group: TutorGroup, mirjam: Person) -> TutorGroup:
    cards = Card.objects.all()
    stock.allot(act=uuid4(), group=group, cards=cards, by=mirjam, at=NOW)
    return group


def listed(numbers: Sequence[str]) -> dict[str, str]:
    return {"numbers": "\n".join(numbers)}


def spots() -> dict[str, str]:
    moves = stock.current().select_related("card")
    return {one.card.number: one.target for one in moves}


def press(desk: Client, path: str, asked: Any, times: int = 1, /, **more: str) -> Any:
    sent = {**hidden(asked), **more}
    assert "act" in sent, text(asked)
    return [desk.post(path, sent) for _ in range(times)][-1]


def test_a_delivery_is_scanned_looked_at_and_recorded_once(desk: Client) -> None:
    asked = desk.post(DELIVERY, {**listed(NUMBERS), "counted": "6"})
    done = press(desk, DELIVERY, asked, 3)

    assert "New 6" in text(asked)
    assert done.headers["Location"] == "/library/stock/"
    assert Delivery.objects.get().numbers == 6
    page = text(desk.get(done.headers["Location"]))
    assert "library stock 6" in page
    assert "All cards 6" in page


def test_what_is_wrong_with_a_list_is_counted_and_named_by_line(
    desk: Client, mirjam: Person
) -> None:
    stock.deliver(act=uuid4(), numbers=NUMBERS[:1], counted=1, by=mirjam, at=NOW)
    lines = [
        "number;person",
        NUMBERS[0],
        NUMBERS[1],
        f" {NUMBERS[1]} ",
        "3100001",
        "0018163947",
        "3110372828",
        f"{NUMBERS[2]};lg404404",
        "=cmd|' /C calc'!A0",
        "",
    ]

    said = text(desk.post(DELIVERY, {**listed(lines), "counted": "3"}))

    for words in (
        "New 2",
        "Known already, left where they are 1",
        "Twice in the list 1",
        "Refused lines 4",
        "Doubtful check digit 1",
        "5 3100001 This looks like a matriculation number",
        f"4 {NUMBERS[1]} The same number as in line 3.",
        f"8 {NUMBERS[2]} Nobody has this user name.",
    ):
        assert words in said


@pytest.mark.parametrize("ticked", [False, True])
def test_a_count_that_differs_has_to_be_confirmed(
    desk: Client, *, ticked: bool
) -> None:
    asked = desk.post(DELIVERY, {**listed(NUMBERS), "counted": "7"})
    more = {"different": "on"} if ticked else {}
    done = press(desk, DELIVERY, asked, 1, **more)

    assert "You counted 7 cards, but the list names 6." in text(asked)
    assert done.status_code == (302 if ticked else 422)
    assert Delivery.objects.count() == int(ticked)


def test_a_doubtful_number_has_to_be_compared(desk: Client, settings: Settings) -> None:
    said = {"numbers": "3110372828", "counted": "1"}
    asked = desk.post(DELIVERY, said)

    assert press(desk, DELIVERY, asked).status_code == 422
    assert press(desk, DELIVERY, asked, compared="on").status_code == 302
    settings.CARD_NUMBER_CHECK = "enforce"
    assert "One digit of this number is wrong" in text(desk.post(DELIVERY, said))


def test_a_file_may_name_the_one_person_who_gets_a_card(
    desk: Client, cem: Person
) -> None:
    rows = f"number;person\r\n{NUMBERS[0]};{cem.account_name.upper()}\r\n"
    file = SimpleUploadedFile("cards.csv", b"\xef\xbb\xbf" + rows.encode())

    asked = desk.post(DELIVERY, {"file": file, "counted": "1"})
    press(desk, DELIVERY, asked)

    assert Card.objects.get().meant_for == cem


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "at least one number"),
        ({"numbers": NUMBERS[0]}, "Count the cards by hand"),
        ({"numbers": "x\0y", "counted": "1"}, "Null characters"),
        ({"numbers": "hello\n3100001", "counted": "2"}, "Line 2"),
        ({"numbers": NUMBERS[0], "counted": "-1"}, "greater than or equal"),
        ({"numbers": "1\n" * 5002, "counted": "1"}, "At most 5000 lines"),
        ({"file": b"\xff\xfe", "counted": "1"}, "not in UTF-8"),
    ],
)
def test_rubbish_is_said_at_the_field(
    desk: Client, said: dict[str, Any], complaint: str
) -> None:
    if isinstance(said.get("file"), bytes):
        said = {**said, "file": io.BytesIO(said["file"])}

    answer = desk.post(DELIVERY, said)

    assert answer.status_code == 422
    assert complaint in text(answer)
    assert not Card.objects.exists()


def test_a_box_is_filled_by_scanning(
    desk: Client, delivered: None, group: TutorGroup, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBERS[5], how=Settlement.OPEN)
    path = f"{BOXES}{group.pk}/allot/"
    asked = desk.post(path, listed([*NUMBERS[:3], NUMBERS[5], a_number(99)]))
    done = press(desk, path, asked, 3)

    assert "Cards in all 3" in text(asked)
    assert "This card is recorded as: with a student." in text(asked)
    assert "This number is in no delivery." in text(asked)
    assert done.status_code == 302
    assert len(stock.box_of(group)) == 3
    count = BoxCount.objects.get()
    assert (count.counted, count.side) == (3, Side.GIVEN)
    assert NUMBERS[0] in text(desk.get(f"{BOXES}{group.pk}/"))


def test_many_boxes_are_filled_from_one_file(
    desk: Client, delivered: None, group: TutorGroup
) -> None:
    other = TutorGroup.objects.create(number=7)
    rows = [f"{NUMBERS[0]};41", f"{NUMBERS[1]};007", f"{NUMBERS[2]};99", NUMBERS[3]]

    asked = desk.post(f"{BOXES}allot/", listed(rows))
    done = press(desk, f"{BOXES}allot/", asked, 2)

    said = text(asked)
    assert "Box of group 7 1 Box of group 41 1 Cards in all 2" in said
    assert said.count("There is no group with this number.") == 2
    assert done.headers["Location"] == BOXES
    assert (len(stock.box_of(group)), len(stock.box_of(other))) == (1, 1)
    assert BoxCount.objects.count() == 2


def test_nothing_to_allot_is_said_at_the_field(desk: Client, group: TutorGroup) -> None:
    answer = desk.post(f"{BOXES}{group.pk}/allot/", listed(NUMBERS[:1]))

    assert answer.status_code == 422
    assert "Line 1: This number is in no delivery." in text(answer)


def test_somebody_else_was_first_and_no_box_is_half_full(
    desk: Client, delivered: None, group: TutorGroup, cem: Person, act: Acting
) -> None:
    path = f"{BOXES}{group.pk}/allot/"
    asked = desk.post(path, listed(NUMBERS[:2]))
    hand_out(act=act(cem), number=NUMBERS[0], how=Settlement.OPEN)

    press(desk, path, asked)

    # The card that is gone is of no use any more; the other one goes in.
    assert [card.number for card in stock.box_of(group)] == [NUMBERS[1]]
    assert spots()[NUMBERS[0]] == "person"


@pytest.mark.parametrize("lost", [False, True])
def test_a_box_comes_back_and_what_is_missing_is_named(
    desk: Client, delivered: None, group: TutorGroup, mirjam: Person, *, lost: bool
) -> None:
    cards = Card.objects.filter(number__in=NUMBERS[:3])
    stock.allot(act=uuid4(), group=group, cards=cards, by=mirjam, at=NOW)
    path = f"{BOXES}{group.pk}/back/"
    asked = desk.post(path, listed([NUMBERS[0], NUMBERS[1], NUMBERS[5]]))
    done = press(desk, path, asked, 2, **({"lost": "on"} if lost else {}))

    said = text(asked)
    assert "Cards that come back 2 Missing 1" in said
    assert f"{NUMBERS[2]} Missing" in said
    assert "This card is not in the box of this group." in said
    assert done.status_code == 302
    assert spots()[NUMBERS[2]] == ("lost" if lost else "box")
    assert (spots()[NUMBERS[0]], spots()[NUMBERS[5]]) == ("stock", "stock")
    assert "2 of 3" in text(desk.get(BOXES))
    assert "Differs" in text(desk.get(BOXES))


def test_an_empty_box_comes_back_too(
    desk: Client, delivered: None, group: TutorGroup
) -> None:
    path = f"{BOXES}{group.pk}/back/"

    assert press(desk, path, desk.post(path, {"numbers": ""})).status_code == 302


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ["Box der Gruppe 41", "Foyer"]), ("en", ["Box of group 41", "Given by"])],
)
def test_the_sheet_that_both_sign(
    *, desk: Client, filled: TutorGroup, tmp_path: Path, language: str, words: list[str]
) -> None:
    answer = desk.get(
        f"{BOXES}{filled.pk}/sheet.pdf", headers={"accept-language": language}
    )
    file = tmp_path / "box.pdf"
    file.write_bytes(answer.content)
    pdftotext = shutil.which("pdftotext")
    assert pdftotext
    said = subprocess.run(
        [pdftotext, "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout

    for word in [*words, *NUMBERS]:
        assert word in said


def find(desk: Client, typed: str) -> Any:
    return desk.post("/library/", {"who": typed})


def test_a_scanned_card_says_where_it_is(
    desk: Client, delivered: None, group: TutorGroup, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBERS[1], how=Settlement.OPEN)
    stock.allot(
        act=uuid4(),
        group=group,
        cards=Card.objects.filter(number=NUMBERS[2]),
        by=act(cem).by,
        at=NOW,
    )
    stocked = find(desk, NUMBERS[0])
    boxed = find(desk, NUMBERS[2])

    key = Card.objects.get(number=NUMBERS[0]).pk
    assert stocked.headers["Location"] == f"/library/cards/{key}/"
    assert NUMBERS[0] not in stocked.headers["Location"]
    assert "lies in the library’s stock" in text(desk.get(f"/library/cards/{key}/"))
    assert "box of group 41" in text(desk.get(boxed.headers["Location"]))
    held = find(desk, NUMBERS[1])
    assert held.headers["Location"] == f"/library/{cem.pk}/"
    assert "No delivery names this card" in text(find(desk, a_number(98)))


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("lost", "It is recorded as lost"),
        ("defective", "It is defective"),
        ("blocked", "It is blocked"),
    ],
)
def test_a_card_is_put_aside_and_found_again(
    desk: Client, delivered: None, to: str, words: str
) -> None:
    key = Card.objects.get(number=NUMBERS[0]).pk
    path = f"/library/cards/{key}/"
    press(desk, path, desk.post(path, {"to": to, "why": "other"}), 3)
    aside = text(desk.get(path))
    press(desk, path, desk.post(path, {"to": "stock", "why": "found"}), 3)

    assert words in aside
    assert NUMBERS[0] not in aside
    assert spots()[NUMBERS[0]] == "stock"
    assert Move.objects.filter(card=key).count() == 3


def test_a_card_with_a_student_is_not_put_aside_behind_the_back(
    desk: Client, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBERS[0], how=Settlement.OPEN)
    path = f"/library/cards/{Card.objects.get().pk}/"

    page = desk.get(path)
    forced = desk.post(path, {"to": "lost", "why": "other", "act": str(uuid4())})

    assert "A student has it." in text(page)
    assert "Continue" not in text(page)
    assert forced.status_code == 409
    assert spots()[NUMBERS[0]] == "person"


@pytest.mark.parametrize(
    "said", [{}, {"to": "person", "why": "other"}, {"to": "\0", "why": "'"}]
)
def test_a_card_goes_nowhere_else(
    desk: Client, delivered: None, said: dict[str, str]
) -> None:
    path = f"/library/cards/{Card.objects.order_by('pk')[0].pk}/"

    assert desk.post(path, said).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/library/cards/9/",
        f"{BOXES}9/",
        f"{BOXES}9/allot/",
        f"{BOXES}9/back/",
        f"{BOXES}9/sheet.pdf",
    ],
)
def test_what_is_not_there_is_said_so(desk: Client, path: str) -> None:
    assert desk.get(path).status_code == 404


def test_many_boxes_and_cards_take_as_many_queries_as_few(
    desk: Client, delivered: None, mirjam: Person
) -> None:
    counted = []
    for many in (1, 50):
        for serial in range(many):
            number = 100 * many + serial
            group = TutorGroup.objects.create(number=number)
            stock.deliver(
                act=uuid4(), numbers=[a_number(number)], counted=1, by=mirjam, at=NOW
            )
            card = Card.objects.get(number=a_number(number))
            stock.allot(act=uuid4(), group=group, cards=[card], by=mirjam, at=NOW)
        paths = [BOXES, "/library/stock/", f"{BOXES}{group.pk}/"]
        queries = []
        for path in paths:
            desk.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                desk.get(path)
            queries.append(len(asked))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk.post(DELIVERY, {**listed(NUMBERS[:many]), "counted": "1"})
        counted.append([*queries, len(asked)])

    assert counted[0] == counted[1]


def test_no_number_stands_in_an_address_or_a_log(
    desk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    said = {**listed(NUMBERS), "counted": "7"}
    asked = desk.post(DELIVERY, said)
    refused = press(desk, DELIVERY, asked)
    done = press(desk, DELIVERY, asked, 1, different="on")
    found = find(desk, NUMBERS[0])

    assert refused.status_code == 422
    places = done.headers["Location"] + found.headers["Location"]
    written = "".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("django.db")
    )
    assert written
    assert [one for one in NUMBERS if one in places + written] == []


def test_others_see_no_student_in_a_list_of_cards(
    desk: Client, delivered: None, group: TutorGroup
) -> None:
    a_student(family_name="Geheim")

    for path in ("/library/stock/", BOXES, f"{BOXES}{group.pk}/"):
        assert "Geheim" not in text(desk.get(path))
