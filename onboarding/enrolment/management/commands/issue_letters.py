"""``issue_letters``: letters for the printer, or a table for mail merge."""

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import tee
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.enrolment import letter_runs
from onboarding.enrolment.letter_pages import Letter, pdf
from onboarding.enrolment.letter_recipients import awaiting
from onboarding.enrolment.letter_table import table
from onboarding.enrolment.letters import LetterRun, issue

STDOUT = Path("-")
LETTERS_A_LINE = 25


class Command(BaseCommand):
    """Sets initial passwords in the directory and prints them, keeping none."""

    help = (
        "Issue activation letters for everybody who awaits one, or for the accounts"
        " named (whose earlier letters are void at once)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--pdf", type=Path, metavar="FILE", help="one page each")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="for mail merge")
        parser.add_argument(
            "--again", metavar="RUN", help="the letters of a run whose file was lost"
        )
        parser.add_argument("accounts", nargs="*", metavar="ACCOUNT")

    def handle(
        self,
        *,
        pdf: Path | None,
        csv: Path | None,
        again: str | None,
        accounts: list[str],
        **_options: Any,
    ) -> None:
        """Issue the letters; an error at the end names who got none."""
        if not (pdf or csv):
            raise CommandError(_("Say where the letters go: --pdf FILE or --csv FILE."))
        if pdf == csv:
            raise CommandError(_("Two kinds of letters need two files."))
        names = _lost(again) if again else accounts or None
        at = timezone.now()
        if names == [] or (names is None and not awaiting(at=at).exists()):
            self.stderr.write(_("Nobody is waiting for a letter."))
            return
        with ExitStack() as files:
            printer = files.enter_context(_secret_file(pdf)) if pdf else None
            merge = files.enter_context(_secret_file(csv)) if csv else None
            run = issue(accounts=names, by=None, at=at, run=letter_runs.new_name())
            with _stopped_by_signals(run):
                self._write(run, printer, merge)
        self._report(run)

    def _write(
        self, run: LetterRun, printer: BinaryIO | None, merge: BinaryIO | None
    ) -> None:
        self.stderr.write(
            _("Run %(run)s. If its file gets lost: issue_letters --again %(run)s")
            % {"run": run.run}
        )
        for_merge, for_printer = tee(self._told(run))
        if merge:
            # Row by row: whatever happens, what was issued so far is in the file.
            merge.writelines(table(for_merge))
        if printer:
            printer.writelines(pdf(for_printer))

    def _told(self, run: LetterRun) -> Iterator[Letter]:
        for letter in run:
            yield letter
            if run.done % LETTERS_A_LINE == 0:
                self.stderr.write(f"{run.done} / {run.total}")

    def _report(self, run: LetterRun) -> None:
        self.stderr.write(
            ngettext("%d letter issued.", "%d letters issued.", run.issued) % run.issued
        )
        for one in run.without:
            self.stderr.write(one.sentence())
        if run.without:
            without = len(run.without)
            raise CommandError(
                ngettext(
                    "%d person got no letter.", "%d people got no letter.", without
                )
                % without
            )


def _lost(run: str) -> list[str]:
    found = letter_runs.look_up(run)
    if found is None:
        raise CommandError(_("There was no run of this name."))
    return letter_runs.unused(found)


@contextmanager
def _secret_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that its owner alone can read."""
    if path == STDOUT:
        if sys.stdout.isatty():
            raise CommandError(_("Letters are secret: they never go to a terminal."))
        yield sys.stdout.buffer
        return
    try:
        new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise CommandError(_("%s is there already.") % path) from there
    except OSError as failure:
        raise CommandError(f"{path}: {failure.strerror}") from failure
    with os.fdopen(new, "wb") as file:
        yield file


@contextmanager
def _stopped_by_signals(run: LetterRun) -> Iterator[None]:
    """Let Ctrl-C end the run with the letters that have been made."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        run.stop()

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
