"""Tills to look at: what was counted, what differed, who took the cash over."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from onboarding.cards.models import Kind, Place, Shift


@dataclass(frozen=True, slots=True)
class Till:
    """One till; what should lie in it is said only once it was counted."""

    shift: Shift
    counted: int | None
    # Cents that were too many (or, below zero, too few) when it was counted.
    difference: int

    @property
    def expected(self) -> int | None:
        """Give what should have lain in it."""
        return None if self.counted is None else self.counted - self.difference

    @property
    def waiting(self) -> bool:
        """Say whether the counted cash waits for a second person."""
        return self.counted is not None and not hasattr(self.shift, "handing_over")


def open_desk_till() -> Shift | None:
    """Give the desk's till of now, if cash has come since the last closing."""
    return Shift.objects.filter(place=Place.DESK, counting=None).first()


def newest_first(place: Place | None = None) -> QuerySet[Shift]:
    """Give the shifts with all that a list of tills shows, with one question."""
    shifts = Shift.objects.select_related("by", "counting__by", "handing_over__by")
    if place is not None:
        shifts = shifts.filter(place=place)
    return shifts.annotate(
        over=Coalesce(Sum("entries__cents", filter=Q(entries__kind=Kind.OVER)), 0),
        short=Coalesce(Sum("entries__cents", filter=Q(entries__kind=Kind.SHORT)), 0),
    ).order_by("-opened_at", "-pk")


def tills_of(shifts: Iterable[Shift]) -> list[Till]:
    """Give the tills of these rows of ``newest_first``."""
    return [
        Till(
            shift=shift,
            counted=shift.counting.counted_cents
            if hasattr(shift, "counting")
            else None,
            difference=shift.over - shift.short,  # type: ignore[attr-defined]
        )
        for shift in shifts
    ]
