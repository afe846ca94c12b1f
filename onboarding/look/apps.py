"""The room as a Django app."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.look"
    label = "look"
