"""New passwords: what is refused, what is fine, and what is said about it."""

import random
import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.signin.credentials import make_initial_password, printed
from accounts.signin.policy import Rule, Weakness, rules, weaknesses

GOOD = [
    "correct horse battery staple",
    "drei Birnen im Fahrradkorb",
    "Tr0ub4dor&3-Gans",
    "vN7#pQ!z9Lw2",
    "Regen auf dem Dach 2026",
    "x^2+y^2=r^2 Kreis",
    "kaffee:tasse:mond",
    "-.-. --- .-. .-. kurz",
]


@pytest.fixture(autouse=True)
def _university(settings: Settings) -> None:
    settings.PASSWORD_LEAST = 12
    settings.PASSWORD_MOST = 128
    settings.PASSWORD_ASCII_ONLY = True
    settings.PASSWORD_BLOCKLIST_FILE = ""
    settings.PASSWORD_LOCAL_WORDS = ["leuphana", "lüneburg"]
    settings.INITIAL_PASSWORDS_FROM = "portal"


def judged(
    password: str,
    *,
    account_name: str = "lg1260006",
    names: tuple[str, ...] = ("Jörg Ali", "Großmann-Łuczak"),
    initial: str | None = "7KMX-4TQP-H2WN",
) -> tuple[Weakness, ...]:
    return weaknesses(
        password=password, account_name=account_name, names=names, initial=initial
    )


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_has_no_weakness(password: str) -> None:
    assert judged(password) == ()


# --- Length and characters -----------------------------------------------------------


def test_length_is_counted_in_characters_from_12_to_128() -> None:
    long = "".join(random.Random(1).choices(string.ascii_letters, k=128))

    assert judged("vN7#pQ!z9Lw") == (Weakness.TOO_SHORT,)
    assert judged("vN7#pQ!z9Lw2") == ()
    assert judged(long) == ()
    assert judged(long + "x") == (Weakness.TOO_LONG,)
    assert judged("") == (Weakness.TOO_SHORT,)


def test_the_lengths_are_settings(settings: Settings) -> None:
    settings.PASSWORD_LEAST = 15

    assert judged("vN7#pQ!z9Lw2") == (Weakness.TOO_SHORT,)
    assert Weakness.TOO_SHORT.sentence().startswith("Use at least 15 characters")


def test_no_more_bytes_than_the_directory_takes(settings: Settings) -> None:
    settings.PASSWORD_ASCII_ONLY = False

    assert judged("äöü€" * 29) == (Weakness.TOO_LONG,)


@pytest.mark.parametrize(
    "password",
    [
        "drei Bäume im Wind",
        "drei\u00a0Birnen im Korb",
        "drei Birnen\x00 im Korb",
        "€" * 9,
    ],
    ids=ascii,
)
def test_letters_that_break_wifi_are_refused_with_the_reason(password: str) -> None:
    assert Weakness.FOREIGN_LETTERS in judged(password)
    assert "Wi-Fi" in Weakness.FOREIGN_LETTERS.sentence()


def test_other_letters_are_fine_where_no_system_minds(settings: Settings) -> None:
    settings.PASSWORD_ASCII_ONLY = False

    assert judged("drei Bäume im Wind") == ()
    assert judged("drei Ba\u0308ume im Wind") == ()
    assert judged("drei Birnen\u200b im Korb") == (Weakness.UNUSABLE,)
    assert judged("drei Birnen\x00 im Korb") == (Weakness.UNUSABLE,)


@pytest.mark.parametrize("password", [" drei Birnen im Korb", "drei Birnen im Korb "])
def test_a_space_at_either_end_is_refused(password: str) -> None:
    assert judged(password) == (Weakness.OUTER_BLANK,)


@pytest.mark.parametrize("password", ["{SSHA}drei Birnen", "{crypt}drei Birnen"])
def test_what_a_directory_could_take_for_a_hash_is_refused(password: str) -> None:
    assert judged(password) == (Weakness.SCHEME,)


