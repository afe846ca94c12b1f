"""What people really type, and what is understood of it."""

import itertools
import random
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.signin.credentials import (
    ALPHABET,
    InitialPassword,
    Slip,
    UnusablePassword,
    bare_symbols,
    canonical_account,
    check_symbol,
    make_initial_password,
    opaque,
    printed,
    read_initial_password,
)

SECRETS = st.text(ALPHABET, min_size=11, max_size=11).map(
    lambda body: body + check_symbol(body)
)
BLANKS_AND_DASHES = " \t\u00a0\u2009\u200b-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
LOOK_ALIKES = {
    "0": "0Oo",
    "1": "1IiLl",
    "2": "2Zz",
    "5": "5Ss",
    "8": "8Bb",
    "V": "VvUu",
}


@pytest.fixture(autouse=True)
def _university(settings: Settings) -> None:
    settings.MAIL_DOMAIN = "stud.leuphana.example"
    settings.ACCOUNT_NAME_PATTERN = r"lg\d{4,9}|[0-9a-z]{3}-[0-9a-z]{3}"
    settings.INITIAL_PASSWORDS_FROM = "portal"


# --- Account names ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("lg1260006", "lg1260006"),
        (" LG1260006 ", "lg1260006"),
        ("Lg 126 0006\n", "lg1260006"),
        ("ｌｇ１２６０００６", "lg1260006"),
        ("lg\u200b1260006\ufeff", "lg1260006"),
        ("\u202alg1260006\u202c", "lg1260006"),
        ("lg\u00ad1260006", "lg1260006"),
        ("lg\u00a01260006", "lg1260006"),
        ("lg1260006@stud.leuphana.example", "lg1260006"),
        ("LG1260006@Leuphana.Example", "lg1260006"),
        ("lg1260006 @ stud.leuphana.example", "lg1260006"),
        ("1AB-CD2", "1ab-cd2"),
        ("1ab\u2011cd2", "1ab-cd2"),
        ("1ab – cd2", "1ab-cd2"),
        ("a.lee", "a.lee"),
        ("A.Lee@leuphana.example", "a.lee"),
    ],
    ids=ascii,
)
def test_account_names_are_understood_as_people_type_them(
    typed: str, account: str
) -> None:
    assert canonical_account(typed) == account


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "@",
        "@stud.leuphana.example",
        "lg1260006@",
        "lg1260006@example",
        "lg1260006@.example",
        "lg1260006@mail.example",
        "lg1260006@evil-leuphana.example",
        "lg1260006@sub.stud.leuphana.example",
        "lg1260006@stud.leuphana.example@mail.example",
        "lg12600\u0000",
        "lg1260006\x00",
        "lg126\n0006",
        "lg126\t0006",
        "lg126\x1b0006",
        "lg١٢٣٤٥٦",
        "lg१२३४५६",
        "ʟg1260006",
        "lg1260006)(uid=*",
        "*",
        "uid=lg1260006,ou=people",
        "1260006",
        "müller",
        "\ud800lg1260006",
        "ı.lee",
        "a" * 33,
        "lg" + "1" * 10_000,
        None,
        b"lg1260006",
        ["lg1260006"],
        {"lg1260006": 1},
        1260006,
    ],
    ids=lambda typed: ascii(typed)[:40],
)
def test_what_can_be_no_account_name_is_none(typed: object) -> None:
    assert canonical_account(typed) is None


@given(st.text("aLg01１²K\u212aﬁı \u200b.-–_@\x00", max_size=12) | st.text(max_size=60))
@example("K\u212a.lee")
@example("ﬁ.lee")
def test_an_account_name_is_plain_and_stands_for_itself(typed: str) -> None:
    account = canonical_account(typed)

    if account is not None:
        assert re.fullmatch(r"[a-z0-9._-]{2,32}", account)
        assert canonical_account(account) == account


