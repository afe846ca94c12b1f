"""The room as a Django app."""

from django.apps import AppConfig


class ReconcilerConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.reconciler"
    label = "reconciler"
