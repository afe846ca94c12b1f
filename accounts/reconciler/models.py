"""What target systems have said: of people, and when asked whether they are there."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Evidence(models.Model):
    """One thing that one system says of one person.

    A row stays when the system no longer says so: a finished step stays finished.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="evidence"
    )
    system = models.CharField(max_length=24)
    key = models.CharField(max_length=32)
    value = models.CharField(max_length=255)
    first_seen_at = models.DateTimeField()
    # When the system said this value last.
    seen_at = models.DateTimeField()

    class Meta:
        """A system says one thing of a person at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "system", "key"], name="one_evidence_per_key"
            )
        ]

    def __str__(self) -> str:
        """Name system, key and person."""
        return f"{self.system}:{self.key}:{self.person_id}"


class Pulse(models.Model):
    """What one system said when it was last asked whether it is there."""

    system = models.CharField(max_length=24, primary_key=True)
    asked_at = models.DateTimeField()
    # What is the matter, in the words of the work table; empty where it answered.
    word = models.CharField(max_length=255)
    silent_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Name the system, and what is the matter."""
        return f"{self.system}:{self.word}"
