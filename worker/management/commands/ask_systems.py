"""Tries every target system once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.connectors.contract import PermanentFailure, TemporaryFailure
from worker.fleet import CONNECTORS


class Command(BaseCommand):
    """``manage.py ask_systems``."""

    help = "Ask every target system one harmless question."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say of each whether it answers; fails if one does not."""
        silent = []
        for connector in CONNECTORS:
            try:
                connector.ask()
            except (TemporaryFailure, PermanentFailure) as failure:
                silent.append(connector.name)
                self.stdout.write(f"{connector.name}: {failure}")
            else:
                self.stdout.write(f"{connector.name}: answers")
        if silent:
            message = f"No answer from: {', '.join(silent)}"
            raise CommandError(message)
