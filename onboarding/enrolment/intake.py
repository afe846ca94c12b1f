"""A cohort file's way from upload to people: preview, confirmation, application.

The row is the message: what is confirmed is applied by whoever works off next, and
a worker that is killed leaves a lease that runs out.
"""

import logging
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from accounts.directory.errors import DirectoryError
from accounts.due.nudge import nudge
from accounts.journal.record import record
from onboarding.enrolment import findings, holding
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.models import CohortFile
from onboarding.enrolment.numbers import NumbersExhausted
from onboarding.enrolment.planning import plan
from onboarding.enrolment.tutor_file import GroupReport, apply_groups, plan_groups
from onboarding.enrolment.uploads import (
    kept_plan,
    kept_refusal,
    opened,
    without_people,
)
from onboarding.enrolment.wording import FileRefused, Sentence

log = logging.getLogger(__name__)

# Outlasts the reading of a million rows; renewed with every batch after that.
LEASE = timedelta(minutes=10)
# How long to leave a directory alone that did not answer.
PAUSE = timedelta(seconds=30)
TRIES = 5
# A preview of so many bytes (some thousand rows) is ready within a request.
AT_ONCE = 1_000_000

DIRECTORY_AWAY = Sentence(
    gettext_noop("The directory does not answer. The import goes on when it does.")
)
GAVE_UP = Sentence(
    gettext_noop("The import stopped because of a fault in the portal. Tell the MIZ.")
)
CHANGED_MEANWHILE = Sentence(
    gettext_noop(
        "Since this file was confirmed something else has changed that stops it."
        " Upload it again to see what."
    )
)

# What a file looks like that nobody works on and with which nothing is wrong.
AT_REST: dict[str, Any] = {
    "lease_token": None,
    "leased_until": None,
    "tries": 0,
    "failure": [],
}


class NotConfirmed(Exception):
    """A file that could not be confirmed: brakes hold it, or its time has passed."""


class LeaseLost(Exception):
    """Somebody else is at work on this file now."""


@dataclass(slots=True)
class Lease:
    """The right to work on one file for a while, and how long that has taken."""

    file: CohortFile
    at: datetime
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Give the time since the clock was handed in."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)

    def renew(self, rows_done: int) -> None:
        """Show progress; raises LeaseLost where another worker has taken over."""
        self.keep(rows_done=rows_done, leased_until=self.now() + LEASE)

    def keep(self, **values: object) -> None:
        """Write to the file while it is ours; raises LeaseLost."""
        mine = CohortFile.objects.filter(
            pk=self.file.pk, lease_token=self.file.lease_token
        )
        if not mine.update(**values):
            raise LeaseLost


def confirm(
    *, file: int, overriding: Iterable[str], by: int | None, at: datetime
) -> None:
    """Ask for a previewed file to be applied; raises NotConfirmed.

    Every brake that holds the file has to be named. A second click changes nothing.
    """
    named = set(overriding)
    with transaction.atomic():
        waiting = CohortFile.objects.filter(
            pk=file, content__isnull=False, previewed_at__isnull=False, failed_at=None
        )
        preview = waiting.values_list("preview", flat=True).first()
        if preview is None:
            raise NotConfirmed
        holding = [one["brake"] for one in preview["brakes"]]
        if not named.issuperset(holding):
            raise NotConfirmed
        first = waiting.filter(confirmed_at=None).update(
            confirmed_at=at, confirmed_by_id=by, insisted=holding, rows_done=0
        )
        if first:
            record(
                what="cohort_confirmed",
                at=at,
                who=by,
                facts={"file": file, "overridden": ", ".join(holding)},
            )
            transaction.on_commit(nudge)


def discard(*, file: int, by: int | None, at: datetime) -> None:
    """Drop a file that nobody confirmed."""
    with transaction.atomic():
        unconfirmed = CohortFile.objects.filter(
            pk=file, confirmed_at=None, dropped_at=None
        )
        if unconfirmed.update(
            dropped_at=at,
            content=None,
            tutor_groups=None,
            preview={},
            findings=None,
            lease_token=None,
            leased_until=None,
        ):
            record(what="cohort_discarded", at=at, who=by, facts={"file": file})


def drop_old_files(*, at: datetime) -> None:
    """Drop content, and what names people, of files that were kept long enough."""
    holding.drop_old(at=at)
    old = CohortFile.objects.filter(uploaded_at__lte=at - settings.IMPORTS_ARE_KEPT)
    old = old.filter(Q(leased_until=None) | Q(leased_until__lte=at))
    old.filter(content__isnull=False).update(
        dropped_at=at, content=None, tutor_groups=None
    )
    for file in old.filter(names_people=True).only("pk", "preview"):
        CohortFile.objects.filter(pk=file.pk).update(
            preview=without_people(file.preview), findings=None, names_people=False
        )


