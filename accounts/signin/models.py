"""What signing in has to remember: tries, codes, addresses, consent."""

from typing import ClassVar

from django.db import models

from accounts.people.models import Person


class Attempts(models.Model):
    """The tries at one account, known or not; the name itself is not kept."""

    # HMAC of the canonical account name: people type passwords into that field.
    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    # Before this moment no try is evaluated.
    open_at = models.DateTimeField()
    # Until when, at the longest, the bind that is under way may take.
    busy_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Give the count."""
        return str(self.failures)


class Acceptance(models.Model):
    """One person's consent to one version of one document."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    document = models.CharField(max_length=16)
    version = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """A version is accepted once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "document", "version"], name="accepted_once"
            )
        ]

    def __str__(self) -> str:
        """Name document and version."""
        return f"{self.document} {self.version}"


class RecoveryAddress(models.Model):
    """A private address that its owner has proved; used for recovery alone."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="recovery_address"
    )
    address = models.CharField(max_length=254)
    proved_at = models.DateTimeField()

    def __str__(self) -> str:
        """Say whose it is, by number."""
        return f"recovery address of {self.person_id}"


class Purpose(models.TextChoices):
    """What a code that comes by mail is for."""

    PROVE_ADDRESS = "prove_address"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose
    PROVE_MAILBOX = "prove_mailbox"


class MailedCode(models.Model):
    """A code that was sent by mail, bound to person, address, purpose and session.

    Only its hash is kept. It is born when the mail is sent (``digest`` is empty until
    then), is used once, and the newest alone is good.
    """

    # Empty where somebody asked in the name of an account that has no address: such a
    # row leads to nothing, and takes the same time.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    address = models.CharField(max_length=254)
    # The session's own random handle; the code is good nowhere else.
    session = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    good_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Name the purpose."""
        return self.purpose
