"""What students say of themselves where no system can tell."""

from typing import ClassVar

from django.db import models

from accounts.people.models import Person


class Tick(models.Model):
    """A person's own word that a step is done; taking it back ends the row."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ticks")
    step = models.CharField(max_length=32)
    ticked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        """A step is ticked once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "step"],
                condition=models.Q(taken_back_at=None),
                name="one_tick_per_step",
            )
        ]

    def __str__(self) -> str:
        """Name the step."""
        return self.step
