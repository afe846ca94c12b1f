"""The room as a Django app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.applications"
    label = "applications"
