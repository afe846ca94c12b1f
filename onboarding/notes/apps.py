"""The room as a Django app."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.notes"
    label = "notes"
