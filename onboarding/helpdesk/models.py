"""What the desk keeps of its own: what one agent asks of another."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.people.models import Person


class Approval(models.Model):
    """One act that two agents answer for: asked by one, decided by another.

    It lapses by time; ``lapsed_at`` is set only where a newer request takes its place.
    """

    kind = models.CharField(max_length=32)
    # Empty where the act is for many.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What exactly is approved; no names, addresses or secrets.
    facts = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    used_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        """Two agents, one open request per kind and person, nothing used unapproved."""

        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="approved_by_somebody_else",
                condition=~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="decided_whole",
                condition=Q(decided_by=None, decided_at=None, approved=None)
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    approved__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="used_only_approved", condition=Q(used_at=None) | Q(approved=True)
            ),
            models.UniqueConstraint(
                name="one_open_approval",
                fields=["kind", "person"],
                condition=Q(used_at=None, lapsed_at=None)
                & (Q(approved=None) | Q(approved=True)),
            ),
        ]

    def __str__(self) -> str:
        """Name kind and number."""
        return f"{self.kind} {self.pk}"

    @property
    def good_until(self) -> datetime:
        """Give the end: of waiting for a decision, then of what was approved."""
        return (self.decided_at or self.asked_at) + settings.APPROVAL_LASTS
