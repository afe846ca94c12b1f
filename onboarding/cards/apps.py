"""The room as a Django app."""

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.cards"
    label = "cards"
