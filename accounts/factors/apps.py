"""The room as a Django app."""

from django.apps import AppConfig


class FactorsConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.factors"
    label = "factors"
