"""The room as a Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.demo"
    label = "demo"
