"""The room as a Django app."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Registers the room under a short label."""

    name = "accounts.mailbox"
    label = "mailbox"
