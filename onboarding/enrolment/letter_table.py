"""Activation letters as a table for mail merge: CSV (RFC 4180), UTF-8 with BOM."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.letter_words import activation_page

COLUMNS = (
    "account_name",
    "initial_password",
    "display_name",
    "language",
    "valid_until",
    "portal_url",
)
# A spreadsheet takes a cell that begins so for a formula and carries it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(letters: Iterable[Letter]) -> Iterator[bytes]:
    """Give the table row by row, its heading first."""
    # Spreadsheets on Windows take UTF-8 for another encoding without the mark.
    yield "\ufeff".encode() + _row(COLUMNS)
    page = activation_page()
    for letter in letters:
        yield _row(
            (
                letter.account_name,
                letter.initial_password,
                letter.display_name,
                letter.language,
                letter.valid_until.isoformat(),
                page,
            )
        )


def _row(cells: Iterable[str]) -> bytes:
    line = StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(
        f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells
    )
    return line.getvalue().encode()
