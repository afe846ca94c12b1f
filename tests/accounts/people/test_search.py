"""Students are found by their names in any spelling; nobody else is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from accounts.people import search
from accounts.people.models import NameWord, NearWord, Person, PersonWord
from accounts.people.register import enter, near, words_of
from accounts.people.search import Fit, _one_apart, find_students, spellings
from tests.cast import a_colleague, a_student

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


def names(typed: str) -> list[str]:
    return [str(one) for one in find_students(typed).people]


@pytest.fixture
def everybody() -> None:
    for given_names, family_name, chosen in (
        ("René", "Müller", ""),
        ("Anna Lena", "Müller-Lüdenscheidt", ""),
        ("Łucja", "Šťastný", "Lu"),
        ("", "Å", ""),
        ("Jonas", "O’Neill", ""),
    ):
        a_student(given_names=given_names, family_name=family_name, chosen_name=chosen)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mueller", ["Anna Lena Müller-Lüdenscheidt", "René Müller"]),
        ("MULLER", ["Anna Lena Müller-Lüdenscheidt", "René Müller"]),
        ("Müller René", ["René Müller"]),
        ("rene mueller", ["René Müller"]),
        ("lena mue", ["Anna Lena Müller-Lüdenscheidt"]),
        ("ludenscheidt", ["Anna Lena Müller-Lüdenscheidt"]),
        ("Lucja", ["Lu Šťastný"]),
        ("lu stastny", ["Lu Šťastný"]),
        ("Å", ["Å"]),
        ("oneill", ["Jonas O’Neill"]),
        ("O'Neill", ["Jonas O’Neill"]),
        ("onelil", ["Jonas O’Neill"]),
        ("m", []),
        ("zzz", []),
        ("", []),
        ("–", []),
    ],
)
def test_any_spelling_finds(everybody: None, typed: str, found: list[str]) -> None:
    assert names(typed) == found


@pytest.mark.parametrize(
    "typed", ["Muelller", "Muelle", "Muellar", "Mueleler", "uMeller", "Sastny", "xLena"]
)
def test_one_letter_may_be_wrong(everybody: None, typed: str) -> None:
    hits = find_students(typed)

    assert hits.people
    assert hits.fit in {Fit.ONE_LETTER_WRONG, Fit.BEGINS}


def test_two_wrong_letters_are_another_name(everybody: None) -> None:
    assert names("Mxxller") == []


def test_whole_words_come_before_beginnings_and_slips() -> None:
    a_student(given_names="Kim", family_name="Lange")
    a_student(given_names="Kim", family_name="Langen")

    assert names("lange") == ["Kim Lange"]
    assert names("lang") == ["Kim Lange", "Kim Langen"]


def test_names_are_listed_as_din_5007_2_has_it() -> None:
    for family_name in ("Oster", "Özkan", "Oezdemir", "Ofen"):
        a_student(given_names="Cem", family_name=family_name)

    assert names("cem") == ["Cem Oezdemir", "Cem Özkan", "Cem Ofen", "Cem Oster"]


def test_the_first_twenty_are_shown_and_that_there_are_more() -> None:
    for number in range(25):
        a_student(given_names="Cem", family_name=f"Aa{chr(122 - number)}")

    hits = find_students("cem")

    assert hits.more
    assert [one.family_name for one in hits.people[:2]] == ["Aab", "Aac"]
    assert len(hits.people) == 20


@pytest.mark.parametrize(
    "typed",
    [
        *("mueller", "rene", "rene mueller", "mueller rene", "lena mue", "mue lena"),
        *("lu st", "l s", "an len mue", "muelelr rene", "anna lena mueler", "zzz mue"),
    ],
)
def test_names_that_many_have_find_the_same_people(
    everybody: None, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    a_student(given_names="Rene", family_name="Lenz", chosen_name="Muena")
    among_few = find_students(typed)

    monkeypatch.setattr(search, "FEW", 0)

    assert find_students(typed) == among_few


def test_among_many_a_page_of_family_and_given_names_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(25):
        a_student(given_names="Cemal", family_name=f"Aal{chr(97 + number)}")
    monkeypatch.setattr(search, "FEW", 10)

    for typed in ("ce aa", "aa ce", "cemal aa", "cemal"):
        hits = find_students(typed)

        assert (len(hits.people), hits.more) == (20, True), typed


def test_blocked_records_are_found_by_the_whole_account_alone() -> None:
    blocked = a_student(given_names="Noor", family_name="Ohlsen", confidential=True)

    assert names("Ohlsen") == []
    assert find_students(blocked.account_name.upper()).people == (blocked,)
    assert not NameWord.objects.filter(word="OHLSEN").exists()


def test_staff_stand_in_no_register() -> None:
    colleague = a_colleague(family_name="Okonkwo")

    enter([colleague])

    assert names("Okonkwo") == []


def test_a_new_name_takes_the_old_ones_place() -> None:
    cem = a_student(given_names="Cem", family_name="Sondermann")
    Person.objects.filter(pk=cem.pk).update(family_name="Freytag", chosen_name="Ada")
    cem.refresh_from_db()

    enter([cem])
    enter([cem])

    assert names("Sondermann") == []
    assert names("freytag ada") == names("cem freytag") == ["Ada Freytag"]
    assert PersonWord.objects.filter(person=cem).count() == 3


def test_whoever_is_blocked_later_leaves_the_register() -> None:
    cem = a_student()
    cem.confidential = True

    enter([cem])

    assert not PersonWord.objects.filter(person=cem).exists()


def test_the_number_of_questions_does_not_grow() -> None:
    def asked(typed: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            find_students(typed)
        return len(questions)

    a_student(given_names="Cem", family_name="Sondermann")
    before = asked("sondermann cem")
    for _ in range(30):
        a_student(given_names="Cem", family_name="Sondermann")

    assert asked("sondermann cem") == before


letters = some.text("ABCDE", min_size=4, max_size=9)


@given(letters, some.data())
def test_every_single_slip_is_seen(word: str, data: some.DataObject) -> None:
    at = data.draw(some.integers(0, len(word) - 1))
    letter = data.draw(some.sampled_from("ABCXYZ"))
    slips = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    ]

    for slip in slips:
        assert _one_apart(word, slip)
        assert _one_apart(slip, word)
        assert {slip, *near(slip)} & {word, *near(word)}


def test_near_words_are_kept_once(everybody: None) -> None:
    a_student(given_names="Erna", family_name="Müller")

    assert NearWord.objects.filter(near="MUELER").count() == 1
    assert words_of(Person(given_names="Å", family_name="")) == {"AA"}


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ("REED", ["REED"]),
        ("MULLER", ["MULLER", "MUELLER"]),
        ("MUELLER", ["MUELLER"]),
        ("BACHOFO", ["BACHOFO", "BACHOFOE", "BACHOEFO", "BACHOEFOE"]),
    ],
)
def test_a_word_may_have_marks_that_nobody_typed(typed: str, alike: list[str]) -> None:
    assert set(alike) <= set(spellings(typed))
    assert len(spellings(typed)) <= 8
