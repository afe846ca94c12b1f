"""The room as a Django app."""

from django.apps import AppConfig


class HandoutConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.handout"
    label = "handout"
