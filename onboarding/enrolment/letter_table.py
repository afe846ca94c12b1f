"""Activation letters as a table for mail merge."""

from collections.abc import Iterable, Iterator

from onboarding.enrolment.csv_rows import MARK, row
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


def table(letters: Iterable[Letter]) -> Iterator[bytes]:
    """Give the table row by row, its heading first."""
    yield MARK + row(COLUMNS)
    page = activation_page()
    for letter in letters:
        yield row(
            (
                letter.account_name,
                letter.initial_password,
                letter.display_name,
                letter.language,
                letter.valid_until.isoformat(),
                page,
            )
        )
