"""Shows what a sweep would do, and does nothing."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.connectors.contract import TemporaryFailure
from accounts.reconciler.plan import plan
from worker.fleet import CONNECTORS, FACTS


class Command(BaseCommand):
    """``manage.py plan``."""

    help = "Show what a sweep over everybody would do. Nothing is changed."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write one line per person and act, by account name, and the sums."""
        counts: Counter[str] = Counter()
        for connector in CONNECTORS:
            try:
                for line in plan(connector=connector, facts=FACTS, at=timezone.now()):
                    counts[line.verb] += 1
                    if line.verb != "none":
                        self.stdout.write(str(line))
            except TemporaryFailure as failure:
                message = f"{connector.name} does not answer ({failure})."
                raise CommandError(message) from failure
        sums = ", ".join(f"{verb} {count}" for verb, count in sorted(counts.items()))
        self.stdout.write(f"Sum: {sums or 'nobody'}")
