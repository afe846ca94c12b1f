"""Letting in whom the import held back, through the same code as a row of an export."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO

from django.utils.timezone import localdate

from accounts.journal.record import Fact, record
from accounts.people.models import Person
from onboarding.enrolment.applying import apply_one
from onboarding.enrolment.arrival import Arrival
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.held_models import Ending, Held
from onboarding.enrolment.holding import FORGOTTEN, NAMES
from onboarding.enrolment.layout import COLUMNS, OURS, Layout
from onboarding.enrolment.merging import aliases

# What a look at somebody's papers settles; all else is student administration's.
CORRECTABLE = (*NAMES, "birth_date", "matriculation_no", "private_email", "mobile")


class StillWrong(Exception):
    """Rows that cannot be used as they are now, and why."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Take the refused rows; their faults name our columns."""
        super().__init__()
        self.refusals = refusals


class NotHeld(Exception):
    """Somebody else was first, or an export came right meanwhile."""


def wrong_columns(held: Held) -> tuple[str, ...]:
    """Name the columns with which something is wrong, in the order of an export."""
    named = {fault["column"] for row in held.rows for fault in row["faults"]}
    return tuple(name for name in COLUMNS if name in named)


def correctable(held: Held) -> bool:
    """Say whether all that is wrong is settled by somebody's papers."""
    named = {fault["column"] for row in held.rows for fault in row["faults"]}
    return bool(named) and named <= set(CORRECTABLE)


def release(
    *, held: Held, corrections: Mapping[str, str], check: str, by: Person, at: datetime
) -> Person:
    """Let somebody in as an import would, with what stands in the papers.

    ``check`` says how the papers were seen. The rows that are left alone are those of
    other programmes. Raises StillWrong, NotHeld, NumbersExhausted or DirectoryError.
    """
    arrival = _arrival(held, corrections, at=at)

    def end(person: Person) -> None:
        mine = Held.now().filter(pk=held.pk, digest=held.digest)
        ended = mine.update(
            ended_at=at,
            ended_by=by,
            ending=Ending.RELEASED,
            corrections=dict(corrections),
            **FORGOTTEN,
        )
        if not ended:
            raise NotHeld
        facts: dict[str, Fact] = {
            "check": check,
            "held": held.pk,
            "columns": ", ".join(corrections),
        }
        record(what="held_released", at=at, whom=person.pk, who=by.pk, facts=facts)

    answer = apply_one(arrival=arrival, by=by.pk, at=at, also=end)
    if isinstance(answer, Refusal):
        raise StillWrong([answer])
    return answer


def _arrival(held: Held, corrections: Mapping[str, str], *, at: datetime) -> Arrival:
    table = _table([{**row["cells"], **corrections} for row in held.rows])
    reading = Reading(
        BytesIO(table), name="", today=localdate(at), layout=_layout(held)
    )
    with Cohort(reading, aliases=aliases()) as cohort:
        refusals = list(cohort.refusals())
        if refusals:
            raise StillWrong(refusals)
        # What these rows do not name was not looked at.
        return replace(next(cohort.arrivals()), whole=False)


def _layout(held: Held) -> Layout:
    return replace(OURS, columns={name: name for name in held.cells})


def _table(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, tuple(rows[0]), delimiter=OURS.separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
