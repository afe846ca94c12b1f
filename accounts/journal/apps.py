"""The room as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.journal"
    label = "journal"
