"""Names as DIN 91379 and DIN 5007-2 want them."""

import hashlib
import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people.characters import (
    LETTERS,
    SEARCH_FORMS,
    SEQUENCES,
    SIGNS,
    SIGNS_KEPT,
    TYPE_A,
    glyphs,
)
from accounts.people.naming import (
    ForeignCharacter,
    display_name,
    foreign_characters,
    match_key,
    normalise,
    search_form,
    sort_key,
)

GLYPHS = sorted(TYPE_A)
SEARCHABLE = set(string.ascii_uppercase) | SIGNS_KEPT
names = st.lists(st.sampled_from(GLYPHS), max_size=12).map("".join)
anything = st.text(max_size=40)


# --- The table -------------------------------------------------------------------


def test_type_a_has_500_letters_149_sequences_and_18_signs() -> None:
    assert (len(LETTERS), len(SEQUENCES), len(SIGNS)) == (500, 149, 18)
    assert len(TYPE_A) == 500 + 149 + 18


def test_letters_sequences_and_search_forms_are_those_of_the_published_list() -> None:
    lines = sorted(
        f"{' '.join(f'{ord(point):04X}' for point in glyph)} {SEARCH_FORMS[glyph]}"
        for glyph in (*LETTERS, *SEQUENCES)
    )

    # Counted once over the published list, version 1.3, in this very form.
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == (
        "32ac20b83dfa6264664c6c5ad721d9587c757f07300addee1a4749e44e1c3dc0"
    )


def test_the_signs_are_those_of_type_a() -> None:
    assert "".join(sorted(SIGNS)) == " ',-.`~¨´·ʹʺʾʿˈˌ’‡"


@pytest.mark.parametrize("outside", list('0()/"=+@<\u00a0\u2013\u2018\u02bb\u02bcɛƉƊ'))
def test_what_the_standard_leaves_out_is_not_in_the_table(outside: str) -> None:
    assert outside not in TYPE_A


def test_every_glyph_of_type_a_is_one_glyph_and_stays_as_it_is() -> None:
    for glyph in GLYPHS:
        name = f"A{glyph}B"

        assert list(glyphs(glyph)) == [(0, glyph)]
        assert normalise(name) == name
        assert normalise(unicodedata.normalize("NFD", name)) == name
        assert foreign_characters(name) == ()


# --- Normalising -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("delivered", "stored"),
    [
        ("Mu\u0308ller", "Müller"),
        ("Schmidt\u2010Strauß", "Schmidt-Strauß"),
        ("Schmidt\u2011Strauß", "Schmidt-Strauß"),
        ("Schmidt\u2013Strauß", "Schmidt-Strauß"),
        ("Schmidt\u2212Strauß", "Schmidt-Strauß"),
        ("O\u02bcNeill", "O’Neill"),
        ("O\u02bbNeill", "O’Neill"),
        ("O\u2018Neill", "O’Neill"),
        ("O'Neill", "O'Neill"),
        ("von\u00a0der\u2009Heide", "von der Heide"),
        ("von\tder   Heide ", "von der Heide"),
        ("\ufeffAn\u200bna\u00ad", "Anna"),
        ("u\u200d\u0308", "ü"),
        ("K\u0323\u0304", "Ḳ\u0304"),
        (" Å ", "Å"),
        ("\u212bsa", "Åsa"),
        ("MÜLLER", "MÜLLER"),
        ("", ""),
    ],
)
def test_names_are_normalised_as_at_import(delivered: str, stored: str) -> None:
    assert normalise(delivered) == stored


@given(anything)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip(" ")
    assert "  " not in once


@given(names)
def test_a_name_in_type_a_is_stored_letter_true_but_for_blanks(name: str) -> None:
    assert normalise(name).replace(" ", "") == name.replace(" ", "")
    assert foreign_characters(normalise(name)) == ()


@given(anything)
def test_glyphs_cut_a_text_without_losing_anything(text: str) -> None:
    cut = list(glyphs(text))

    assert "".join(glyph for _, glyph in cut) == text
    assert all(text.startswith(glyph, start) for start, glyph in cut)


# --- What is foreign ---------------------------------------------------------------


def test_a_foreign_character_is_named_with_its_place() -> None:
    assert foreign_characters("Anna (2)") == (
        ForeignCharacter(6, "U+0028", "LEFT PARENTHESIS"),
        ForeignCharacter(7, "U+0032", "DIGIT TWO"),
        ForeignCharacter(8, "U+0029", "RIGHT PARENTHESIS"),
    )


def test_an_undefined_sequence_is_named_by_its_mark() -> None:
    assert foreign_characters(normalise("Ay\u1ecd\u0300")) == (
        ForeignCharacter(4, "U+0300", "COMBINING GRAVE ACCENT"),
    )


