"""Uploaded exports: kept packed, opened as a stream, shown as what was found."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db import transaction

from accounts.journal.record import record
from onboarding.enrolment import findings
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.layout import OURS, read_layout
from onboarding.enrolment.merging import aliases
from onboarding.enrolment.models import CohortFile
from onboarding.enrolment.numbers import NumbersExhausted
from onboarding.enrolment.planning import Plan
from onboarding.enrolment.tutor_file import GroupReport
from onboarding.enrolment.wording import FileRefused, Sentence


@dataclass(frozen=True, slots=True)
class Upload:
    """What a registrar hands in: the export, and what may go with it."""

    name: str
    chunks: Iterable[bytes]
    layout: str = ""
    tutor_groups: bytes | None = None


def receive(*, upload: Upload, by: int | None, at: datetime) -> CohortFile:
    """Keep an uploaded export until it is applied or too old."""
    digest, size, packed = hashlib.sha256(), 0, BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as target:
        for chunk in upload.chunks:
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    with transaction.atomic():
        file = CohortFile.objects.create(
            name=upload.name[-255:],
            digest=digest.hexdigest(),
            content=packed.getvalue(),
            size=size,
            layout=upload.layout,
            tutor_groups=upload.tutor_groups,
            uploaded_at=at,
            uploaded_by_id=by,
        )
        record(what="cohort_uploaded", at=at, who=by, facts={"file": file.pk})
    return file


def opened(file: CohortFile, *, today: date) -> Cohort:
    """Read an uploaded export; raises FileRefused. To be used in a ``with`` block."""
    layout = read_layout(file.layout) if file.layout else OURS
    with gzip.open(BytesIO(file.content or b"")) as source:
        reading = Reading(source, name=file.name, today=today, layout=layout)
        return Cohort(reading, aliases=aliases())


def check_header(*, name: str, beginning: bytes, layout: str, today: date) -> None:
    """Raise FileRefused where layout or header make the whole file unusable."""
    parsed = read_layout(layout) if layout else OURS
    Reading(BytesIO(beginning), name=name, today=today, layout=parsed)


def applied_before(file: CohortFile) -> CohortFile | None:
    """Give the latest import of the very same content, where there was one."""
    twins = CohortFile.objects.filter(digest=file.digest, applied_at__isnull=False)
    return (
        twins.exclude(pk=file.pk)
        .only("pk", "applied_at")
        .order_by("-applied_at")
        .first()
    )


def kept_plan(plan: Plan, groups: GroupReport | None) -> dict[str, object]:
    """Give what the preview page shows, as JSON can keep it."""
    return {
        "rows": plan.rows,
        "people": plan.people,
        "counts": dict(plan.counts),
        "brakes": [
            {"brake": one.brake.value, "reason": one.reason.kept()}
            for one in plan.brakes
        ],
        "groups": groups.groups if groups else None,
        "tutors_unseen": bool(groups and not groups.accounts_seen),
        **findings.shown(findings.lists(plan, groups), plan.counts),
    }


def without_people(preview: dict[str, object]) -> dict[str, object]:
    """Give of a preview what names nobody."""
    named = {"more", *findings.TITLES}
    return {key: [] if key in named else value for key, value in preview.items()}


def kept_refusal(
    refused: FileRefused | NumbersExhausted | Sentence,
) -> list[dict[str, object]]:
    """Give the sentences of a failure, as JSON can keep them."""
    if isinstance(refused, FileRefused):
        return [sentence.kept() for sentence in refused.sentences]
    sentence = refused if isinstance(refused, Sentence) else refused.sentence
    return [sentence.kept()]
