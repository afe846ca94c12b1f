"""The journal: who did what to whom, when and why; rows are only ever added."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Event(models.Model):
    """One act; the database refuses to change or to remove it."""

    at = models.DateTimeField()
    what = models.CharField(max_length=48)
    # Empty where the act concerns no single person (an import, say).
    whom = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="journal",
    )
    # Empty where the portal itself acted.
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="acts",
    )
    why = models.CharField(max_length=255, blank=True)
    # No names, addresses or secrets: a count, say, or a document's version.
    facts = models.JSONField(default=dict)

    class Meta:
        """Read per person, or as a whole, newest first."""

        indexes: ClassVar = [
            models.Index(fields=["whom", "-at"]),
            models.Index(fields=["who", "-at"]),
            models.Index(fields=["-at", "-id"]),
        ]
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        """Give the act's name."""
        return self.what
