"""What one colleague tells the others about a person; its subject may read it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person

LONGEST = 600


class Readers(models.TextChoices):
    """Which desks read a note."""

    HELP_DESK = "help_desk", _("help desk only")
    BOTH = "both", _("help desk and library service desk")


class Note(models.Model):
    """A few facts; never changed, by the database's own doing. Another one corrects."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=LONGEST)
    readers = models.CharField(max_length=16, choices=Readers.choices)

    class Meta:
        """Read per person, newest first."""

        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        """Say whose it is and who reads it; the text stays inside."""
        return f"{self.person_id} ({self.readers})"
