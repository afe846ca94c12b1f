"""``import_enrolment``: bring a cohort in from the command line."""

import hashlib
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.directory.errors import DirectoryError
from onboarding.enrolment.applying import apply
from onboarding.enrolment.brakes import Pulled
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.intake import note_applied
from onboarding.enrolment.layout import OURS, read_layout
from onboarding.enrolment.merging import aliases
from onboarding.enrolment.models import CohortFile
from onboarding.enrolment.numbers import NumbersExhausted
from onboarding.enrolment.planning import Plan, plan
from onboarding.enrolment.tutor_file import GroupReport, apply_groups, plan_groups
from onboarding.enrolment.wording import FileRefused

LISTED = 10_000


class Command(BaseCommand):
    """Reads an enrolment export, says what it changes, and applies it."""

    help = "Import an enrolment export; docs/enrolment-format.md explains the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--layout", type=Path, metavar="MAPPING.toml")
        parser.add_argument("--tutor-groups", type=Path, metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and stop"
        )
        parser.add_argument(
            "--insist", action="store_true", help="let go every brake that is named"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        """Import the file; a file that is refused as a whole is an error."""
        try:
            self._import(file, **options)
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        except NumbersExhausted as exhausted:
            raise CommandError(str(exhausted.sentence)) from exhausted
        except DirectoryError as failure:
            raise CommandError(
                _("The directory does not answer; run the import again when it does.")
            ) from failure
        except OSError as failure:
            raise CommandError(f"{failure.filename}: {failure.strerror}") from failure

    def _import(
        self,
        file: Path,
        *,
        layout: Path | None,
        tutor_groups: Path | None,
        dry_run: bool,
        insist: bool,
        **_options: Any,
    ) -> None:
        groups = tutor_groups.read_bytes() if tutor_groups else None
        with file.open("rb") as source, _opened(source, file.name, layout) as cohort:
            found = plan(cohort=cohort, listed=LISTED)
            self._report(found, may_pass=insist)
            if groups is not None:
                self._report_groups(plan_groups(BytesIO(groups)))
            if found.brakes and not insist:
                raise CommandError(_("Nothing was imported. --insist overrides this."))
            if dry_run:
                self.stdout.write(_("This was a dry run; nothing was changed."))
                return
            if groups is not None:
                apply_groups(BytesIO(groups))
            self._apply(cohort, file)

    def _apply(self, cohort: Cohort, file: Path) -> None:
        at = timezone.now()
        counts = apply(cohort=cohort, by=None, at=at, progress=self._progress(cohort))
        noted = CohortFile(
            name=file.name[-255:],
            digest=_digest(file),
            made_at=cohort.origin.made_at,
            declared_rows=cohort.origin.rows,
        )
        note_applied(file=noted, counts=counts, by=None, at=at)
        self.stdout.write(
            _(
                "Imported: %(new)d new, %(changed)d changed, %(withdrawn)d withdrawn,"
                " %(unchanged)d unchanged."
            )
            % {
                kind: counts[kind]
                for kind in ("new", "changed", "withdrawn", "unchanged")
            }
        )

    def _progress(self, cohort: Cohort) -> Callable[[int], None]:
        def show(done: int) -> None:
            if self.stdout.isatty():
                self.stdout.write(f"\r{done} / {cohort.rows}", ending="")
                if done >= cohort.rows:
                    self.stdout.write("")

        return show

    def _report(self, found: Plan, *, may_pass: bool) -> None:
        counts = {"rows": found.rows, "people": found.people, "refused": 0, "new": 0}
        counts |= {"changed": 0, "withdrawn": 0, "unchanged": 0} | found.counts
        self.stdout.write(
            _(
                "%(rows)d rows, %(people)d people: %(new)d new, %(changed)d changed,"
                " %(withdrawn)d withdrawn, %(unchanged)d unchanged;"
                " %(refused)d rows refused."
            )
            % counts
        )
        self._list(_("Refused:"), _refused(found.refusals))
        self._list(
            _("Withdrawn:"),
            (f"{one.line}: {one.person_key} {one.name}" for one in found.withdrawn),
        )
        self._list(
            _("Please look at:"),
            (f"{doubt.line}: {doubt.sentence}" for doubt in found.doubts),
        )
        title = _("Overridden:") if may_pass else _("The file is refused:")
        self._list(title, map(_reason, found.brakes))

    def _report_groups(self, report: GroupReport) -> None:
        self.stdout.write(_("%(groups)d tutor groups.") % {"groups": report.groups})
        if not report.accounts_seen:
            self.stdout.write(
                _("The directory does not answer: nobody looked for the tutors.")
            )
        self._list(
            _("In the file of tutor groups:"),
            _refused([*report.refusals, *report.unknown]),
        )

    def _list(self, title: str, entries: Iterable[str]) -> None:
        for place, entry in enumerate(entries):
            if place == 0:
                self.stdout.write(title)
            self.stdout.write(f"  {entry}")


def _opened(source: BinaryIO, name: str, layout: Path | None) -> Cohort:
    mapping = OURS
    if layout:
        try:
            mapping = read_layout(layout.read_text(encoding="utf-8"))
        except UnicodeDecodeError as wrong:
            raise CommandError(_("The layout is not written in UTF-8.")) from wrong
    today = timezone.localdate()
    reading = Reading(source, name=name, today=today, layout=mapping)
    return Cohort(reading, aliases=aliases())


def _refused(refusals: Iterable[Refusal]) -> Iterable[str]:
    for refusal in refusals:
        for fault in refusal.by_reason():
            place = _("line %(line)d") % {"line": refusal.line}
            column = f", {fault.column}" if fault.column else ""
            yield f"{place}{column}: {fault.reason}"


def _reason(pulled: Pulled) -> str:
    return str(pulled.reason)


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
