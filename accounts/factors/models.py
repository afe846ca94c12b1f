"""What somebody of the staff proves the second factor with, and ways back to one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person


class Kind(models.TextChoices):
    """What kind of thing it is."""

    APP = "app", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


class Factor(models.Model):
    """One authenticator app (TOTP, RFC 6238) or passkey (WebAuthn) of one person.

    It counts from its confirmation to its removal, and no row goes.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # An app's secret, sealed; gone with its removal.
    secret = models.TextField(blank=True)
    # The newest step of time whose code was used: no code is good twice.
    last_step = models.BigIntegerField(default=0)
    # Wrong codes since the last right one.
    refused = models.PositiveIntegerField(default=0)
    # A passkey's id (base64url), public key (COSE) and signature counter.
    credential = models.CharField(max_length=1400, blank=True)
    public_key = models.BinaryField(default=bytes)
    sign_count = models.BigIntegerField(default=0)

    class Meta:
        """A passkey belongs to one person, once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["credential"],
                condition=~Q(credential=""),
                name="passkey_once",
            )
        ]

    def __str__(self) -> str:
        """Name the kind."""
        return self.kind


class WayBack(models.Model):
    """A code with which somebody sets up a new factor after the lead removed all.

    Only its keyed hash is kept; it is used once, and the newest alone is good.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="ways_back"
    )
    # Empty where the operator did it on the console.
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="ways_back_given"
    )
    digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    good_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Say whose it is, by number."""
        return f"way back of {self.person_id}"
