"""Rows of tables that spreadsheets open: CSV (RFC 4180), UTF-8."""

import csv
from collections.abc import Iterable
from io import StringIO

# Spreadsheets on Windows take UTF-8 for another encoding without the mark.
MARK = "\ufeff".encode()
# A spreadsheet takes a cell that begins so for a formula and carries it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row(cells: Iterable[str]) -> bytes:
    """Give one row, with no cell that is a formula."""
    line = StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(
        f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells
    )
    return line.getvalue().encode()
