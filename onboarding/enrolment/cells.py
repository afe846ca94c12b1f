"""A row as our own layout has it: what is kept of one that cannot be used yet."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onboarding.enrolment.cohort_file import Personal, Study

# No cell that anybody can use is longer.
LONGEST = 300


def cells_of(said: Mapping[str, Any]) -> dict[str, str]:
    """Write values, or cells as they arrived; nothing for a column that is missing."""
    return {
        name: _cell(value)[:LONGEST]
        for name, value in said.items()
        if value is not None
    }


def cells_of_row(personal: "Personal", study: "Study") -> dict[str, str]:
    """Write a row that was read."""
    return cells_of({**asdict(personal), **asdict(study)})


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value or "")
    # What is no text, or unseen, cannot be kept; the fault names it.
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in value)
