"""Mails that are to be sent; the row is the message."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Mail(models.Model):
    """One mail to one person: what it is about, never what it says.

    Its text is written when it is sent, from the person as they are then. A code in
    it is born at that moment too, so that no table ever holds one.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    message = models.CharField(max_length=32)
    address = models.CharField(max_length=254)
    # The same occasion asks for the same mail only once.
    occasion = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=255, blank=True)

    class Meta:
        """The sweep reads what is due."""

        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="mail_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Name the message."""
        return self.message
