"""Brings database, static files and people of the stage to where they should be."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.timezone import now

from accounts.directory.errors import DirectoryError
from onboarding.demo.cast import ACTS, ELSEWHERE, play
from onboarding.demo.opening import admit, as_table, logins, take_places
from onboarding.demo.second_factor import equip

FRESH_CODES = "A code is good once; the next ones: make manage CMD=second_factor_codes"


class Command(BaseCommand):
    """``manage.py open_stage``: called by the stage at every start."""

    help = "Prepare the demo's database, pages and people; print the logins."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another export than the demo's, and whose the systems are."""
        parser.add_argument("--cohort", default="")
        parser.add_argument("--layout", default="")
        parser.add_argument(
            "--own-systems",
            action="store_true",
            help="Moodle and library are the stage's: people may go there, too",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do what has not been done yet."""
        call_command("migrate", verbosity=0, interactive=False)
        collect()
        try:
            # The console speaks English; letters and pages their readers' language.
            with translation.override("en"):
                self.stdout.write(self._people(options))
        except (CommandError, DirectoryError) as failure:
            # The portal is worth seeing without them, and says more than we can here.
            self.stdout.write(f"  No demo logins this time: {failure}")

    def _people(self, options: dict[str, Any]) -> str:
        refusal = self._admit(options["cohort"], options["layout"])
        call_command("settle", stdout=self.stderr)
        passwords = take_places(at=now())
        equip(at=now())
        for act in (*ACTS, *(ELSEWHERE if options["own_systems"] else ())):
            play(act, at=now())
            call_command("settle", stdout=self.stderr)
        return f"{refusal}{as_table(logins(passwords, at=now()))}\n\n  {FRESH_CODES}"

    def _admit(self, cohort: str, layout: str) -> str:
        """Let the cohort in; say why where the file is refused."""
        try:
            admit(cohort=cohort, layout=layout, at=now(), say=self.stderr)
        except CommandError as refusal:
            if not cohort or isinstance(refusal.__cause__, DirectoryError):
                raise
            return f"  {cohort} was not taken: {refusal}\n\n"
        return ""


def collect() -> None:
    """Collect the static files again where one of them has changed."""
    stamp = Path(settings.STATE_DIR) / "static.sha256"
    seen = hashlib.sha256("\n".join(_files()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == seen:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(seen, encoding="utf-8")


def _files() -> Iterator[str]:
    yield str(settings.STATIC_ROOT)
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            about = Path(storage.path(name)).stat()
            yield f"{name} {about.st_mtime_ns} {about.st_size}"
