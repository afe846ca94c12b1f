"""People whom the import holds back until somebody has looked."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet


class Ending(models.TextChoices):
    """How it came that somebody is held back no longer."""

    # Somebody of the desk looked, and let the rows in.
    RELEASED = "released"
    # A later export has good rows instead.
    CAME_RIGHT = "came_right"
    # No export has named the person for so long that nobody waits any more.
    TOO_OLD = "too_old"


class Held(models.Model):
    """The refused rows of one person, as the last export that has them says it.

    Once it has ended, the rows are gone; what was corrected stays, so that the same
    rows, when they come again, hold nobody back again.
    """

    person_key = models.CharField(max_length=64)
    # Each a ``line``, the ``cells`` by our columns, and ``faults``: our column (empty:
    # the whole row) and a kept ``reason`` (see ``wording``).
    rows = models.JSONField(default=list)
    # Tells whether the same rows come again.
    digest = models.CharField(max_length=64)
    # What the desk looks for: the words of the names in the search form, each after a
    # blank, the names as they are, and whole keys.
    words = models.CharField(max_length=800, blank=True)
    names = models.CharField(max_length=800, blank=True)
    matriculation_no = models.CharField(max_length=300, blank=True)
    account_name = models.CharField(max_length=300, blank=True)
    private_email = models.CharField(max_length=300, blank=True)
    confidential = models.BooleanField(default=False)
    held_at = models.DateTimeField()
    # When an export named the person so for the last time.
    named_at = models.DateTimeField()
    corrections = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True)

    class Meta:
        """Nobody is held back twice; those who wait longest stand first."""

        ordering: ClassVar = ["held_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_key"],
                name="held_back_once",
                condition=models.Q(ended_at=None),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_key"], name="held_by_person"),
            models.Index(
                fields=["held_at"],
                name="held_now",
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        """Give the person's key."""
        return self.person_key

    @classmethod
    def now(cls) -> "QuerySet[Held]":
        """Give those who are held back."""
        return cls.objects.filter(ended_at=None)

    @property
    def cells(self) -> Mapping[str, str]:
        """Give what the first of the rows says."""
        first: Mapping[str, str] = self.rows[0]["cells"] if self.rows else {}
        return first
