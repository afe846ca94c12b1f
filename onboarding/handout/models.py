"""Who hands out beside the tutor file, with which phone, and what the phones say.

``PhoneAct`` and ``Resolution`` are acts: the database itself refuses to change or
remove their rows. Whatever a phone sends is kept, whether or not it could be done.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.enrolment.models import Cohort, TutorGroup


class Turn(models.Model):
    """Somebody hands out for a group on these days, beside the tutor file's people."""

    group = models.ForeignKey(
        TutorGroup, on_delete=models.CASCADE, related_name="turns"
    )
    # As in the tutor file: a colleague who never signed in has no record here.
    account = models.CharField(max_length=64)
    first = models.DateField()
    last = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Taken back early; what was done before stays right.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        """Read per account; no turn ends before it begins."""

        indexes: ClassVar = [models.Index(fields=["account"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="turn_ends_after_it_begins",
                condition=models.Q(last__gte=models.F("first")),
            )
        ]

    def __str__(self) -> str:
        """Name account and group by number."""
        return f"{self.account} for {self.group_id}"


class Phone(models.Model):
    """A phone with today's list on it: whose it is, and when it was last heard of."""

    # Made on the phone.
    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="phones")
    device = models.CharField(max_length=32, blank=True)
    enrolled_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    # How many acts it said it had not sent yet.
    waiting = models.PositiveIntegerField(default=0)
    app = models.CharField(max_length=32, blank=True)
    shut_out_at = models.DateTimeField(null=True)
    shut_out_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        """Give the kind of device."""
        return self.device


class What(models.TextChoices):
    """What a phone may say."""

    HAND_OUT = "hand_out", _("Hand-out")
    SETTLE = "settle", _("Deposit received")
    UNDO = "undo", _("Taken back")
    SWAP = "swap", _("Cards swapped")
    DEFECTIVE = "defective", _("Card put aside")
    DECLINED = "declined", _("Wants no card")
    TO_COORDINATOR = "to_coordinator", _("Sent to you")
    BOX_COUNT = "box_count", _("Box counted")
    OPEN_SHIFT = "open_shift", _("Float counted")
    COUNT_SHIFT = "count_shift", _("Cash counted")


class PhoneAct(models.Model):
    """What a phone said was done, and what became of it; never changed or removed."""

    # Made on the phone: the same act again has no second effect.
    id = models.UUIDField(primary_key=True)
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="acts")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="phone_acts")
    kind = models.CharField(max_length=16, blank=True)
    group = models.ForeignKey(
        TutorGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Whom it is about, where somebody is.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What the phone sent, whole.
    body = models.JSONField()
    # When it happened, by the portal's clock; by the phone's; and when it came.
    at = models.DateTimeField()
    said_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    skew_ms = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=24)
    # What the phone was told, beside the outcome: told again when it asks again.
    answer = models.JSONField(default=dict)

    class Meta:
        """Read as it came, and per person."""

        ordering: ClassVar = ["noted_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["outcome", "noted_at"])]

    def __str__(self) -> str:
        """Give kind and outcome."""
        return f"{self.kind}: {self.outcome}"

    @property
    def whose(self) -> Person | None:
        """Give whom it is about, as the account that is open today."""
        return self.person.current if self.person else None

    @cached_property
    def week(self) -> Cohort | None:
        """Give the semester in whose Opening Week it happened; read once."""
        return Cohort.opening_on(timezone.localdate(self.at))


class How(models.TextChoices):
    """What the coordinator made of an act that could not be done by itself."""

    RECORDED = "recorded", _("recorded as it happened")
    REPLACED = "replaced", _("recorded in the place of what stood")
    LEFT = "left", _("left as it stands")


class Resolution(models.Model):
    """The coordinator looked at an act; never changed, never removed."""

    phone_act = models.OneToOneField(
        PhoneAct, on_delete=models.PROTECT, related_name="resolution"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=12, choices=How.choices)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        """Give what was made of it."""
        return self.how
