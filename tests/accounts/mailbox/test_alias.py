"""The alias rule, on examples and on whatever names there are."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.mailbox.alias import (
    LONGEST,
    LONGEST_NUMBER,
    RESERVED,
    SUGGESTIONS,
    Names,
    fits,
    suggestions,
    well_formed,
)
from accounts.people.characters import TYPE_A


def nobody(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (Names("Cem", "Sondermann"), "cem.sondermann"),
        (Names("Jürgen", "Müller-Lüdenscheidt"), "juergen.mueller-luedenscheidt"),
        (Names("Anna Maria", "von der Ölmühle"), "anna.von-der-oelmuehle"),
        (Names("Ömer", "Weiß"), "oemer.weiss"),
        (Names("Nguyễn Thị", "Đặng"), "nguyen.dang"),
        (Names("O’Neill", "D'Arcy"), "oneill.darcy"),
        (Names("", "Suharto"), "suharto"),
        (Names("Suharto", ""), "suharto"),
        (Names("FNU", "Suharto"), "suharto"),
        (Names("Suharto", "N.N."), "suharto"),
        (Names("Dr. Anna", "Berg"), "anna.berg"),
        (Names("Te Āwhina", ""), "te"),
        (Names("Anna", "Berg", "Emil"), "emil.berg"),
        (Names("Anna", "Berg", "Te Āwhina"), "te-awhina.berg"),
        (Names("A", "B"), "a.b"),
        (Names("Info", ""), "info2"),
        (Names("", "Postmaster"), "postmaster2"),
        (Names("A" * 60, "B" * 60), "a" * LONGEST),
        (Names("A" * 57, "Bcd"), f"{'a' * 57}.b"),
        (Names("A" * 58, "Bcd"), "a" * 58),
    ],
)
def test_the_first_suggestion(names: Names, first: str) -> None:
    assert suggestions(names, taken=nobody)[0] == first


def test_an_account_name_is_nobodys_address() -> None:
    assert not well_formed("lg1250001")
    assert suggestions(Names("", "Lg"), taken={"lg"}.__contains__) == []


def test_somebody_elses_address_gets_a_number_without_a_dot() -> None:
    gone = {"cem.sondermann", "cem.sondermann2", "c.sondermann"}

    assert suggestions(Names("Cem", "Sondermann"), taken=gone.__contains__) == [
        "cem.sondermann3",
        "c.sondermann2",
    ]


def test_a_name_without_a_latin_letter_gives_none() -> None:
    assert suggestions(Names("李", "王"), taken=nobody) == []


def test_no_address_fits_somebody_elses_name() -> None:
    cem = Names("Cem", "Sondermann")
    assert fits("cem.sondermann12", cem)
    assert fits("c.sondermann", cem)
    for local in (
        "cem.sondermann.",
        "cem.berg",
        "rektorat",
        "lg12",
        "cem.sondermann-2",
    ):
        assert not fits(local, cem)


LETTERS = st.sampled_from(sorted(TYPE_A))
NAME = st.one_of(
    st.text(max_size=80),
    st.lists(LETTERS, max_size=70).map("".join),
    st.sampled_from(
        ["", "FNU", "N.N.", "Dr.", "Lg", "Postmaster", "-", " ' ", "lg 12"]
    ),
)
NAMES = st.builds(Names, NAME, NAME, NAME)


@given(names=NAMES, gone=st.integers(0, 12))
@example(Names("A" * 200, "B" * 200), 12)
def test_every_suggestion_can_be_an_address(names: Names, gone: int) -> None:
    asked: list[str] = []

    def taken(local: str) -> bool:
        asked.append(local)
        return len(asked) <= gone

    found = suggestions(names, taken=taken)

    assert len(found) <= SUGGESTIONS
    assert len(set(found)) == len(found)
    for local in found:
        assert local.isascii()
        assert local == local.lower()
        # RFC 5321, 4.5.3.1.1, and the dot-atom of RFC 5322, 3.4.1
        assert 0 < len(local) <= LONGEST + LONGEST_NUMBER <= 64
        assert ".." not in local
        assert local[0] not in ".-"
        assert local[-1] not in ".-"
        assert local not in RESERVED
        assert fits(local, names)
