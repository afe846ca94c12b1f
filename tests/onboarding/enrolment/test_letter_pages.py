"""What stands on an activation letter, read back from the file."""

import csv
import io
import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils.translation import override
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from accounts.people.characters import TYPE_A
from onboarding.enrolment.letter_pages import HEARTBEAT, LETTERS_A_BEAT, Letter, pdf
from onboarding.enrolment.letter_table import table
from onboarding.enrolment.letter_type import BOLD, MONO_BOLD, SANS, load_fonts
from onboarding.enrolment.letter_words import (
    printed_address,
    scanned_address,
    words,
    written_date,
)
from tests.papers import About, about, fonts_left_behind

MM = 72 / 25.4
CEM = Letter(
    account_name="lg123456",
    initial_password="7KMX-4TQP-H2WN",
    display_name="Cem Sondermann",
    language="de",
    valid_until=date(2026, 11, 14),
)


@pytest.fixture(autouse=True)
def _address(settings: LazySettings) -> None:
    settings.PORTAL_URL = "https://start.leuphana.example"


def read(letters: Iterable[Letter]) -> PdfReader:
    return PdfReader(io.BytesIO(b"".join(pdf(letters))), strict=True)


def text_of(letter: Letter) -> str:
    (page,) = read([letter]).pages
    return " ".join(page.extract_text().split())


