"""The room as a Django app."""

from django.apps import AppConfig
from django.core.checks import register

from onboarding.helpdesk.tickets import check_template


class HelpDeskConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.helpdesk"
    label = "helpdesk"

    def ready(self) -> None:
        """Have the place of tickets looked at when the portal starts."""
        register(check_template)
