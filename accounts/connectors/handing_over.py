"""What the connectors have in common that hand files over in a folder."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from accounts.connectors.contract import PermanentFailure, TemporaryFailure
from accounts.connectors.drop_folder import DropFolder, FolderHeld, FolderMissing

# What a spreadsheet would take for a formula; a number with a sign is none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s()/+-]*$)")
# Why a folder cannot be used now; ValueError tells of a damaged book.
UNREACHABLE = (FolderMissing, FolderHeld, OSError, ValueError)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as RFC 4180 has it, in UTF-8, with semicolons, free of formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def unreachable(failure: Exception) -> TemporaryFailure:
    """Give the failure of a folder in a word."""
    if isinstance(failure, FolderMissing):
        return TemporaryFailure("folder_missing")
    if isinstance(failure, FolderHeld):
        return TemporaryFailure("folder_held")
    return TemporaryFailure(f"folder:{type(failure).__name__}")


def look_into(folder: DropFolder) -> None:
    """Look whether a folder is there and ours; raises either failure."""
    try:
        with folder.held():
            return
    except FolderMissing:
        raise PermanentFailure("folder_missing") from None
    except (FolderHeld, OSError) as failure:
        raise unreachable(failure) from None


def _cell(value: str) -> str:
    return f"'{value}" if _FORMULA.match(value) else value