def poppler(letter: Letter, way: str = "-layout") -> str:
    """Read a page as somebody does who copies from it."""
    program = shutil.which("pdftotext")
    assert program, "poppler-utils is missing"
    done = subprocess.run(
        [program, way, "-", "-"],
        input=b"".join(pdf([letter])),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_letter_says_everything_in_the_persons_language(language: str) -> None:
    text = text_of(replace(CEM, language=language))

    say = words(language)
    expected = [
        "Cem Sondermann",
        "lg123456",
        "7KMX-4TQP-H2WN",
        "start.leuphana.example/activate",
        written_date(CEM.valid_until, language),
        say.subject,
        say.invitation,
        say.never_contains,
        *say.steps.items,
        *say.at_hand.items,
        *say.safety.items,
        *say.help.items,
    ]
    assert [one for one in expected if " ".join(one.split()) not in text] == []


def test_dates_are_written_in_words() -> None:
    assert written_date(date(2027, 1, 2), "de") == "2. Januar 2027"
    assert written_date(date(2027, 1, 2), "en") == "2 January 2027"


def test_somebody_whose_language_is_unknown_gets_both_on_one_page() -> None:
    text = text_of(replace(CEM, language=""))

    for language in ("de", "en"):
        say = words(language)
        assert say.subject in text
        assert say.safety.items[0] in text
        assert written_date(CEM.valid_until, language) in text
    assert text.count("7KMX-4TQP-H2WN") == 1


def test_one_page_each_in_the_order_given() -> None:
    letters = [replace(CEM, account_name=f"lg{number}") for number in range(1000, 1025)]

    pages = read(letters).pages

    found = [re.findall(r"lg\d{4}", page.extract_text()) for page in pages]
    assert found == [[letter.account_name] for letter in letters]


def test_a_reader_shows_the_title_in_place_of_the_file_name() -> None:
    file = read([CEM])

    assert file.viewer_preferences is not None
    assert file.viewer_preferences.display_doctitle


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_file_says_whose_it_is_and_brings_its_fonts(
    tmp_path: Path, language: str
) -> None:
    paper = b"".join(pdf([replace(CEM, language=language)]))

    say = words(language)
    assert about(paper) == About(say.title, say.university, language)
    assert fonts_left_behind(paper, tmp_path) == []


def test_the_same_letters_give_the_same_bytes() -> None:
    assert b"".join(pdf([CEM])) == b"".join(pdf([CEM]))


def test_a_long_run_gives_signs_of_life_and_still_a_sound_file() -> None:
    letters = [CEM] * (3 * LETTERS_A_BEAT)

    pieces = list(pdf(letters))

    assert pieces.count(HEARTBEAT) == 3
    assert len(PdfReader(io.BytesIO(b"".join(pieces)), strict=True).pages) == 30


def test_the_header_is_sent_before_the_first_letter_is_made() -> None:
    made: list[Letter] = []

    def one_after_the_other() -> Iterable[Letter]:
        made.append(CEM)
        yield CEM

    pieces = pdf(one_after_the_other())

    assert next(iter(pieces)).startswith(b"%PDF-")
    assert made == []


def test_a_run_without_letters_is_a_page_that_says_so() -> None:
    (page,) = read([]).pages

    with override("de"):
        assert len(page.extract_text()) > 10


# --- The code ---------------------------------------------------------------------


def test_secrets_stand_behind_the_number_sign_only() -> None:
    address = scanned_address(account_name="1ab-cd2", secret="7KMX-4TQP-H2WN")

    assert address == (
        "https://start.leuphana.example/activate/#account=1ab-cd2&secret=7KMX4TQPH2WN"
    )
    assert printed_address() == "start.leuphana.example/activate"


def test_the_code_is_large_enough_and_has_its_quiet_zone() -> None:
    content = read([CEM]).pages[0].get_contents()
    assert content is not None
    drawing = content.get_data().decode("latin-1")

    shape = re.compile(r"q 0 g ([\d.]+) 0 0 -\1 \S+ \S+ cm\s(.*?)\sf Q", re.DOTALL)
    found = shape.search(drawing)
    assert found
    runs = [
        tuple(map(int, run)) for run in re.findall(r"(\d+) (\d+) (\d+) 1 re", found[2])
    ]
    modules = max(x + length for x, _y, length in runs)
    millimetres = modules * float(found[1]) / MM
    assert modules == 37
    assert millimetres >= 25
    # Version 5 at level M; the quiet zone of four modules lies on the white square.
    assert 44 - millimetres >= 2 * 4 * millimetres / modules - 0.01


# --- Names and type ---------------------------------------------------------------


def test_every_letter_of_din_91379_has_a_glyph() -> None:
    load_fonts()
    signs = {sign for letter in TYPE_A for sign in letter}

    for font in (SANS, BOLD):
        glyphs = pdfmetrics.getFont(font).face.charToGlyph
        assert sorted(sign for sign in signs if ord(sign) not in glyphs) == []


def test_all_symbols_of_a_secret_have_a_glyph_of_their_own() -> None:
    load_fonts()
    glyphs = pdfmetrics.getFont(MONO_BOLD).face.charToGlyph

    symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
    assert len({glyphs[ord(symbol)] for symbol in symbols}) == len(symbols)


def test_user_name_and_secret_are_set_in_fourteen_points_or_more() -> None:
    sizes: dict[str, float] = {}

    def note(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        sizes[text.strip()] = size

    read([CEM]).pages[0].extract_text(visitor_text=note)

    assert sizes["lg123456"] >= 14
    assert sizes["7KMX-4TQP-H2WN"] >= 14


@pytest.mark.parametrize(
    "name",
    [
        "Thị Minh Châu Nguyễn",
        "Đặng Ç̆engiz K͟hān-Ṣ̄ādiq",
        "J́ R̥̄ Û̄ ē̍ Ī́ ī́ Ạ̈ Č̕",
        "O’Neill Jean-Luc",
        "Ö",
    ],
)
def test_names_can_be_copied_letter_true(name: str) -> None:
    text = unicodedata.normalize("NFC", poppler(replace(CEM, display_name=name)))

    assert text.count(unicodedata.normalize("NFC", name)) == 2


@pytest.mark.parametrize("name", ["W" * 120, "Anna " * 24, "Ma-" * 40, "W" * 765])
@pytest.mark.parametrize("language", ["de", ""])
def test_a_very_long_name_is_broken_and_stays_on_the_page(
    name: str, language: str
) -> None:
    letter = replace(CEM, display_name=name, language=language)
    text = text_of(letter)

    assert re.sub(r"\s", "", text).count(re.sub(r"\s", "", name)) == 2
    assert "7KMX-4TQP-H2WN" in text
    right_and_bottom = re.findall(
        r'xMax="([\d.]+)" yMax="([\d.]+)"', poppler(letter, "-bbox")
    )
    assert max(float(right) for right, _bottom in right_and_bottom) < MM * 195
    assert max(float(bottom) for _right, bottom in right_and_bottom) < MM * 290


# --- The table for mail merge -----------------------------------------------------


def test_the_table_can_be_merged() -> None:
    content = b"".join(table([CEM, replace(CEM, display_name='Ana "Anne"; Lopes')]))

    assert content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == {
        "account_name": "lg123456",
        "initial_password": "7KMX-4TQP-H2WN",
        "display_name": "Cem Sondermann",
        "language": "de",
        "valid_until": "2026-11-14",
        "portal_url": "https://start.leuphana.example/activate/",
    }
    assert rows[1]["display_name"] == 'Ana "Anne"; Lopes'
    assert content.count(b"\r\n") == 3


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_never_begins_a_formula(sign: str) -> None:
    content = b"".join(table([replace(CEM, display_name=f"{sign}cmd")])).decode()

    assert f"'{sign}cmd" in content


def test_the_secret_shows_in_no_trace_of_a_letter() -> None:
    assert "7KMX" not in repr(CEM)


# --- Time -------------------------------------------------------------------------


def test_two_thousand_pages_take_far_less_time_than_their_password_hashes() -> None:
    """200 pages: a third of a second on a quiet machine, their hashes nearly three."""
    list(pdf([CEM]))
    letters = [replace(CEM, account_name=f"lg{n}") for n in range(100_000, 100_200)]

    begun = time.process_time()
    list(pdf(letters))

    assert time.process_time() - begun < 5
