"""Cards, where they are, and who has them.

``Move``, ``BoxCount`` and ``Delivery`` are acts: the database itself refuses to change
or remove their rows. Where a card is, is what its newest move says. ``Holding`` is a
claim: it exists only so that nobody can hold two cards, and says nothing that the moves
do not say.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.enrolment.models import TutorGroup


class Place(models.TextChoices):
    """Where something was done."""

    DESK = "desk", _("library service desk")
    TUTOR = "tutor", _("Opening Week tutor")
    BOARD = "board", _("coordinators of Opening Week")
    HELP = "help", _("help desk")


class Wish(models.TextChoices):
    """What a student says about the way to the card."""

    NONE = "none"
    EARLIER = "earlier"
    ABSENT = "absent"


class Spot(models.TextChoices):
    """Where a card is; it is always at exactly one of them."""

    STOCK = "stock", _("library stock")
    BOX = "box", _("box of a tutor group")
    PERSON = "person", _("with a student")
    RETURNED = "returned", _("returned")
    DEFECTIVE = "defective", _("defective")
    LOST = "lost", _("lost")
    BLOCKED = "blocked", _("blocked")


class Why(models.TextChoices):
    """Why a card went where it is, where that needs a reason; a code."""

    MISTAKE = "mistake", _("recorded by mistake")
    SWAPPED = "swapped", _("two cards had changed hands")
    LOST = "lost", _("lost")
    STOLEN = "stolen", _("stolen")
    DAMAGED = "damaged", _("damaged, or does not work")
    LEFT = "left", _("left the university")
    FOUND = "found", _("found again")
    MERGED = "merged", _("two accounts of one person were merged")
    MISSING = "missing", _("missing from its box")
    OTHER = "other", _("another reason")


class Card(models.Model):
    """A Leuphana Card: a number. Where it is, is derived from its moves."""

    number = models.CharField(max_length=16, unique=True)
    known_since = models.DateTimeField()
    # A card that was made for one person goes to nobody else.
    meant_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="cards_made"
    )

    def __str__(self) -> str:
        """Give the number with its middle hidden."""
        return f"{self.number[:3]}…{self.number[-4:]}"


class Move(models.Model):
    """A card went from one spot to another; never changed, never removed."""

    # Made where the act was done: the same act again has no second effect.
    act = models.UUIDField()
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="moves")
    # The card's first move, its second …: two at once cannot both be the next.
    number = models.PositiveSmallIntegerField()
    # Empty where the card came into the house.
    source = models.CharField(max_length=12, choices=Spot.choices, blank=True)
    target = models.CharField(max_length=12, choices=Spot.choices)
    # Whose box the card came into.
    group = models.ForeignKey(
        TutorGroup, on_delete=models.PROTECT, null=True, related_name="moves"
    )
    # Who got the card, or else who had it.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="moves"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # When the portal learned of it: later, where there was no network.
    noted_at = models.DateTimeField()
    place = models.CharField(max_length=8, choices=Place.choices)
    reason = models.CharField(max_length=12, choices=Why.choices, blank=True)

    class Meta:
        """A card moves once per act, one move after the other."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "number"], name="one_next_move"),
            models.UniqueConstraint(fields=["act", "card"], name="one_move_per_act"),
            models.CheckConstraint(
                name="move_names_its_person",
                condition=~models.Q(target=Spot.PERSON)
                | models.Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="move_names_its_box",
                condition=models.Q(target=Spot.BOX, group__isnull=False)
                | ~models.Q(target=Spot.BOX) & models.Q(group__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "at"])]

    def __str__(self) -> str:
        """Name card and target."""
        return f"{self.card_id} to {self.target}"


class Holding(models.Model):
    """The claim of a person to the card in hand: one card each, one person each."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="holding"
    )
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="holding")
    move = models.OneToOneField(Move, on_delete=models.PROTECT, related_name="holding")

    def __str__(self) -> str:
        """Name card and person."""
        return f"{self.card_id} with {self.person_id}"


class Delivery(models.Model):
    """Cards came into the house, counted; its moves have the same act."""

    act = models.UUIDField(unique=True)
    # By hand, beside what the numbers say.
    counted = models.PositiveIntegerField()
    numbers = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Give how many there were."""
        return str(self.counted)


class Direction(models.TextChoices):
    """Which way a box goes."""

    OUT = "out", _("to the group")
    BACK = "back", _("back to the library")


class Side(models.TextChoices):
    """Who of the two counted."""

    GIVEN = "given", _("who gave it")
    TAKEN = "taken", _("who took it")


class BoxCount(models.Model):
    """Somebody signed for a group's box, with the number of cards counted in it."""

    act = models.UUIDField(unique=True)
    group = models.ForeignKey(
        TutorGroup, on_delete=models.PROTECT, related_name="box_counts"
    )
    way = models.CharField(max_length=4, choices=Direction.choices)
    side = models.CharField(max_length=5, choices=Side.choices)
    counted = models.PositiveSmallIntegerField()
    # How many the moves put into it at that moment, so that a difference stays seen.
    expected = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()

    class Meta:
        """Read per group, newest first."""

        indexes: ClassVar = [models.Index(fields=["group", "-at"])]

    def __str__(self) -> str:
        """Give both numbers."""
        return f"{self.counted} of {self.expected}"


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