# --- The person --------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "joerg isst Kuchen",
        "JORG isst Kuchen",
        "j0erg isst Kuchen",
        "Kuchen&Grossmann",
        "Kuchen&Luczak!77",
        "Kuchen&1uczak!77",
    ],
)
def test_own_names_are_refused_in_every_spelling(password: str) -> None:
    assert judged(password) == (Weakness.NAME,)


def test_an_own_name_with_umlauts_is_found_where_umlauts_are_allowed(
    settings: Settings,
) -> None:
    settings.PASSWORD_ASCII_ONLY = False

    assert judged("Jörg isst Kuchen") == (Weakness.NAME,)
    assert judged("Kuchen&Großmann!") == (Weakness.NAME,)


def test_short_names_stand_in_good_passwords_by_chance() -> None:
    assert judged("Qualität kommt".replace("ä", "a"), names=("Ali", "Ö", "")) == ()


def test_a_name_does_not_run_over_a_digit() -> None:
    assert judged("fan9navy Kutter", names=("Anna",)) == ()


@pytest.mark.parametrize("password", ["lg1260006 ist da", "xxLG1260006yy-z"])
def test_the_user_name_is_refused(password: str) -> None:
    assert judged(password) == (Weakness.ACCOUNT,)


@pytest.mark.parametrize("account", ["1ab-cd2", "a_b.lee"])
def test_every_kind_of_user_name_is_found(account: str) -> None:
    assert judged(f"Kuchen {account}!", account_name=account) == (Weakness.ACCOUNT,)


@pytest.mark.parametrize(
    "password", ["Leuphana ist gut", "L3uph4n4 ist gut", "Lueneburg ist gut"]
)
def test_the_university_and_its_town_are_refused(password: str) -> None:
    assert judged(password) == (Weakness.LOCAL_WORD,)


@pytest.mark.parametrize(
    "password",
    [
        "7KMX4TQPH2WN",
        "7kmx-4tqp-h2wn",
        "7KMX 4TQP HZWN",
        "7KMX4TQPH2WN!",
        "a7KMX4TQPH2WN",
    ],
)
def test_the_initial_password_is_refused_however_it_is_written(password: str) -> None:
    assert judged(password) == (Weakness.INITIAL,)


def test_an_initial_password_of_another_system_is_compared_as_a_whole() -> None:
    assert judged("aB3", initial="aB3") == (Weakness.TOO_SHORT, Weakness.INITIAL)
    assert judged("drei aB3 im Korb", initial="aB3") == ()
    assert judged("drei Birnen im Korb", initial="") == ()
    assert judged("drei Birnen im Korb", initial=None) == ()


# --- Habits ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "passwort2026",
        "Passwort2026!",
        "Sunshine!2026",
        "P@ssw0rd2026!",
        "2026-password",
        "kartoffelpuffer",
        "!!butterfly!!!",
    ],
)
def test_common_passwords_are_refused_with_their_trimmings(password: str) -> None:
    assert judged(password) == (Weakness.COMMON,)


def test_an_own_list_is_read_too(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "common.txt"
    own.write_text("Heidschnucke rennt\n\nMoin moin moin\n", encoding="utf-8")
    settings.PASSWORD_BLOCKLIST_FILE = str(own)

    assert judged("heidschnucke rennt") == (Weakness.COMMON,)
    assert Weakness.COMMON in judged("passwort2026")
    assert judged("drei Birnen im Korb") == ()


@pytest.mark.parametrize(
    "password",
    [
        "qwertzuiop<x",
        "QWERTYuiop[]",
        "poiuztrewq-x",
        "asdfghjkl;xy",
        "yxcvbnm,.-gd",
        "1qay2wsx3edc",
        "1qaz2wsx3edc",
        "!@#$%^&*()_+",
    ],
)
def test_walks_over_german_and_english_keyboards_are_refused(password: str) -> None:
    assert Weakness.KEYBOARD in judged(password)
    assert set(judged(password)) <= {Weakness.KEYBOARD, Weakness.COMMON}


@pytest.mark.parametrize("password", ["abcdefghij-x", "98765432109x", "12345678901234"])
def test_series_are_refused(password: str) -> None:
    assert Weakness.SEQUENCE in judged(password)
    assert set(judged(password)) <= {Weakness.SEQUENCE, Weakness.COMMON}


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaa", "HausHausHaus", "ababababab-x", "kuchenkuchen", "xyyxyxxyyxyx"],
)
def test_repetition_is_refused(password: str) -> None:
    assert Weakness.REPETITION in judged(password)
    assert set(judged(password)) <= {Weakness.REPETITION, Weakness.COMMON}


