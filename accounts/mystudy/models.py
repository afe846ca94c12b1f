"""Accounts of myStudy's own, and since when which cohort needs one."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from accounts.people.models import Person


class Login(models.TextChoices):
    """What opens myStudy: an account of its own, or the Leuphana account."""

    OWN = "own"
    LEUPHANA = "leuphana"


class MyStudyAccount(models.Model):
    """A person's account in ou=mystudy; the directory alone knows its password."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="mystudy_account"
    )
    user_name = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # Not by another system, say for somebody who teaches.
    made_here = models.BooleanField(default=True)

    class Meta:
        """User names are compared in small letters, as the directory does."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user_name=Lower("user_name")),
                name="mystudy_user_name_in_small_letters",
            )
        ]

    def __str__(self) -> str:
        """Say whose it is, by number."""
        return f"myStudy account of {self.person_id}"


class MyStudyMode(models.Model):
    """From a day on, one cohort signs in to myStudy in one way.

    Rows are never changed: what was decided when, and by whom, stays to be read. Of
    two for the same day the later one counts.
    """

    cohort_code = models.CharField(max_length=8)
    from_date = models.DateField()
    mode = models.CharField(max_length=8, choices=Login.choices)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        """In the order in which they count."""

        ordering: ClassVar = ["cohort_code", "from_date", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(mode__in=Login.values), name="mystudy_mode_is_known"
            )
        ]

    def __str__(self) -> str:
        """Name cohort, day and mode."""
        return f"{self.cohort_code} from {self.from_date}: {self.mode}"
