"""Who studies what, in which Opening Week group, and the files that say so."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.people.models import Person
from onboarding.enrolment.held_models import Held  # noqa: F401 - a table of this room


class Status(models.TextChoices):
    """What student administration says of an enrolment."""

    ENROLLED = "enrolled"
    LEAVE = "leave"
    WITHDRAWN = "withdrawn"
    EXMATRICULATED = "exmatriculated"


# Who has one of these is a student; who has only others has left or never came.
STUDYING = (Status.ENROLLED, Status.LEAVE)


def weight(*, status: str, status_date: date) -> tuple[bool, date]:
    """Give what decides between two rows about one programme of one person.

    The greater counts: by which somebody studies, else the later one.
    """
    return status in STUDYING, status_date


class School(models.TextChoices):
    """The university's schools."""

    COLLEGE = "College"
    GRADUATE = "Graduate School"
    PROFESSIONAL = "Professional School"


class Stage(models.TextChoices):
    """How far an uploaded file has come; derived, never stored."""

    READING = "reading"
    WAITING = "waiting"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DROPPED = "dropped"


class ProgrammeRow(models.Model):
    """What student administration says of one programme of a person."""

    degree = models.CharField(max_length=64)
    programme = models.CharField(max_length=255)
    school = models.CharField(max_length=32, choices=School.choices)
    faculty = models.CharField(max_length=128, blank=True)
    study_start = models.DateField()
    semester_no = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices)
    status_date = models.DateField()

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Name degree and programme."""
        return f"{self.degree} {self.programme}"


class Enrolment(ProgrammeRow):
    """One person in one programme, as the last export had it."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="enrolments"
    )

    class Meta:
        """A programme is named once per person."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "degree", "programme"],
                name="one_enrolment_per_programme",
            )
        ]


class FormerEnrolment(ProgrammeRow):
    """A programme that an account had when it was closed; it counts nowhere."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="former_enrolments"
    )

    class Meta:
        """An account is closed once, with whatever it had."""

        ordering: ClassVar = ["pk"]


class TutorGroup(models.Model):
    """A group of Opening Week, its tutor, and where and when it meets."""

    number = models.PositiveSmallIntegerField(unique=True)
    tutor_account = models.CharField(max_length=64, blank=True)
    deputy_account = models.CharField(max_length=64, blank=True)
    meeting_point = models.CharField(max_length=255, blank=True)
    meets_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Give the group's number."""
        return str(self.number)


class GroupPlace(models.Model):
    """The one group a person is in."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="group_place"
    )
    group = models.ForeignKey(
        TutorGroup, on_delete=models.PROTECT, related_name="places"
    )
    # The group that the export named last, 0 for none; empty where nobody knows. What
    # a coordinator moved stays until the export names another group than this.
    named = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        """Name person and group by number."""
        return f"{self.person_id} in {self.group_id}"


class FormerPlace(models.Model):
    """The group that an account was in when it was closed; it takes no place there."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="former_place"
    )
    group = models.ForeignKey(TutorGroup, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        """Name person and group by number."""
        return f"{self.person_id} was in {self.group_id}"


class AssignedNumber(models.Model):
    """A number out of the portal's own range that became an account name.

    The row stays when its owner is gone: a name is never given twice.
    """

    number = models.PositiveBigIntegerField(primary_key=True)

    def __str__(self) -> str:
        """Give the number."""
        return str(self.number)


class CohortFile(models.Model):
    """An enrolment export on its way from upload to people.

    What happened to it is derived from its times. ``content`` (gzip) and what names
    people are dropped once it is applied or too old (``IMPORTS_ARE_KEPT``).
    """

    name = models.CharField(max_length=255)
    # SHA-256 of the content: the same file twice is said to be so.
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    # Bytes of the content as it was uploaded.
    size = models.PositiveIntegerField(default=0)
    layout = models.TextField(blank=True)
    tutor_groups = models.BinaryField(null=True)
    # From the file's name or first comment line; empty where it says neither.
    made_at = models.DateTimeField(null=True)
    declared_rows = models.PositiveIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    previewed_at = models.DateTimeField(null=True)
    # Counts and the first rows of each list, as the preview page shows them.
    preview = models.JSONField(default=dict)
    # All rows of these lists (gzip), for the table.
    findings = models.BinaryField(null=True)
    names_people = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The brakes that whoever confirmed let go, by name.
    insisted = models.JSONField(default=list)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    # How often work on it began and never came to an end or to a failure.
    tries = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    # Nobody confirmed it in time, or somebody let it go.
    dropped_at = models.DateTimeField(null=True)
    # Nothing more is tried from then on.
    failed_at = models.DateTimeField(null=True)
    # Kept sentences (see ``wording``) of what goes wrong, while it does.
    failure = models.JSONField(default=list)

    class Meta:
        """The newest upload stands first."""

        ordering: ClassVar = ["-uploaded_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["uploaded_at"],
                name="cohort_file_under_way",
                condition=models.Q(content__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Give the file's name."""
        return self.name

    @property
    def stage(self) -> Stage:
        """Say how far the file has come."""
        if self.applied_at:
            return Stage.APPLIED
        if self.failed_at:
            return Stage.FAILED
        if self.dropped_at:
            return Stage.DROPPED
        if self.confirmed_at:
            return Stage.APPLYING
        return Stage.WAITING if self.previewed_at else Stage.READING


class Cohort(models.Model):
    """Everybody who begins in one semester: their Opening Week, and the desk's hours.

    A semester without a row, or without dates, is one that nobody has settled yet.
    """

    # Such as 2026ws or 2027ss; see ``opening_week``.
    code = models.CharField(max_length=6, unique=True)
    opening_from = models.DateField(null=True)
    opening_until = models.DateField(null=True)
    # When the library's service desk is open in these weeks, in either language.
    desk_hours_de = models.CharField(max_length=255, blank=True)
    desk_hours_en = models.CharField(max_length=255, blank=True)
    # When the coordinator closed the tutors' lists, where that is done.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """The newest semester stands first, and no week ends before it begins."""

        ordering: ClassVar = ["-code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opening_week_ends_after_it_begins",
                condition=models.Q(opening_from=None)
                | models.Q(opening_until=None)
                | models.Q(opening_until__gte=models.F("opening_from")),
            )
        ]

    def __str__(self) -> str:
        """Give the semester."""
        return self.code

    @classmethod
    def opening_on(cls, on: date) -> "Cohort | None":
        """Give the semester whose Opening Week this day lies in."""
        return cls.objects.filter(opening_from__lte=on, opening_until__gte=on).first()

    @property
    def last_day(self) -> date | None:
        """Give the last day on which tutors hand out; the day before the closing."""
        if self.closed_at is None:
            return self.opening_until
        return timezone.localdate(self.closed_at) - timedelta(days=1)

    def closed(self, *, at: datetime) -> bool:
        """Say whether the lists were closed at a moment."""
        return self.closed_at is not None and at >= self.closed_at

    def desk_hours(self, language: str) -> str:
        """Give the hours in a language, or in the other one."""
        mine = {"de": self.desk_hours_de, "en": self.desk_hours_en}
        return mine.get(language, "") or self.desk_hours_de or self.desk_hours_en
