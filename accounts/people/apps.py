"""The room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.people"
    label = "people"
