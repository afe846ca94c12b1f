"""The library's desk, as the colleague there uses it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as portal
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.people.models import Person
from onboarding.cards.deposits import Settlement, owed
from onboarding.cards.handout import hand_out
from onboarding.cards.models import Card, LedgerEntry, Receipt, Spot, Why
from onboarding.cards.refusals import NotEnrolled
from onboarding.cards.returns import replace, report
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import Enrolment
from tests.cast import NOW, a_first_year, a_student, enrolled
from tests.onboarding.cards.conftest import Acting, a_number, given, signed_in
from tests.onboarding.cards.pages import hidden, text

pytestmark = pytest.mark.django_db

NUMBER = a_number()


def find(desk: Client, who: str) -> Any:
    return desk.post("/library/", {"who": who})


def confirmed(desk: Client, person: Person, **said: str) -> tuple[Any, dict[str, str]]:
    """Fill the form in; give the confirming page and what its button sends."""
    page = desk.post(f"/library/{person.pk}/", {"photo_id": "on", **said})
    return page, hidden(page)


def leave(person: Person, *, on: date = date(2026, 9, 1)) -> None:
    Enrolment.objects.filter(person=person).update(status="withdrawn", status_date=on)


def record(desk: Client, person: Person, sent: dict[str, str]) -> Any:
    return desk.post(f"/library/{person.pk}/record/", sent)


def test_find_look_confirm_record(desk: Client, cem: Person) -> None:
    found = find(desk, "sondermann c")
    look = desk.get(found.headers["Location"])
    page, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    done = desk.get(record(desk, cem, sent).headers["Location"])

    assert found.headers["Location"] == f"/library/{cem.pk}/"
    assert "Hand out a card" in text(look)
    assert "Cem Sondermann" in text(page)
    assert NUMBER in text(page)
    assert "€10.00 received" in text(page)
    assert "Recorded" in text(done)
    assert "311…2827" in text(done)
    assert "recorded by Mirjam Okonkwo" in text(done)
    assert NUMBER not in text(done)
    assert owed(cem.pk) == 0


def test_recorded_is_said_once_and_by_no_address(desk: Client, cem: Person) -> None:
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    path = f"/library/{cem.pk}/"
    claimed = text(desk.get(f"{path}?recorded=1"))
    record(desk, cem, sent)

    pages = [text(desk.get(path)), text(desk.get(path))]

    said = "The student sees it at once"
    assert [said in page for page in (claimed, *pages)] == [False, True, False]


def test_a_chosen_name_can_be_compared_with_the_photo_id(desk: Client) -> None:
    kim = a_first_year(given_names="Karl", chosen_name="Kim", family_name="Ohlsen")

    found = find(desk, "karl ohlsen")
    look = text(desk.get(found.headers["Location"]))
    page, _ = confirmed(desk, kim, card_number=NUMBER, deposit="paid")

    for said in (look, text(page)):
        assert "Kim Ohlsen" in said
        assert "Name on the ID Karl Ohlsen" in said


def test_a_list_says_whose_other_name_was_typed(desk: Client, cem: Person) -> None:
    for family_name in ("Ohlsen", "Ohlsson"):
        a_first_year(given_names="Karl", chosen_name="Kim", family_name=family_name)

    by_the_id = text(find(desk, "karl ohls"))
    by_the_chosen = text(find(desk, "kim ohls"))
    look, _ = confirmed(desk, cem, card_number=NUMBER, deposit="paid")

    assert "Kim Ohlsen Name on the ID: Karl Ohlsen" in by_the_id
    assert "Karl" not in by_the_chosen
    assert "Name on the ID" not in text(look)


def test_a_doubled_click_records_once(desk: Client, cem: Person) -> None:
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")

    answers = [record(desk, cem, sent).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert given().count() == Receipt.objects.count() == 1


def test_the_second_desk_is_told_who_was_first(
    desk: Client, cem: Person, act: Acting
) -> None:
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    hand_out(act=act(cem), number=a_number(1), how=Settlement.OPEN)

    answer = record(desk, cem, sent)

    assert answer.status_code == 409
    assert "A card was recorded on 15 September 2026" in text(answer)
    assert "Settle the deposit" in text(answer)
    assert not Receipt.objects.exists()


def test_a_card_of_somebody_else_names_nobody(
    desk: Client, cem: Person, act: Acting
) -> None:
    other = a_first_year(given_names="Noor", family_name="Ohlsen")
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    hand_out(act=act(other), number=NUMBER, how=Settlement.OPEN)

    answer = record(desk, cem, sent)
    again, _ = confirmed(desk, cem, card_number=NUMBER, deposit="paid")

    assert answer.status_code == 409
    # Whoever tries it once more is told before anything is confirmed.
    assert again.status_code == 422
    assert "already with another person" in text(again)
    assert "Is this right?" not in text(again)
    assert "already with another person" in text(answer)
    assert "Ohlsen" not in text(answer)


def test_a_card_put_aside_is_refused_before_it_is_confirmed(
    desk: Client, cem: Person, act: Acting
) -> None:
    other = a_first_year()
    hand_out(act=act(other), number=NUMBER, how=Settlement.OPEN)
    report(act=act(other), to=Spot.DEFECTIVE, reason=Why.DAMAGED)
    before = Card.objects.count()

    page, _ = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    fresh, _ = confirmed(desk, cem, card_number=a_number(1), deposit="paid")

    assert page.status_code == 422
    assert "This card is recorded as: defective" in text(page)
    assert "Is this right?" in text(fresh)
    assert Card.objects.count() == before


def test_an_open_deposit_is_settled_with_a_confirmation(
    desk: Client, cem: Person
) -> None:
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="open")
    record(desk, cem, sent)
    page, sent = confirmed(desk, cem, deposit="waived", reason="hardship")
    record(desk, cem, sent)

    assert "waived: Hardship" in text(page)
    assert LedgerEntry.objects.get(kind="deposit_waiver").reason == "hardship"
    assert "Continue" not in text(desk.get(f"/library/{cem.pk}/"))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"card_number": "", "deposit": "paid"}, "Scan or type the number"),
        ({"card_number": "3100001", "deposit": "paid"}, "matriculation number"),
        ({"card_number": "0018163947", "deposit": "paid"}, "begins with 311"),
        ({"card_number": NUMBER}, "Say what becomes of the deposit"),
        ({"card_number": NUMBER, "deposit": "waived"}, "Choose why"),
        ({"card_number": NUMBER, "deposit": "later"}, "not one of the available"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    desk: Client, cem: Person, said: dict[str, str], complaint: str
) -> None:
    page, _ = confirmed(desk, cem, **said)

    assert page.status_code == 422
    assert complaint in text(page)
    assert not given().exists()


def test_a_doubtful_number_is_asked_about_once_more(desk: Client, cem: Person) -> None:
    page, sent = confirmed(desk, cem, card_number="3110372828", deposit="open")

    assert "does not fit the others" in text(page)
    assert record(desk, cem, sent).status_code == 302


def test_nobody_records_for_themselves(slapd: Slapd, mirjam: Person) -> None:
    Person.objects.filter(pk=mirjam.pk).update(kind="student", person_key="P1")
    client = signed_in(slapd, mirjam)

    page = client.get(f"/library/{mirjam.pk}/")
    sent = {"act": str(uuid4()), "card_number": NUMBER, "deposit": "paid"}
    sent["photo_id"] = "on"
    forced = record(client, mirjam, sent)

    assert "This is your own record" in text(page)
    assert "Continue" not in text(page)
    assert forced.status_code == 409
    assert not given().exists()


def test_who_left_gets_no_card_and_is_told_the_way_on(
    desk: Client, cem: Person
) -> None:
    _, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    leave(cem)

    page = desk.get(f"/library/{cem.pk}/")
    forced = record(desk, cem, sent)

    assert "gets no card" in text(page)
    assert "Student administration can say why" in text(page)
    assert "Continue" not in text(page)
    assert "Tutor of group" not in text(page)
    assert forced.status_code == 409
    assert "is not enrolled here on that day" in text(forced)
    assert not given().exists()
    assert not LedgerEntry.objects.exists()


def test_who_left_brings_the_card_back_and_gets_no_other(
    desk: Client, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)
    leave(cem)

    page = text(desk.get(f"/library/{cem.pk}/"))
    with pytest.raises(NotEnrolled):
        replace(act=act(cem), number=a_number(1), to=Spot.DEFECTIVE, reason=Why.DAMAGED)

    assert "Settle the deposit" in page
    assert "Take the card back" in page
    assert "Replace the card" not in page


def test_who_is_enrolled_again_gets_a_card(cem: Person, act: Acting) -> None:
    leave(cem)
    enrolled(cem, degree="M.A.")

    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)

    assert given().count() == 1


def test_until_the_day_of_leaving_somebody_studies_here(
    cem: Person, act: Acting
) -> None:
    leave(cem, on=NOW.date() + timedelta(days=1))

    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)

    assert given().count() == 1


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("mueller", {"Müller", "Mueller"}),
        ("MÜLLER", {"Müller", "Mueller"}),
        ("ann mul", set()),
        ("an mue", {"Müller", "Mueller"}),
        ("å", {"Å"}),
        ("m", set()),
        ("xyz", set()),
        ("kim", {"Müller", "Mueller"}),
        ("' OR 1=1 --", set()),
    ],
)
def test_names_are_found_by_their_search_form(
    desk: Client, who: str, names: set[str]
) -> None:
    for family_name in ("Müller", "Mueller", "Å", "Geheim"):
        a_student(
            given_names="Anna",
            chosen_name="Kim" if family_name != "Å" else "Jo",
            family_name=family_name,
            confidential=family_name == "Geheim",
        )

    page = find(desk, who)
    if page.status_code == 302:
        page = desk.get(page.headers["Location"])

    said = text(page)
    assert {name for name in ("Müller", "Mueller", "Å") if f" {name} " in said} == names
    assert "Geheim" not in said


def test_blocked_disclosure_is_found_by_the_whole_user_name(desk: Client) -> None:
    person = a_student(confidential=True)

    page = desk.get(find(desk, f" {person.account_name.upper()} ").headers["Location"])

    assert "Disclosure is blocked" in text(page)


@pytest.mark.parametrize("more", ["", "record/", "return/"])
def test_blocked_disclosure_is_not_found_by_counting(
    desk: Client, act: Acting, more: str
) -> None:
    person = a_first_year(confidential=True, family_name="Geheim")
    hand_out(act=act(person), number=NUMBER, how=Settlement.OPEN)
    path = f"/library/{person.pk}/{more}"

    before = desk.post(path, {"act": str(uuid4())})
    card = text(desk.get(f"/library/cards/{Card.objects.get().pk}/"))
    find(desk, NUMBER)
    after = desk.post(path, {"act": str(uuid4())})

    assert before.status_code == 404
    assert "A student has it." in card
    assert "Geheim" not in card
    assert person.account_name not in card
    # Recording needs more than an id: it says so as for anybody.
    assert (after.status_code == 404) is (more == "record/")


def test_a_card_number_finds_its_holder(desk: Client, cem: Person, act: Acting) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)

    assert find(desk, NUMBER).headers["Location"] == f"/library/{cem.pk}/"


def test_at_most_twenty_are_shown_with_as_many_queries_as_one(desk: Client) -> None:
    counted = []
    for many in (2, 30):
        for _ in range(many):
            enrolled(a_student(family_name="Viele"))
        find(desk, "viele")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = find(desk, "viele")
        counted.append(len(queries))

    assert page.content.decode().count('<th scope="row">') == 20
    assert "There are more" in text(page)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("path", ["/library/999999/", "/library/999999/record/"])
def test_nobody_there_is_said_so(desk: Client, path: str) -> None:
    assert desk.post(path, {"act": str(uuid4())}).status_code == 404


def test_an_act_without_an_id_is_no_act(desk: Client, cem: Person) -> None:
    sent = {"act": "1", "card_number": NUMBER, "deposit": "paid"}

    assert record(desk, cem, sent).status_code == 404
    assert not given().exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_birth_date_or_address_on_any_page(
    desk: Client, cem: Person, language: str
) -> None:
    Person.objects.filter(pk=cem.pk).update(
        birth_date="1999-03-07", private_email="private@mail.example"
    )
    desk.cookies[portal.LANGUAGE_COOKIE_NAME] = language
    page, sent = confirmed(desk, cem, card_number=NUMBER, deposit="paid")
    done = desk.get(record(desk, cem, sent).headers["Location"])

    for one in (page, done, desk.get("/library/")):
        said = one.content.decode()
        assert one.status_code == 200
        for value in ("1999", "0703", "private@", cem.matriculation_no):
            assert value not in said
