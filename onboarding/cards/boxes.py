"""Boxes of the tutor groups: what each should hold, holds, and brings back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.people.models import Person
from onboarding.cards import stock
from onboarding.cards.acts import Act
from onboarding.cards.models import BoxCount, Card, Direction, Side, Spot, Why
from onboarding.cards.number_lists import Fault, Listed, Row, read_list, without
from onboarding.cards.refusals import OwnBox
from onboarding.cards.returns import set_aside
from onboarding.enrolment.models import TutorGroup


@dataclass(frozen=True, slots=True)
class Box:
    """How a group's box stands."""

    group: TutorGroup
    # People in the group, and cards that the moves put into the box.
    members: int
    cards: int
    # What was counted last, where somebody counted.
    given: int | None = None
    taken: int | None = None
    # What the moves said when the group counted: some may have been handed out by then.
    taken_expected: int | None = None
    back: int | None = None
    # What the moves said when it was counted back.
    back_expected: int | None = None

    @property
    def differs(self) -> bool:
        """Say whether two numbers do not fit that should."""
        fits = self.taken == self.taken_expected and self.back == self.back_expected
        return not fits


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cards go into which box, and which lines are of no use."""

    listed: Listed
    boxes: dict[TutorGroup, list[Card]] = field(default_factory=dict)

    @property
    def cards(self) -> int:
        """Give how many cards move."""
        return sum(len(cards) for cards in self.boxes.values())


def all_boxes() -> list[Box]:
    """Give every group's box; three questions, however many there are."""
    groups = TutorGroup.objects.annotate(members=Count("places")).order_by("number")
    lying = stock.current().filter(target=Spot.BOX).values_list("group", flat=True)
    cards = Counter(lying)
    counted: dict[tuple[int, str, str], BoxCount] = {}
    for one in BoxCount.objects.order_by("at", "pk"):
        counted[one.group_id, one.way, one.side] = one
    boxes = []
    for group in groups:
        given = counted.get((group.pk, Direction.OUT, Side.GIVEN))
        taken = counted.get((group.pk, Direction.OUT, Side.TAKEN))
        back = counted.get((group.pk, Direction.BACK, Side.TAKEN))
        boxes.append(
            Box(
                group=group,
                members=group.members,
                cards=cards[group.pk],
                given=given.counted if given else None,
                taken=taken.counted if taken else None,
                taken_expected=taken.expected if taken else None,
                back=back.counted if back else None,
                back_expected=back.expected if back else None,
            )
        )
    return boxes


def plan(text: str, *, group: TutorGroup | None = None) -> Plan:
    """Look through a list of cards for one group, or of ``number;group`` for many."""
    listed = read_list(text)
    groups = {str(one.number): one for one in TutorGroup.objects.all()}
    numbers = [row.number for row in listed.rows]
    moves = stock.current().select_related("card", "group")
    there = {one.card.number: one for one in moves.filter(card__number__in=numbers)}
    boxes: dict[TutorGroup, list[Card]] = {}
    faults = []
    for row in listed.rows:
        into = group or groups.get(row.second.lstrip("0"))
        move = there.get(row.number)
        if into is None:
            faults.append(_fault(row, _("There is no group with this number.")))
        elif move is None:
            faults.append(_fault(row, _("This number is in no delivery.")))
        elif move.target not in {Spot.STOCK, Spot.BOX}:
            faults.append(_fault(row, _recorded_as(Spot(move.target))))
        elif move.group_id == into.pk:
            faults.append(_fault(row, _("This card is in the box already.")))
        else:
            boxes.setdefault(into, []).append(move.card)
    return Plan(without(listed, faults), boxes)


def allot(*, act: UUID, plan: Plan, by: Person, at: datetime) -> None:
    """Put all cards of a plan into their boxes, in one transaction.

    The same act again changes nothing. Raises CannotMove, CardMoved.
    """
    with transaction.atomic():
        for group, cards in plan.boxes.items():
            mine = uuid5(act, str(group.pk))
            stock.allot(act=mine, group=group, cards=cards, by=by, at=at)


def done_before(act: UUID) -> bool:
    """Say whether an act has put cards into boxes already."""
    keys = TutorGroup.objects.values_list("pk", flat=True)
    mine = [uuid5(act, str(key)) for key in keys]
    return BoxCount.objects.filter(act__in=mine).exists()


def left_in(group: TutorGroup, text: str) -> Listed:
    """Read what was scanned of a box that comes back; only its own cards are rows."""
    listed = read_list(text)
    mine = {card.number for card in stock.box_of(group)}
    strange = [row for row in listed.rows if row.number not in mine]
    reason = _("This card is not in the box of this group.")
    return without(listed, [_fault(row, reason) for row in strange])


def missing_from(group: TutorGroup, found: Iterable[str]) -> list[Card]:
    """Give the cards that should lie in a box and were not scanned."""
    seen = set(found)
    return [card for card in stock.box_of(group) if card.number not in seen]


def take_back(
    *, act: Act, group: TutorGroup, found: Iterable[str], missing_are_lost: bool
) -> BoxCount:
    """Take a box back into the stock, counted card by card; the missing may be lost.

    Whoever gave it back cannot be the one who takes it. The same act again gives what
    it gave. Raises OwnBox, CannotMove, CardMoved.
    """
    with transaction.atomic():
        done = BoxCount.objects.filter(act=act.id).first()
        if done is not None:
            return done
        giver = BoxCount.objects.filter(
            group=group, way=Direction.BACK, side=Side.GIVEN
        )
        newest = giver.order_by("noted_at", "pk").last()
        if newest is not None and newest.by_id == act.by.pk:
            raise OwnBox
        seen = set(found)
        lying = stock.box_of(group)
        back = [card for card in lying if card.number in seen]
        counted = stock.bring_back(
            act=act.id, group=group, cards=back, by=act.by, at=act.at
        )
        if missing_are_lost:
            for card in missing_from(group, seen):
                set_aside(act=act, card=card, to=Spot.LOST, reason=Why.MISSING)
        return counted


def _fault(row: Row, reason: str) -> Fault:
    return Fault(row.line, row.number, reason)


def _recorded_as(spot: Spot) -> str:
    return _("This card is recorded as: %(spot)s.") % {"spot": str(spot.label)}
