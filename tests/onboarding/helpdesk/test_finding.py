"""Whoever stands at the counter is found by what they have in hand."""

from uuid import uuid4

import pytest

from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.signin.models import RecoveryAddress
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.models import Spot, Why
from onboarding.cards.returns import report
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.helpdesk.finding import Key, find, lines
from tests.cast import NOW, a_colleague, a_student, enrolled
from tests.onboarding.cards.conftest import a_number

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


@pytest.fixture
def greta() -> Person:
    person = a_student(
        account_name="lg1250077",
        matriculation_no="3050077",
        given_names="Margarethe Ilse",
        family_name="Müller-Großkopf",
        chosen_name="Greta",
    )
    MailAddress.objects.create(
        person=person, address="greta@stud.leuphana.example", chosen_at=NOW
    )
    MailAddress.objects.create(
        person=person,
        address="margarethe@stud.leuphana.example",
        chosen_at=NOW,
        retired_at=NOW,
    )
    RecoveryAddress.objects.create(
        person=person, address="Greta@mail.example", proved_at=NOW
    )
    return person


def a_card(person: Person, serial: int = 37282) -> str:
    by = a_colleague()
    number = a_number(serial)
    act = Act(id=uuid4(), person=person, by=by, at=NOW)
    hand_out(act=act, number=number, how=Settlement.OPEN)
    return number


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("lg1250077", Key.ACCOUNT),
        (" LG1250077 ", Key.ACCOUNT),
        ("lg 1250077", Key.ACCOUNT),
        ("lg1250077@stud.leuphana.example", Key.ACCOUNT),
        ("1250077", Key.ACCOUNT),
        ("3050077", Key.MATRICULATION),
        ("305 00 77", Key.MATRICULATION),
        ("greta@stud.leuphana.example", Key.ADDRESS),
        ("Margarethe@stud.leuphana.example", Key.ADDRESS),
        ("greta@mail.example", Key.ADDRESS),
        ("mueller grosskopf", Key.NAME),
        ("MULLER-GROSSKOPF", Key.NAME),
        ("Greta Müller", Key.NAME),
        ("müller margarethe", Key.NAME),
        ("Margarete Müller", Key.NAME),
        ("grosskpof", Key.NAME),
    ],
)
def test_one_field_takes_everything(greta: Person, typed: str, key: Key) -> None:
    found = find(typed, lead=False)

    assert (found.people, found.by) == ((greta,), key)


def test_a_slip_of_one_letter_is_said_to_be_one(greta: Person) -> None:
    assert find("grosskpof", lead=False).nearly
    assert not find("grosskopf", lead=False).nearly


def test_marks_that_nobody_typed_are_no_slip_and_hide_nobody(greta: Person) -> None:
    muller = a_student(given_names="Ada", family_name="Muller")

    found = find("MULLER", lead=False)

    assert found.people == (greta, muller)
    assert not found.nearly


def test_a_card_names_who_has_it_and_a_lost_one_who_had_it(greta: Person) -> None:
    enrolled(greta)
    number = a_card(greta)
    act = Act(id=uuid4(), person=greta, by=a_colleague(), at=NOW)
    held = find(f"{number[:5]} {number[5:]}", lead=False)
    report(act=act, to=Spot.LOST, reason=Why.LOST)

    assert (held.people, held.by) == ((greta,), Key.CARD)
    assert find(number, lead=False).people == (greta,)


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "lg404404", "9", "a@b", "3110"])
def test_nobody_is_nobody(greta: Person, typed: str) -> None:
    assert find(typed, lead=True).people == ()


def test_names_stand_in_the_order_of_a_list_of_names_and_are_at_most_20() -> None:
    for name in ("Mütze", "Mutze", "Muetze", "Mutz"):
        a_student(given_names="Kim", family_name=name)
    for _ in range(25):
        a_student(given_names="Kim", family_name="Zander")

    mutz = find("kim mu", lead=False)
    many = find("kim", lead=False)

    assert [one.family_name for one in mutz.people] == [
        "Muetze",
        "Mütze",
        "Mutz",
        "Mutze",
    ]
    assert (len(many.people), many.more) == (20, True)


def test_who_is_blocked_is_found_by_a_whole_key_and_the_lead_alone() -> None:
    blocked = a_student(
        family_name="Verborgen", confidential=True, account_name="lg1250099"
    )

    def seen(*, lead: bool) -> list[tuple[Person, ...]]:
        keys = ("lg1250099", blocked.matriculation_no, "1250099", "verborgen")
        return [find(one, lead=lead).people for one in keys]

    assert seen(lead=False) == [(), (), (), ()]
    assert seen(lead=True) == [(blocked,), (blocked,), (blocked,), ()]


def test_a_colleague_is_no_hit_but_said_to_be_one() -> None:
    a_colleague(account_name="mueller")
    mueller = a_student(family_name="Müller")

    assert find("mueller", lead=True).people == (mueller,)
    a_colleague(account_name="freytag")
    found = find("freytag", lead=True)
    assert (found.people, found.of_staff) == ((), True)


def test_namesakes_are_told_apart_by_programme_group_and_number(greta: Person) -> None:
    twin = a_student(given_names="Greta", family_name="Müller-Großkopf")
    enrolled(greta, degree="B.A.", programme="Kulturwissenschaften")
    enrolled(twin)
    group = TutorGroup.objects.create(number=7)
    GroupPlace.objects.create(person=twin, group=group)

    told = {one.person: one for one in lines(find("greta müller", lead=False).people)}

    assert told[greta].programmes == ("B.A. Kulturwissenschaften",)
    assert (told[greta].group, told[greta].matriculation_tail) == (None, "…077")
    assert told[twin].programmes == ("B.Sc. Umweltwissenschaften",)
    assert told[twin].group == 7