@given(
    st.from_regex(r"lg[0-9]{4,9}|[0-9a-z]{3}-[0-9a-z]{3}", fullmatch=True),
    st.sampled_from(["", "@leuphana.example", "@STUD.leuphana.example"]),
    st.text(" \u00a0\u200b\ufeff\u2060", max_size=4),
    st.integers(0, 20),
)
def test_spellings_of_one_account_share_one_throttle(
    account: str, mail: str, unseen: str, place: int
) -> None:
    at = min(place, len(account))
    typed = account[:at].upper() + unseen + account[at:] + mail

    assert canonical_account(typed) == account


# --- Initial passwords: making -----------------------------------------------------


def test_the_alphabet_has_29_symbols_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert not set("BILOSUZ") & set(ALPHABET)


def test_initial_passwords_use_every_symbol_alike_and_are_never_the_same() -> None:
    made = [make_initial_password() for _ in range(5800)]
    seen = Counter("".join(secret[:11] for secret in made))

    assert len(set(made)) == len(made)
    assert all(len(secret) == 12 for secret in made)
    assert set(seen) == set(ALPHABET)
    # 2,200 of each are expected; ten standard deviations on either side.
    assert all(1740 < count < 2660 for count in seen.values())


def test_an_initial_password_is_printed_in_three_groups() -> None:
    assert printed("7KMX4TQPHAWN") == "7KMX-4TQP-HAWN"


def test_the_check_symbol_is_the_sum_of_value_times_position() -> None:
    # 1 has value 1, A has value 10: 1·1 + 10·11 = 111, and 111 mod 29 = 24, which is T.
    assert check_symbol("1000000000A") == ALPHABET[24] == "T"


# --- Initial passwords: what the check finds ------------------------------------------


@given(SECRETS)
def test_every_single_wrong_symbol_is_found(secret: str) -> None:
    for place, right in enumerate(secret):
        for wrong in set(ALPHABET) - {right}:
            typed = secret[:place] + wrong + secret[place + 1 :]
            assert read_initial_password(typed) is Slip.MISREAD


@given(SECRETS)
def test_every_swap_of_two_different_symbols_is_found(secret: str) -> None:
    for one, other in itertools.combinations(range(12), 2):
        assert_swap_is_found(secret, one, other)


def test_the_check_symbol_never_slips_through_a_swap() -> None:
    # All pairs of symbols at all pairs of places; the rest is drawn at random.
    draw = random.Random(29)
    for one, other in itertools.combinations(range(12), 2):
        for first, second in itertools.permutations(ALPHABET, 2):
            secret = secret_with({one: first, other: second}, draw)
            assert_swap_is_found(secret, one, other)


@given(SECRETS, st.sampled_from(ALPHABET), st.integers(0, 12))
def test_one_symbol_too_many_is_found(secret: str, symbol: str, place: int) -> None:
    typed = secret[:place] + symbol + secret[place:]

    assert read_initial_password(typed) is Slip.TOO_LONG


@given(SECRETS, st.integers(0, 11))
def test_one_symbol_missing_is_found(secret: str, place: int) -> None:
    typed = secret[:place] + secret[place + 1 :]

    assert read_initial_password(typed) is Slip.TOO_SHORT


def test_two_wrong_symbols_pass_once_in_29_times() -> None:
    secret = "0" * 12
    passed = [
        typed
        for first, second in itertools.product(ALPHABET[1:], repeat=2)
        if read_initial_password(typed := f"{first}{second}0000000000")
        == InitialPassword(typed)
    ]

    assert read_initial_password(secret) == InitialPassword(secret)
    # For each of 28 first symbols exactly one second symbol makes up for it.
    assert len(passed) == 28


def assert_swap_is_found(secret: str, one: int, other: int) -> None:
    symbols = list(secret)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    swapped = "".join(symbols)
    found = read_initial_password(swapped) is Slip.MISREAD
    assert found == (secret[one] != secret[other]), (secret, swapped)


