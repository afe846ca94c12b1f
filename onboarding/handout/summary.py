"""The week in sums: each kind of figure from two sides, so that nothing can hide.

What moves say of a box is compared with what lies in it; what the ledger says of a
till with what was counted and signed for.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from onboarding.cards.models import (
    Account,
    Card,
    Kind,
    LedgerEntry,
    Move,
    Place,
    Shift,
    Spot,
)
from onboarding.cards.stock import current
from onboarding.enrolment.models import TutorGroup


@dataclass(frozen=True, slots=True)
class BoxSum:
    """What went into a group's box, and where all of it is."""

    group: TutorGroup
    put_in: int = 0
    handed_out: int = 0
    back: int = 0
    missing: int = 0
    defective: int = 0
    elsewhere: int = 0
    lying: int = 0

    @property
    def unaccounted(self) -> int:
        """Give how many cards no row explains; nothing, where all is well."""
        gone = self.handed_out + self.back + self.missing + self.defective
        return self.put_in - gone - self.elsewhere - self.lying


@dataclass(frozen=True, slots=True)
class TillSum:
    """A tutor's till in cents: what came, what was counted, what was handed over."""

    shift: Shift
    float_cents: int
    taken: int
    difference: int
    counted: int | None
    handed_over: int | None
    # What the ledger says has to lie there still.
    lying: int

    @property
    def unaccounted(self) -> int:
        """Give the cents that no row explains; nothing, where all is well."""
        came = self.float_cents + self.taken + self.difference
        return came - (self.handed_over or 0) - self.lying


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything there is to say of a week's cards and cash."""

    boxes: tuple[BoxSum, ...]
    tills: tuple[TillSum, ...]
    cards: int
    spots: tuple[tuple[Spot, int], ...]
    whole: Counter[str] = field(default_factory=Counter)
    cash: Counter[str] = field(default_factory=Counter)

    @property
    def unaccounted_cards(self) -> int:
        """Give how many cards are nowhere, or unexplained in a box."""
        nowhere = self.cards - sum(number for _spot, number in self.spots)
        return abs(nowhere) + sum(abs(one.unaccounted) for one in self.boxes)

    @property
    def unaccounted_cents(self) -> int:
        """Give the cents that are unexplained in a till."""
        return sum(abs(one.unaccounted) for one in self.tills)

    @property
    def settled(self) -> bool:
        """Say whether every box is empty, every till handed over, all explained."""
        away = all(one.handed_over is not None for one in self.tills)
        empty = not any(one.lying for one in self.boxes)
        return away and empty and not (self.unaccounted_cards or self.unaccounted_cents)


OF_BOXES = (
    *("put_in", "handed_out", "back", "missing", "defective", "elsewhere"),
    *("lying", "unaccounted"),
)
OF_TILLS = (
    *("float_cents", "taken", "difference", "counted", "handed_over"),
    *("lying", "unaccounted"),
)


def summary() -> Summary:
    """Add everything up; as many questions for any number of groups and tills."""
    boxes, tills = _boxes(), _tills()
    spots = dict(current().order_by().values_list("target").annotate(cards=Count("pk")))
    whole: Counter[str] = Counter()
    for box in boxes:
        whole.update({name: getattr(box, name) for name in OF_BOXES})
    cash: Counter[str] = Counter()
    for till in tills:
        cash.update({name: getattr(till, name) or 0 for name in OF_TILLS})
    return Summary(
        boxes=boxes,
        tills=tills,
        cards=Card.objects.count(),
        spots=tuple((spot, spots.get(spot.value, 0)) for spot in Spot),
        whole=whole,
        cash=cash,
    )


def _boxes() -> tuple[BoxSum, ...]:
    """Follow every card through the boxes that it lay in."""
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    last, box = None, None
    moves = Move.objects.order_by("card_id", "number")
    for card, source, target, group in moves.values_list(
        "card_id", "source", "target", "group_id"
    ):
        if card != last:
            last, box = card, None
        if target == Spot.BOX:
            # Back from a person: the hand-out was taken back.
            what = "handed_out" if source == Spot.PERSON else "put_in"
            counted[group][what] += -1 if source == Spot.PERSON else 1
            if source == Spot.BOX and box is not None:
                counted[box]["elsewhere"] += 1
            box = group
        elif source == Spot.BOX and box is not None:
            counted[box][_GONE.get(target, "elsewhere")] += 1
    lying = dict(
        current()
        .filter(target=Spot.BOX)
        .order_by()
        .values_list("group_id")
        .annotate(cards=Count("pk"))
    )
    groups = TutorGroup.objects.filter(pk__in=counted).order_by("number")
    return tuple(
        BoxSum(group=one, lying=lying.get(one.pk, 0), **counted[one.pk])
        for one in groups
    )


_GONE = {
    Spot.PERSON.value: "handed_out",
    Spot.STOCK.value: "back",
    Spot.LOST.value: "missing",
    Spot.DEFECTIVE.value: "defective",
}


def _tills() -> tuple[TillSum, ...]:
    shifts = Shift.objects.filter(place=Place.TUTOR).select_related(
        "by", "counting", "handing_over"
    )
    cash = _cash()
    return tuple(_till(one, cash[one.pk]) for one in shifts.order_by("pk"))


def _till(shift: Shift, cash: Counter[str]) -> TillSum:
    counted = getattr(shift, "counting", None)
    gone = getattr(shift, "handing_over", None)
    return TillSum(
        shift=shift,
        float_cents=shift.float_cents,
        taken=cash["taken"],
        difference=cash["difference"],
        counted=counted.counted_cents if counted else None,
        handed_over=gone.cents if gone else None,
        lying=cash["lying"],
    )


def _cash() -> defaultdict[int, Counter[str]]:
    """Give what the ledger says of each tutor's till (id), in cents."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = LedgerEntry.objects.filter(
        Q(debit=Account.CASH) | Q(credit=Account.CASH), shift__place=Place.TUTOR
    )
    sums = rows.order_by().values_list("shift_id", "kind", "debit")
    for shift, kind, debit, cents in sums.annotate(cents=Sum("cents")):
        signed = cents if debit == Account.CASH else -cents
        found[shift]["lying"] += signed
        if kind in {Kind.OVER, Kind.SHORT}:
            found[shift]["difference"] += signed
        elif kind not in {Kind.FLOAT_OUT, Kind.HAND_OVER}:
            found[shift]["taken"] += signed
    return found