@pytest.mark.parametrize(
    "password",
    [
        "password password",
        "passwort passwort",
        "pa55w0rd pa55w0rd",
        "Passwort Passwort1",
        "monkey123monkey",
        "1234567password",
        "Willkommen2026",
        "Anfangspasswort",
        "initial password",
        "meinpasswort1",
        "neuespasswort",
        "ich liebe dich",
        "LetMeInPlease1",
        "Studium2026!!",
        "Wintersemester2026",
        "asdf jkl asdf jkl",
        "03112003 031120",
    ],
)
def test_what_people_think_of_first_is_refused_however_it_is_joined(
    password: str,
) -> None:
    assert judged(password)


@pytest.mark.parametrize(
    "password",
    [
        "kiesel tanzt barfuss",
        "correct horse battery staple",
        "hund katze maus elefant",
        "monkey tanzt im regen",
    ],
)
def test_words_that_do_not_belong_together_are_good(password: str) -> None:
    assert judged(password) == ()


def test_a_walk_that_is_the_smaller_part_is_fine() -> None:
    assert judged("qwertz und drei Birnen") == ()
    assert judged("Birnen 1234 Korb rot") == ()


def test_habits_together_fill_a_password() -> None:
    assert judged("qwertz4321ab!") == (Weakness.KEYBOARD, Weakness.SEQUENCE)


def test_every_reason_is_given_at_once() -> None:
    assert judged("Joerg ü ") == (
        Weakness.TOO_SHORT,
        Weakness.FOREIGN_LETTERS,
        Weakness.OUTER_BLANK,
        Weakness.NAME,
    )


# --- For all passwords ------------------------------------------------------------


def test_what_a_password_manager_makes_is_hardly_ever_refused() -> None:
    draw = random.Random(20261122)
    signs = string.ascii_letters + string.digits + "!#$%&*+-_=?"
    made = ["".join(draw.choices(signs, k=16)) for _ in range(2000)]

    assert [password for password in made if judged(password)] == []


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_no_text_is_too_odd_to_be_judged(
    password: str, name: str, initial: str
) -> None:
    found = judged(password, names=(name,), initial=initial)

    assert len(set(found)) == len(found)
    if len(password) < 4:
        assert Weakness.TOO_SHORT in found


@given(st.text(min_size=12, max_size=128))
def test_nothing_beyond_ascii_passes(password: str) -> None:
    assert judged(password) or password.isascii()


def test_a_fresh_initial_password_is_never_good_enough_to_stay() -> None:
    for _ in range(50):
        secret = make_initial_password()
        assert Weakness.INITIAL in judged(secret.lower(), initial=printed(secret))


@pytest.mark.parametrize("unit", ["a", "ab", "abcdefgh1", "1qay", "aaab"])
def test_judging_takes_no_time(unit: str) -> None:
    password = (unit * 128)[:127] + "€"
    judged(password)
    begun = time.process_time()
    judged(password)

    assert time.process_time() - begun < 0.1


# --- What is said -----------------------------------------------------------------


@pytest.mark.parametrize("weakness", Weakness)
def test_each_weakness_is_one_sentence(weakness: Weakness) -> None:
    sentence = weakness.sentence()

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_the_rules_stand_up_front_and_say_which_a_browser_can_judge() -> None:
    assert [(rule.key, rule.live) for rule in rules()] == [
        ("length", True),
        ("ascii", True),
        ("account", True),
        ("initial", True),
        ("names", False),
        ("common", False),
    ]
    assert rules()[0].sentence().startswith("Use 12 to 128 characters")
    assert all(isinstance(rule, Rule) and rule.sentence() for rule in rules())


def test_no_rule_is_told_that_is_not_in_force(settings: Settings) -> None:
    settings.PASSWORD_ASCII_ONLY = False

    assert "ascii" not in [rule.key for rule in rules()]
