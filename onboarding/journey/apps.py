"""The room as a Django app."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.journey"
    label = "journey"
