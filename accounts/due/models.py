"""The one work table: whom to look at, in which system."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Sync(models.Model):
    """One person in one target system.

    ``generation`` counts the times somebody said "look again"; the row is settled
    when ``settled_generation`` has caught up. There is no state column: a row is at
    work while a lease runs, due while ``due_at`` has passed, else at rest.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="syncs"
    )
    system = models.CharField(max_length=24)
    due_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=1)
    settled_generation = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=255, blank=True)
    # Since the first try that failed; further looks change nothing of it.
    failing_since = models.DateTimeField(null=True)

    class Meta:
        """One row per person and system; the sweep reads what is due, oldest first."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "system"], name="one_sync_per_person_and_system"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["system", "due_at"],
                name="sync_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Name system and person."""
        return f"{self.system}:{self.person_id}"

    @property
    def settled(self) -> bool:
        """Say whether everything that was asked for so far has been done."""
        return self.settled_generation >= self.generation
