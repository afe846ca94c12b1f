"""What makes an import wait until a human insists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext_noop

from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.models import STUDYING, CohortFile, Enrolment
from onboarding.enrolment.wording import Sentence


class Brake(StrEnum):
    """The reasons to stop, by the names under which they are overridden."""

    EMPTY = "empty"
    CUT = "cut"
    ROW_COUNT = "row-count"
    UNKNOWN_ORIGIN = "unknown-origin"
    OLDER = "older"
    ENCODING = "encoding"
    UNKNOWN_COLUMNS = "unknown-columns"
    WITHDRAWALS = "withdrawals"


@dataclass(frozen=True, slots=True)
class Pulled:
    """A brake that holds this file, and why."""

    brake: Brake
    reason: Sentence


def pulled(*, cohort: Cohort, withdrawn: int) -> Iterator[Pulled]:
    """Name every brake that holds a file which would withdraw so many people."""
    yield from _shape(cohort)
    yield from _age(cohort)
    studying = _known_to_study()
    # Whole numbers: a share of exactly the percentage still passes.
    if withdrawn * 100 > studying * settings.WITHDRAWAL_BRAKE_PERCENT:
        yield Pulled(
            Brake.WITHDRAWALS,
            Sentence(
                gettext_noop(
                    "The file would withdraw %(withdrawn)d of %(studying)d people,"
                    " more than %(percent)d %%."
                ),
                {
                    "withdrawn": withdrawn,
                    "studying": studying,
                    "percent": settings.WITHDRAWAL_BRAKE_PERCENT,
                },
            ),
        )


def _shape(cohort: Cohort) -> Iterator[Pulled]:
    found = cohort.rows_found
    if not found:
        yield Pulled(Brake.EMPTY, Sentence(gettext_noop("The file has no rows.")))
    if cohort.cut:
        yield Pulled(
            Brake.CUT,
            Sentence(gettext_noop("The file ends in the middle of its last row.")),
        )
    declared = cohort.origin.rows
    if declared is not None and declared != found:
        words = gettext_noop(
            "The file says it has %(declared)d rows; it has %(found)d."
        )
        facts = {"declared": declared, "found": found}
        yield Pulled(Brake.ROW_COUNT, Sentence(words, facts))
    if cohort.unreadable:
        words = gettext_noop(
            "%(cells)d cells are no text in the file's encoding; perhaps the file is in"
            " another one."
        )
        yield Pulled(Brake.ENCODING, Sentence(words, {"cells": cohort.unreadable}))
    if cohort.unknown_columns:
        words = gettext_noop("The file has columns that are not known: %(columns)s.")
        columns = ", ".join(cohort.unknown_columns[:10])
        yield Pulled(Brake.UNKNOWN_COLUMNS, Sentence(words, {"columns": columns}))


def _age(cohort: Cohort) -> Iterator[Pulled]:
    made_at = cohort.origin.made_at
    if made_at is None or cohort.origin.rows is None:
        words = gettext_noop(
            "Neither name nor first line of the file say when it was made and how many"
            " rows it has."
        )
        yield Pulled(Brake.UNKNOWN_ORIGIN, Sentence(words))
    latest = _latest_applied()
    if made_at and latest and made_at < latest:
        words = gettext_noop(
            "The file was made on %(made)s, before the last one that was applied"
            " (%(latest)s)."
        )
        facts = {"made": _moment(made_at), "latest": _moment(latest)}
        yield Pulled(Brake.OLDER, Sentence(words, facts))


def _known_to_study() -> int:
    studying = Enrolment.objects.filter(status__in=STUDYING)
    return studying.values("person_id").distinct().count()


def _latest_applied() -> datetime | None:
    applied = CohortFile.objects.filter(applied_at__isnull=False)
    return (
        applied.filter(made_at__isnull=False)
        .order_by("-made_at")
        .values_list("made_at", flat=True)
        .first()
    )


def _moment(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "Y-m-d H:i")
