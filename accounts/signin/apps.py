"""The room as a Django app."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.signin"
    label = "signin"