def secret_with(wanted: dict[int, str], draw: random.Random) -> str:
    """Give a right initial password that has the wanted symbols at their places."""
    while True:
        body = [draw.choice(ALPHABET) for _ in range(11)]
        for place, symbol in wanted.items():
            if place < 11:
                body[place] = symbol
        check = check_symbol("".join(body))
        if wanted.get(11, check) == check:
            return "".join(body) + check


# --- Initial passwords: reading ---------------------------------------------------


@given(SECRETS, st.data())
def test_an_initial_password_is_read_however_it_is_typed(
    secret: str, data: st.DataObject
) -> None:
    typed = "".join(
        data.draw(st.sampled_from(LOOK_ALIKES.get(symbol, symbol + symbol.lower())))
        + data.draw(st.text(BLANKS_AND_DASHES, max_size=2))
        for symbol in secret
    )

    assert read_initial_password(typed) == InitialPassword(secret)
    assert bare_symbols(typed) == secret


@given(SECRETS)
def test_the_printed_form_is_read(secret: str) -> None:
    assert read_initial_password(printed(secret)) == InitialPassword(secret)
    assert read_initial_password(f"\n{printed(secret)}\r\n") == InitialPassword(secret)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "kurz",
        "!7KMX4TQPHWN",
        "Sonne, Mond und Sterne",
        "7KMX4TQPH2",
        "7KMX4TQPH2WN00",
        "päßwörter-x2",
        "7KMX\x004TQPH2W",
    ],
    ids=ascii,
)
def test_what_is_no_slip_in_a_letter_is_taken_as_typed(typed: str) -> None:
    assert read_initial_password(f"  {typed} \n") == InitialPassword(typed)


@given(SECRETS)
def test_passwords_of_another_system_are_taken_as_typed(secret: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.INITIAL_PASSWORDS_FROM", "elsewhere")

        assert read_initial_password(f" {printed(secret).lower()} ") == (
            InitialPassword(printed(secret).lower())
        )
        assert read_initial_password("0" * 11) == InitialPassword("0" * 11)


def test_an_initial_password_does_not_show_in_a_traceback() -> None:
    assert "7KMX" not in repr(InitialPassword("7KMX4TQPH2WN"))


@pytest.mark.parametrize("slip", Slip)
def test_a_slip_is_told_in_a_sentence(slip: Slip) -> None:
    assert slip.sentence().endswith(".")


# --- The one form of a password --------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("correct horse", "correct horse"),
        ("Gru\u0308n", "Grün"),
        ("a\u00a0b\u3000c", "a b c"),
        (" a ", " a "),
        ("Ｗide", "Ｗide"),
        ("\ufb01ne", "\ufb01ne"),
        ("ẞ", "ẞ"),
        ("😀", "😀"),
        ("\u1100\u1161", "가"),
        ("{SSHA}x", "{SSHA}x"),
    ],
    ids=ascii,
)
def test_a_password_reaches_the_directory_in_one_form(typed: str, kept: str) -> None:
    assert opaque(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a\x00b",
        "a\nb",
        "a\tb",
        "a\x7fb",
        "a\u0085b",
        "a\u00adb",
        "a\u200db",
        "a\ufeffb",
        "a\u2028b",
        "a\ufe0fb",
        "a\u034fb",
        "a\u3164b",
        "a\U000e0041b",
        "a\u0378b",
        "a\ue000b",
        "a\ud800b",
        "a\uffffb",
        "a\u1100b",
    ],
    ids=ascii,
)
def test_a_password_with_what_nobody_sees_is_refused(typed: str) -> None:
    with pytest.raises(UnusablePassword, match=r"\.$"):
        opaque(typed)


@given(st.text(min_size=1, max_size=40))
def test_one_form_is_final_and_never_half_refused(typed: str) -> None:
    try:
        kept = opaque(typed)
    except UnusablePassword:
        return

    assert opaque(kept) == kept
    assert opaque(unicodedata.normalize("NFD", typed)) == kept
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode()


@given(st.text("".join(map(chr, range(0x20, 0x7F))), min_size=1))
def test_printable_ascii_is_kept_as_it_is(typed: str) -> None:
    assert opaque(typed) == typed
