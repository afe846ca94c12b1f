"""Works off what is due now, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.due.models import Sync
from accounts.reconciler.settle import insist_batch
from worker.fleet import CONNECTORS, FACTS
from worker.sweep import sweep


class Command(BaseCommand):
    """``manage.py settle [--insist]``."""

    help = "Work off what is due now in every system, without Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the word of a human for what the brake holds."""
        parser.add_argument(
            "--insist",
            action="store_true",
            help="also do the removals that the brake holds",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Sweep until nothing is due; what has to wait for its time stays."""
        total = 0
        while looked_at := sweep():
            total += looked_at
        if options["insist"]:
            total += _insist()
        self.stdout.write(f"{total} looked at.")
        waiting = Sync.objects.filter(due_at__isnull=False).count()
        parked = Sync.objects.filter(last_error__startswith="!").count()
        if waiting or parked:
            self.stdout.write(
                f"{waiting} to be tried again, {parked} waiting for a human."
            )


def _insist() -> int:
    total = 0
    for connector in CONNECTORS:
        while done := insist_batch(connector=connector, facts=FACTS, at=timezone.now()):
            total += done
    return total
