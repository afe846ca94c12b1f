"""What is wrong with somebody's rows, in the reader's words."""

from dataclasses import dataclass

from onboarding.enrolment.findings import changes
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.wording import kept_sentence


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and with which columns; none where it is the whole row."""

    columns: str
    reason: str


def faults(one: Held) -> tuple[Fault, ...]:
    """Give each thing that is wrong with somebody's rows once, in words."""
    columns: dict[str, list[str]] = {}
    for row in one.rows:
        for fault in row["faults"]:
            mine = columns.setdefault(str(kept_sentence(fault["reason"])), [])
            if fault["column"] and fault["column"] not in mine:
                mine.append(fault["column"])
    return tuple(
        Fault(", ".join(changes(names)), reason) for reason, names in columns.items()
    )
