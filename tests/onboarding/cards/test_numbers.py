"""Card numbers, as they are typed and scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from onboarding.cards.numbers import (
    Check,
    NumberRefused,
    Rule,
    check_digit,
    masked,
    read,
)

WARN = Rule(prefix="311", lengths=(10, 11), check=Check.WARN)
ENFORCE = Rule(prefix="311", lengths=(10, 11), check=Check.ENFORCE)
OFF = Rule(prefix="311", lengths=(10, 11), check=Check.OFF)
bodies = some.integers(0, 10**7 - 1).flatmap(
    lambda n: some.sampled_from([f"311{n % 10**6:06}", f"311{n:07}"])
)


@pytest.mark.parametrize(
    "number", ["3110372827", "00181639475", "08300173390", "8362432"]
)
def test_public_examples_fit_their_check_digit(number: str) -> None:
    assert check_digit(number[:-1]) == number[-1]


@given(bodies)
def test_a_number_with_its_check_digit_is_taken_whatever_stands_between(
    body: str,
) -> None:
    number = body + check_digit(body)
    typed = f" {number[:4]}-{number[4:8]} {number[8:].lower()}\n"

    assert read(typed, rule=ENFORCE).number == number
    assert not read(number, rule=WARN).doubtful


@given(bodies, some.data())
def test_a_single_wrong_digit_is_always_seen(body: str, data: some.DataObject) -> None:
    number = body + check_digit(body)
    place = data.draw(some.integers(3, len(body) - 1))
    other = data.draw(some.sampled_from("0123456789".replace(number[place], "")))
    slip = number[:place] + other + number[place + 1 :]

    assert read(slip, rule=WARN).doubtful
    assert not read(slip, rule=OFF).doubtful
    with pytest.raises(NumberRefused):
        read(slip, rule=ENFORCE)


@given(bodies, some.data())
def test_two_digits_that_changed_places_are_always_seen(
    body: str, data: some.DataObject
) -> None:
    number = body + check_digit(body)
    place = data.draw(some.integers(3, len(body) - 2))
    a, b = number[place], number[place + 1]
    slip = number[:place] + b + a + number[place + 2 :]

    assert read(slip, rule=WARN).doubtful == (a != b)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3100123", "matriculation number"),
        ("12345", "matriculation number"),
        ("0018163947", "begins with 311"),
        ("311037282", "10 or 11 digits"),
        ("311037282701", "10 or 11 digits"),
        ("", "digits only"),
        ("311O372827", "digits only"),
        ("31103X2827", "digits only"),
        ("３１１０３７２８２７", "digits only"),
    ],
)
def test_what_is_no_card_number_is_said_so(typed: str, said: str) -> None:
    with pytest.raises(NumberRefused, match=said):
        read(typed, rule=WARN)


@given(some.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        number = read(typed, rule=WARN).number
    except NumberRefused:
        pass
    else:
        assert number.startswith("311")
        assert number.isascii()


def test_others_see_both_ends_only() -> None:
    assert masked("3110372827") == "311…2827"
    assert masked("") == ""
