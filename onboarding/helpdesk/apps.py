"""The room as a Django app."""

from django.apps import AppConfig


class HelpDeskConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.helpdesk"
    label = "helpdesk"
