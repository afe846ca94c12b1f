"""Leuphana addresses: whose each is or was, for good."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from accounts.people.models import Person


class MailAddress(models.Model):
    """One address. Its row is never deleted, so nobody else ever gets it."""

    # Empty once the person is forgotten; the address stays taken.
    person = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        related_name="mail_addresses",
    )
    address = models.CharField(max_length=254, unique=True)
    chosen_at = models.DateTimeField()
    # When a code that was sent to the mailbox came back.
    proved_at = models.DateTimeField(null=True)
    # When another one took its place; mail to it still arrives.
    retired_at = models.DateTimeField(null=True)
    # Not one that the university gave before there was a portal.
    made_by_rule = models.BooleanField(default=True)
    # When the directory turned out to have it for somebody else.
    refused_at = models.DateTimeField(null=True)

    class Meta:
        """One address in use for each person."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(retired_at=None),
                name="one_mail_address_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")),
                name="mail_address_in_small_letters",
            ),
        ]

    def __str__(self) -> str:
        """Say whose it is, by number."""
        return f"address of {self.person_id}"
