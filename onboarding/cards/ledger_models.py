"""The money that goes with cards: an append-only double-entry ledger in cents.

``LedgerEntry``, ``Receipt``, ``Shift``, ``ShiftCount``, ``ShiftHandOver`` and
``CashDecision`` are acts: the database itself refuses to change or remove their rows; a
correction is a counter-entry. ``OpenDeposit`` is a claim: it forbids a second open
deposit for the same person, and says nothing that the entries do not say.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.cards.stock_models import Card, Place


class Kind(models.TextChoices):
    """What a ledger entry is."""

    DEPOSIT_DUE = "deposit_due", _("Deposit due")
    DEPOSIT_IN = "deposit_in", _("Deposit paid")
    DEPOSIT_WAIVER = "deposit_waiver", _("Deposit waived")
    DEPOSIT_REFUND = "deposit_refund", _("Deposit paid back")
    # The deposit of a card that is lost stays with the library.
    WRITE_OFF = "write_off", _("Deposit kept for a lost card")
    # That of a lost card which nobody had paid before it was waived.
    WRITE_OFF_WAIVER = "write_off_waiver", _("Deposit of a lost card waived")
    FEE_DUE = "fee_due", _("Library fee due")
    FEE_IN = "fee_in", _("Library fee paid")
    FEE_WAIVER = "fee_waiver", _("Library fee waived")
    REPLACEMENT_DUE = "replacement_due", _("Replacement fee due")
    REPLACEMENT_IN = "replacement_in", _("Replacement fee paid")
    REPLACEMENT_WAIVER = "replacement_waiver", _("Replacement fee waived")
    SURPLUS_IN = "surplus_in", _("Paid though nothing was due")
    # What was paid for a card that was taken back, while the till is elsewhere.
    SURPLUS_MOVED = "surplus_moved", _("Paid for a card that was taken back")
    SURPLUS_REFUND = "surplus_refund", _("Surplus paid back")
    FLOAT_OUT = "float_out", _("Float")
    HAND_OVER = "hand_over", _("Cash handed over")
    OVER = "over", _("More cash than recorded")
    SHORT = "short", _("Less cash than recorded")


class Account(models.TextChoices):
    """Where money stands."""

    OPEN = "open", _("Still to be paid by students")
    DEPOSITS = "deposits", _("Deposits of cards in hand")
    FEES = "fees", _("Library fees")
    REPLACEMENTS = "replacements", _("Replacement fees")
    FORFEITED = "forfeited", _("Deposits of lost cards")
    SURPLUS = "surplus", _("To be paid back")
    CASH = "cash", _("In the tills")
    SAFE = "safe", _("Handed over")
    DIFFERENCES = "differences", _("Cash differences")


class Reason(models.TextChoices):
    """Why nobody has to pay; a code, without details."""

    HARDSHIP = "hardship", _("Hardship")
    SCHOLARSHIP = "scholarship", _("Scholarship")
    UNIVERSITY = "university", _("The university pays")


class Correction(models.TextChoices):
    """Why an entry is taken back by a counter-entry; a code."""

    MISTAKE = "mistake", _("Recorded by mistake")
    UNDONE = "undone", _("Taken back within ten minutes")
    MERGED = "merged", _("Two accounts of one person were merged")
    CARD_BACK = "card_back", _("The card came back unpaid")


class Shift(models.Model):
    """Somebody takes a till, with the cash that lies in it."""

    # Made where the till is, so that opening it again has no second effect.
    key = models.UUIDField(unique=True)
    place = models.CharField(max_length=8, choices=Place.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    # How its receipts are numbered: L26 for the desk of 2026, T17 for a tutor's shift.
    series = models.CharField(max_length=16)
    float_cents = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        """Give the series of its receipts."""
        return self.series


class ShiftCount(models.Model):
    """The cash of a till was counted, before anybody said what there should be."""

    shift = models.OneToOneField(
        Shift, on_delete=models.PROTECT, related_name="counting"
    )
    act = models.UUIDField(unique=True)
    counted_cents = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        """Give the cents."""
        return str(self.counted_cents)


class ShiftHandOver(models.Model):
    """Somebody else took the counted cash over, signed in as themselves."""

    shift = models.OneToOneField(
        Shift, on_delete=models.PROTECT, related_name="handing_over"
    )
    act = models.UUIDField(unique=True)
    cents = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Give the cents."""
        return str(self.cents)


class CashDecision(models.Model):
    """Finance decides from when until when tutors take cash; the newest holds."""

    # Both empty: they take none.
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        """A period has two ends, in this order, or none."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="cash_period_has_two_ends",
                condition=models.Q(begins_at=None, ends_at=None)
                | models.Q(begins_at__lt=models.F("ends_at")),
            )
        ]

    def __str__(self) -> str:
        """Give the period."""
        return f"{self.begins_at} – {self.ends_at}"


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


_CASH = models.Q(debit=Account.CASH) | models.Q(credit=Account.CASH)


class LedgerEntry(models.Model):
    """Cents that move from one account to another: every row balances by itself.

    What a person owes is what stands against them in ``open``: due less paid, waived.
    """

    act = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cents = models.PositiveIntegerField()
    debit = models.CharField(max_length=12, choices=Account.choices)
    credit = models.CharField(max_length=12, choices=Account.choices)
    # Empty where it is about a till alone.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="ledger_entries"
    )
    card = models.ForeignKey(
        Card, on_delete=models.PROTECT, null=True, related_name="ledger_entries"
    )
    # Whose till the cash went into or came out of.
    shift = models.ForeignKey(
        Shift, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=8, choices=Place.choices)
    # A code, for whatever needs one.
    reason = models.CharField(max_length=16, blank=True)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    # The entry that this one takes back, its sides changed.
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta:
        """An act posts each kind once, and never nothing."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["act", "kind"],
                condition=models.Q(reverses=None),
                name="one_entry_per_act_and_kind",
            ),
            models.CheckConstraint(
                name="ledger_entry_moves_something", condition=models.Q(cents__gt=0)
            ),
            models.CheckConstraint(
                name="ledger_entry_has_two_sides",
                condition=~models.Q(debit=models.F("credit")),
            ),
            models.CheckConstraint(
                name="cash_lies_in_a_till",
                condition=_CASH & models.Q(shift__isnull=False)
                | ~_CASH & models.Q(shift=None),
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
