"""The room as a Django app."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.post"
    label = "post"
