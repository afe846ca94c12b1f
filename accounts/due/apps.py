"""The room as a Django app."""

from django.apps import AppConfig


class DueConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.due"
    label = "due"
