"""Works off what is due now, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand

from worker.sweep import sweep


class Command(BaseCommand):
    """``manage.py settle``."""

    help = "Work off what is due now in every system, without Celery."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Sweep until nothing is due; what has to wait for its time stays."""
        total = 0
        while looked_at := sweep():
            total += looked_at
        self.stdout.write(f"{total} looked at.")
