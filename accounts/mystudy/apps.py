"""The room as a Django app."""

from django.apps import AppConfig


class MyStudyConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.mystudy"
    label = "mystudy"
