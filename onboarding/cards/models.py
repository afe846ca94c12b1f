"""Cards, who has them, and the money that goes with them.

``HandOut``, ``Receipt`` and ``LedgerEntry`` are acts: the database itself refuses to
change or remove their rows. ``Holding`` and ``OpenDeposit`` are claims: they exist only
so that nobody can hold two cards or owe two deposits, and say nothing that the acts do
not say.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person


class Place(models.TextChoices):
    """Where something was done."""

    DESK = "desk", _("library service desk")
    TUTOR = "tutor", _("Opening Week tutor")


class Wish(models.TextChoices):
    """What a student says about the way to the card."""

    NONE = "none"
    EARLIER = "earlier"
    ABSENT = "absent"


class Kind(models.TextChoices):
    """What a ledger entry is; more come with refunds and closings."""

    DEPOSIT_DUE = "deposit_due"
    DEPOSIT_IN = "deposit_in"
    DEPOSIT_WAIVER = "deposit_waiver"
    DEPOSIT_REFUND = "deposit_refund"
    FEE_DUE = "fee_due"
    FEE_IN = "fee_in"
    FEE_WAIVER = "fee_waiver"


class Account(models.TextChoices):
    """Where money stands."""

    # What students still owe us.
    OPEN = "open"
    # What we owe students once they bring the card back.
    DEPOSITS = "deposits"
    FEES = "fees"
    CASH = "cash"


class Reason(models.TextChoices):
    """Why nobody has to pay; a code, without details."""

    HARDSHIP = "hardship", _("Hardship")
    SCHOLARSHIP = "scholarship", _("Scholarship")
    UNIVERSITY = "university", _("The university pays")


class Card(models.Model):
    """A Leuphana Card: a number. Where it is, is derived from its acts."""

    number = models.CharField(max_length=16, unique=True)
    known_since = models.DateTimeField()

    def __str__(self) -> str:
        """Give the number with its middle hidden."""
        return f"{self.number[:3]}…{self.number[-4:]}"


class RouteWish(models.Model):
    """What a student said about the way to the card; the newest row counts."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="route_wishes"
    )
    wish = models.CharField(max_length=8, choices=Wish.choices)
    at = models.DateTimeField()

    class Meta:
        """Read per person, newest first."""

        indexes: ClassVar = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        """Give the wish."""
        return self.wish


class HandOut(models.Model):
    """A card was given to a person; never changed, never removed."""

    # Made where the act was done: the same act again has no second effect.
    act = models.UUIDField(unique=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="hand_outs")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="hand_outs"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=8, choices=Place.choices)

    def __str__(self) -> str:
        """Name card and person."""
        return f"{self.card_id} to {self.person_id}"


class Holding(models.Model):
    """The claim of a person to the card in hand: one card each, one person each."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="holding"
    )
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="holding")
    hand_out = models.OneToOneField(
        HandOut, on_delete=models.PROTECT, related_name="holding"
    )

    def __str__(self) -> str:
        """Name card and person."""
        return f"{self.card_id} with {self.person_id}"


class ReceiptSeries(models.Model):
    """Numbers of receipts that run without gaps: one series for each issuer."""

    name = models.CharField(max_length=16, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """Give the series."""
        return self.name


class Receipt(models.Model):
    """What somebody got who paid; its amount is that of its entries."""

    series = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="receipts"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=8, choices=Place.choices)

    class Meta:
        """A number is used once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "number"], name="one_receipt_per_number"
            )
        ]

    def __str__(self) -> str:
        """Give the number as it is printed."""
        return f"{self.series}-{self.number:05}"


class LedgerEntry(models.Model):
    """Cents that move from one account to another: every row balances by itself.

    What a person owes is what stands against them in ``open``: due less paid, waived.
    """

    act = models.UUIDField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    cents = models.PositiveIntegerField()
    debit = models.CharField(max_length=12, choices=Account.choices)
    credit = models.CharField(max_length=12, choices=Account.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="ledger_entries"
    )
    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, null=True, related_name="ledger_entries"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=8, choices=Place.choices)
    # A code, for whatever needs one.
    reason = models.CharField(max_length=16, blank=True)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, null=True, related_name="entries"
    )

    class Meta:
        """An act posts each kind once, and never nothing."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act", "kind"], name="one_entry_per_act_and_kind"
            ),
            models.CheckConstraint(
                name="ledger_entry_moves_something", condition=models.Q(cents__gt=0)
            ),
            models.CheckConstraint(
                name="ledger_entry_has_two_sides",
                condition=~models.Q(debit=models.F("credit")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "at"])]

    def __str__(self) -> str:
        """Give kind and cents."""
        return f"{self.kind}:{self.cents}"


class OpenDeposit(models.Model):
    """The claim to a person's one deposit; gone once it is refunded or lost."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="open_deposit"
    )
    due = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    # The entry that paid or waived it; empty while it is still to be paid.
    settlement = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        """Say whose it is, by number."""
        return f"deposit of {self.person_id}"
