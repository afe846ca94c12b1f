"""The room as a Django app."""

from django.apps import AppConfig
from django.core.checks import register

from accounts.catalogue.shown import check_services_file


class JourneyConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.journey"
    label = "journey"

    def ready(self) -> None:
        """Have the file of services looked at when the portal starts."""
        register(check_services_file)