@pytest.mark.parametrize(
    ("character", "code_point", "name"),
    [
        ("\n", "U+000A", "CONTROL 000A"),
        ("\x00", "U+0000", "CONTROL 0000"),
        ("\ud800", "U+D800", "SURROGATE D800"),
        ("\ue000", "U+E000", "PRIVATE USE E000"),
        ("\U0001f600", "U+1F600", "GRINNING FACE"),
        ("\ufffd", "U+FFFD", "REPLACEMENT CHARACTER"),
        ("И", "U+0418", "CYRILLIC CAPITAL LETTER I"),
    ],
    ids=ascii,
)
def test_every_kind_of_foreign_character_has_a_name(
    character: str, code_point: str, name: str
) -> None:
    assert foreign_characters(f"A{character}") == (
        ForeignCharacter(2, code_point, name),
    )


@given(anything)
def test_what_is_foreign_is_exactly_what_the_table_lacks(text: str) -> None:
    found = foreign_characters(text)

    assert all(text[one.position - 1] not in TYPE_A for one in found)
    assert all(
        one.code_point == f"U+{ord(text[one.position - 1]):04X}" for one in found
    )
    assert bool(found) == any(glyph not in TYPE_A for _, glyph in glyphs(text))


# --- Searching and matching ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("René Müller", "RENE MUELLER"),
        ("Rene Mueller", "RENE MUELLER"),
        ("Nœl Schmidt-Strauß", "NOEL SCHMIDT-STRAUSS"),
        ("Noël Schmidt-Strauß", "NOEL SCHMIDT-STRAUSS"),
        ("O'Neill", "O'NEILL"),
        ("O’Neill", "ONEILL"),
        ("ÄÖÜßẞÅÆØŒÞÐĐŁİıÑŊƏĲ", "AEOEUESSSSAAAEOEOETHDDLIINNEIJ"),
        ("K\u035fhalid", "KHALID"),
        ("Ạ\u0308", "AE"),
        ("Ọ\u0300", "O"),
        ("Ｍüller", "MUELLER"),
        ("Te Āwhina", "TE AWHINA"),
        ("Иван", ""),
        ("Müller\u3000Ł2", "MUELLER L"),
    ],
)
def test_the_search_form_is_that_of_the_standard(name: str, form: str) -> None:
    assert search_form(name) == form


@given(anything | names)
def test_a_search_form_has_only_its_few_signs(text: str) -> None:
    form = search_form(text)

    assert set(form) <= SEARCHABLE
    assert search_form(form) == form


@given(names)
def test_the_search_form_ignores_case_marks_and_composition(name: str) -> None:
    form = search_form(name)

    assert search_form(unicodedata.normalize("NFD", name)) == form
    assert len(form) <= 2 * len(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Neill", "O’Neill"),
        ("Anna-Lena", "Anna Lena"),
        ("Müller", "MUELLER"),
        ("Nguyễn, Thị", "Nguyen Thi"),
        ("J. R.", "J R"),
        ("Te\u00a0Āwhina", "te awhina"),
    ],
)
def test_spellings_of_one_name_have_one_match_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


def test_muller_and_mueller_do_not_match() -> None:
    assert match_key("Muller") != match_key("Müller")


@given(anything | names)
def test_a_match_key_is_letters_and_single_blanks(text: str) -> None:
    key = match_key(text)

    assert set(key) <= set(string.ascii_uppercase + " ")
    assert key == key.strip()
    assert "  " not in key


# --- Sorting -----------------------------------------------------------------------


def test_names_are_sorted_as_in_din_5007_2() -> None:
    wanted = [
        "Åberg",
        "Abt",
        "Ärzte",
        "Göbel",
        "Goethe",
        "Göthe",
        "Götz",
        "Goldmann",
        "Kim",
        "Kim Lee",
        "Kim-Oh",
        "Kima",
        "Mueller",
        "Müller",
        "Muller",
        "O’Neill",
        "Ørsted",
        "Strasser",
        "Straßer",
        "Straub",
        "von der Heide",
        "Zoë",
        "Zoff",
    ]

    shuffled = random.Random(5007).sample(wanted, len(wanted))
    assert sorted(shuffled, key=sort_key) == wanted


@given(anything, anything)
def test_different_names_have_different_places(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (normalise(one) == normalise(other))


# --- Showing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_names", "family_name", "chosen_name", "shown"),
    [
        ("Roberta Elisabeth", "Thiele", "Robin", "Robin Thiele"),
        ("Roberta Elisabeth", "Thiele", "", "Roberta Elisabeth Thiele"),
        ("", "Suharto", "", "Suharto"),
        ("Suharto", "", "", "Suharto"),
        (None, "Suharto", None, "Suharto"),
        ("", "Suharto", "Ari", "Ari Suharto"),
        ("FNU", "Suharto", "", "Suharto"),
        ("Suharto", "LNU", "", "Suharto"),
        ("Suharto", ".", "", "Suharto"),
        ("Null", "None", "", "Null None"),
        ("Ö", "E", "", "Ö E"),
        ("FNU", "", "", "FNU"),
        (None, None, None, ""),
        ("", "", "", ""),
    ],
)
def test_the_name_that_everybody_may_see(
    given_names: str | None,
    family_name: str | None,
    chosen_name: str | None,
    shown: str,
) -> None:
    assert (
        display_name(
            given_names=given_names,
            family_name=family_name,
            chosen_name=chosen_name,
        )
        == shown
    )