def preview_now(*, file: CohortFile, at: datetime) -> None:
    """Make the preview within the request, where the file is small enough."""
    if file.size <= AT_ONCE:
        lease = _claim(CohortFile.objects.filter(pk=file.pk), at=at)
        if lease:
            _guarded(lease)
    else:
        transaction.on_commit(nudge)


def work_off(*, at: datetime) -> bool:
    """Preview or apply one file that waits for it; say whether there was one."""
    lease = _claim(CohortFile.objects.all(), at=at)
    if lease:
        _guarded(lease)
    return lease is not None


def note_applied(
    *, file: CohortFile, counts: Mapping[str, int], by: int | None, at: datetime
) -> None:
    """Remember a file that a command applied: the next one must not be older."""
    file.uploaded_at = file.confirmed_at = file.applied_at = at
    file.uploaded_by_id = file.confirmed_by_id = by
    file.preview = {"counts": dict(counts)}
    with transaction.atomic():
        file.save(force_insert=True)
        _record_applied(file, counts=counts, by=by, at=at)


def _claim(files: QuerySet[CohortFile], *, at: datetime) -> Lease | None:
    free = files.filter(
        Q(leased_until=None) | Q(leased_until__lte=at),
        Q(previewed_at=None) | Q(confirmed_at__isnull=False),
        content__isnull=False,
        applied_at=None,
        failed_at=None,
    )
    # Looking first: an idle sweep must not ask for the database's write lock.
    found = free.order_by("uploaded_at", "pk").values_list("pk", "tries").first()
    if found is None:
        return None
    pk, tries = found
    if tries >= TRIES:
        free.filter(pk=pk).update(failed_at=at, failure=kept_refusal(GAVE_UP))
        return None
    claimed = free.filter(pk=pk).update(
        lease_token=uuid.uuid4(), leased_until=at + LEASE, tries=F("tries") + 1
    )
    return Lease(CohortFile.objects.get(pk=pk), at) if claimed else None


def _guarded(lease: Lease) -> None:
    try:
        _work(lease)
    except LeaseLost:
        log.info("cohort file %s: somebody else goes on", lease.file.pk)
    except DirectoryError:
        _pause(lease, tries=0, failure=kept_refusal(DIRECTORY_AWAY))
    except (FileRefused, NumbersExhausted) as refused:
        _give_up(lease, refused)
    except Exception as fault:  # noqa: BLE001 - tried again, and given up in the end
        log.error("cohort file %s: %s", lease.file.pk, type(fault).__name__)  # noqa: TRY400 - a trace may hold names
        _pause(lease)


def _work(lease: Lease) -> None:
    today = localdate(lease.at)
    with opened(lease.file, today=today) as cohort:
        lease.renew(0)
        if lease.file.confirmed_at:
            _apply(lease, cohort)
        else:
            _preview(lease, cohort)


def _preview(lease: Lease, cohort: Cohort) -> None:
    found = plan(cohort=cohort, listed=findings.KEPT, progress=lease.renew)
    groups = _groups(lease.file)
    lease.keep(
        preview=kept_plan(found, groups),
        findings=findings.packed(findings.lists(found, groups)),
        names_people=True,
        previewed_at=lease.now(),
        made_at=cohort.origin.made_at,
        declared_rows=cohort.origin.rows,
        rows_total=cohort.rows,
        rows_done=0,
        **AT_REST,
    )


def _groups(file: CohortFile) -> GroupReport | None:
    if file.tutor_groups is None:
        return None
    return plan_groups(BytesIO(file.tutor_groups))


def _apply(lease: Lease, cohort: Cohort) -> None:
    file = lease.file
    # Other files may have been applied since the preview.
    found = plan(cohort=cohort, listed=0)
    lease.renew(0)
    if not {one.brake.value for one in found.brakes} <= set(file.insisted):
        raise FileRefused(CHANGED_MEANWHILE)
    if file.tutor_groups is not None:
        apply_groups(BytesIO(file.tutor_groups))
    by = file.confirmed_by_id
    counts = apply(cohort=cohort, by=by, at=lease.at, progress=lease.renew)
    at = lease.now()
    with transaction.atomic():
        lease.keep(applied_at=at, content=None, tutor_groups=None, **AT_REST)
        _record_applied(file, counts=counts, by=by, at=at)


def _record_applied(
    file: CohortFile, *, counts: Mapping[str, int], by: int | None, at: datetime
) -> None:
    record(what="cohort_applied", at=at, who=by, facts={"file": file.pk, **counts})


def _pause(lease: Lease, **values: object) -> None:
    with suppress(LeaseLost):
        lease.keep(leased_until=lease.now() + PAUSE, **values)


def _give_up(lease: Lease, refused: FileRefused | NumbersExhausted) -> None:
    sentences = kept_refusal(refused)
    with suppress(LeaseLost):
        lease.keep(failed_at=lease.now(), **{**AT_REST, "failure": sentences})
