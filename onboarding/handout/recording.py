"""What each kind of act does in the rooms below, in the words of the tutors' app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.catalogue.standing import Programme
from accounts.journal.record import record
from accounts.people.models import Person
from accounts.people.questions import Question
from onboarding.cards import amounts, cash, handout, stock
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, keep_surplus, settle
from onboarding.cards.handles import by_handle
from onboarding.cards.models import (
    BoxCount,
    Card,
    Direction,
    Move,
    Place,
    RouteWish,
    Shift,
    Side,
    Spot,
    Why,
    Wish,
)
from onboarding.cards.numbers import NumberRefused, Rule, read
from onboarding.cards.refusals import (
    AlreadySettled,
    NotEnrolled,
    NothingOpen,
    NotInBox,
)
from onboarding.cards.returns import report
from onboarding.cards.route import Route, route_of
from onboarding.enrolment.facts import programmes_of_one
from onboarding.enrolment.models import Enrolment, GroupPlace, TutorGroup
from onboarding.handout.models import PhoneAct, What
from onboarding.handout.outcomes import DONE

MOST_CENTS = 1_000_000
_YEAR = timedelta(days=366)
_WISHES = Question(
    lambda person: (
        RouteWish.objects.filter(person=person)
        .order_by("at", "pk")
        .values_list("at", "wish")
    )
)
_TAKES_MONEY = frozenset({What.HAND_OUT.value, What.SETTLE.value})


class Kept(Exception):
    """The act waits for the coordinator."""

    def __init__(self, outcome: str) -> None:
        """Know why."""
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act, whom it was about, what else the phone is told."""

    outcome: str = DONE
    person: Person | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def carry_out(act: PhoneAct) -> Done:
    """Do what an act says; raises Kept, and what the rooms below refuse (Refused)."""
    do = _DOING.get(act.kind)
    if do is None:
        raise Kept("unreadable")
    return do(act)


def keep_money(act: PhoneAct, *, outcome: str) -> Done:
    """Keep an act for the coordinator; money really taken is booked as surplus.

    So what lies in the till is what the ledger says, whatever becomes of the act.
    """
    person = student(act, act.body.get("handle") or act.body.get("one"))
    person = person or _of_what_is_taken_back(act)
    cents = taken(act)
    if cents and person is not None and (shift := _till(act)) is not None:
        keep_surplus(act=as_act(act, person), cents=cents)
        cash.late(shift=shift, by=act.by, at=act.at)
    return Done(outcome, person)


def _of_what_is_taken_back(act: PhoneAct) -> Person | None:
    of = str(_uuid(act.body.get("of")) or act.pk)
    given = PhoneAct.objects.filter(pk=of, by=act.by).first()
    return given.person.current if given and given.person else None


def taken(act: PhoneAct) -> int:
    """Give the cents that a tutor took with an act: as the phone says, or the price."""
    money = act.kind == What.SETTLE or act.body.get("deposit") == Settlement.PAID
    if act.kind not in _TAKES_MONEY or not money:
        return 0
    on = timezone.localdate(act.at)
    said = act.body.get("cents")
    if isinstance(said, int) and 0 < said < MOST_CENTS:
        return said
    return amounts.deposit(on=on) + amounts.library_fee(on=on)


def student(act: PhoneAct, handle: object) -> Person | None:
    """Give whoever has a handle: in the group of the act, in any other, or in none."""
    found = _in_group(act, handle)
    if found is not None or not handle:
        return found
    on = timezone.localdate(act.at)
    everybody = Person.objects.filter(group_place__isnull=False)
    here = _by_handle(everybody, handle, on=on)
    return here or _by_handle(_without_group(on), handle, on=on)


def _without_group(on: date) -> QuerySet[Person]:
    """Give whoever began within the year and is in no group: left, or taken out."""
    began = {"study_start__gt": on - _YEAR, "study_start__lte": on + _YEAR}
    newcomers = Enrolment.objects.filter(**began).values("person")
    return Person.objects.filter(group_place=None, pk__in=newcomers)


def _in_group(act: PhoneAct, handle: object) -> Person | None:
    if act.group is None:
        return None
    people = Person.objects.filter(group_place__group=act.group)
    return _by_handle(people, handle, on=timezone.localdate(act.at))


def _by_handle(people: QuerySet[Person], handle: object, *, on: date) -> Person | None:
    """Find somebody, also by a list from before two accounts were merged."""
    found = by_handle(people, on=on).get(str(handle))
    if found is None:
        merged = Person.objects.filter(merged_into__in=people)
        found = by_handle(merged.select_related("merged_into"), on=on).get(str(handle))
    return found


def as_act(act: PhoneAct, person: Person) -> Act:
    """Give the act as the room of cards knows them."""
    receipt = act.body.get("receipt")
    return Act(
        id=act.pk,
        person=person,
        by=act.by,
        at=act.at,
        place=Place.TUTOR,
        noted_at=act.noted_at,
        shift=_shift(act),
        receipt_number=receipt if isinstance(receipt, int) and receipt > 0 else None,
    )


def number_of(act: PhoneAct) -> str:
    """Give the card's number; raises Kept where it is none."""
    try:
        return read(str(act.body.get("number", "")), rule=Rule.in_force()).number
    except NumberRefused as none:
        raise Kept("no_number") from none


# --- One kind each ------------------------------------------------------------------


def _hand_out(act: PhoneAct) -> Done:
    person = _member(act, act.body.get("handle"))
    number = number_of(act)
    programmes = programmes_of_one(person.pk)
    _from_tutor(act, person, programmes)
    mine = as_act(act, person)
    give = partial(_give, act=mine, number=number)
    paid = act.body.get("deposit") == Settlement.PAID
    try:
        give(box=act.group, how=Settlement.PAID if paid else Settlement.OPEN)
    except (AlreadySettled, NothingOpen):
        # The card was given all the same; what was taken is too much.
        give(box=act.group, how=Settlement.OPEN)
        keep_surplus(act=mine, cents=taken(act))
    cash.late(shift=mine.shift, by=act.by, at=act.at)
    return Done(person=person)


def _give(*, box: TutorGroup | None, **more: Any) -> None:
    """Hand out of a group's box; from anywhere where it never had one."""
    try:
        handout.hand_out_new(box=box, **more)
    except NotInBox:
        if Move.objects.filter(target=Spot.BOX, group=box).exists():
            raise
        handout.hand_out_new(**more)


def _settle(act: PhoneAct) -> Done:
    person = _member(act, act.body.get("handle"))
    mine = as_act(act, person)
    settle(act=mine, how=Settlement.PAID)
    cash.late(shift=mine.shift, by=act.by, at=act.at)
    return Done(person=person)


def _undo(act: PhoneAct) -> Done:
    of = str(_uuid(act.body.get("of")) or act.pk)
    given = PhoneAct.objects.filter(pk=of, kind=What.HAND_OUT, by=act.by).first()
    if given is None or given.person is None:
        raise Kept("nothing_to_undo")
    if given.outcome != DONE:
        raise Kept("undo_of_kept")
    person = given.person.current
    handout.undo(act=as_act(act, person), of=given.pk)
    cash.late(shift=_shift(given), by=act.by, at=act.at)
    return Done(person=person)


def _swap(act: PhoneAct) -> Done:
    one, other = (_member(act, act.body.get(key)) for key in ("one", "other"))
    handout.swap(act=as_act(act, one), other=other)
    return Done(person=one)


def _defective(act: PhoneAct) -> Done:
    card = Card.objects.filter(number=number_of(act)).first()
    if card is None:
        raise Kept("not_in_box")
    last = stock.newest(card)
    if last is not None and last.target == Spot.PERSON and last.person is not None:
        _check_member(act, last.person)
        mine = as_act(act, last.person)
        report(act=mine, to=Spot.DEFECTIVE, reason=Why.DAMAGED)
        return Done(person=last.person)
    if last is None or (last.target == Spot.BOX and last.group_id != act.group_id):
        # Another group's card is nobody's business here.
        raise Kept("not_in_box")
    stock.move(
        act=act.pk,
        card=card,
        to=Spot.DEFECTIVE,
        by=act.by,
        at=act.at,
        place=Place.TUTOR,
        noted_at=act.noted_at,
        reason=Why.DAMAGED,
    )
    return Done()


def _declined(act: PhoneAct) -> Done:
    person = _member(act, act.body.get("handle"))
    facts = {"place": str(Place.TUTOR)}
    record(what="card_declined", at=act.at, whom=person.pk, who=act.by.pk, facts=facts)
    return Done(person=person)


def _box_count(act: PhoneAct) -> Done:
    counted = act.body.get("counted")
    if act.group is None or not isinstance(counted, int) or counted < 0:
        raise Kept("unreadable")
    # The first count takes the box over, later ones give it back.
    mine = BoxCount.objects.filter(group=act.group, side=Side.TAKEN)
    first = not mine.filter(way=Direction.OUT).exists()
    signed = stock.sign(
        act=act.pk,
        group=act.group,
        way=Direction.OUT if first else Direction.BACK,
        side=Side.TAKEN if first else Side.GIVEN,
        counted=counted,
        by=act.by,
        at=act.at,
        noted_at=act.noted_at,
    )
    return Done(more={"expected": signed.expected})


def _open_shift(act: PhoneAct) -> Done:
    key, cents = _uuid(act.body.get("shift")), act.body.get("float_cents")
    if key is None or not isinstance(cents, int) or not 0 <= cents < MOST_CENTS:
        raise Kept("unreadable")
    cash.open_shift(
        key=key, by=act.by, float_cents=cents, at=act.at, noted_at=act.noted_at
    )
    # The float was counted, whoever allowed it: it is booked, and looked at.
    allowed = cash.allowed(at=act.at)
    return Done(DONE if allowed else "cash_off")


def _count_shift(act: PhoneAct) -> Done:
    key, cents = _uuid(act.body.get("shift")), act.body.get("counted_cents")
    if key is None or not isinstance(cents, int) or not 0 <= cents < MOST_CENTS:
        raise Kept("unreadable")
    shift = Shift.objects.filter(key=key, by=act.by).first()
    if shift is None:
        raise Kept("no_shift")
    there = cash.expected(shift)
    cash.count(
        key=key,
        act=act.pk,
        counted_cents=cents,
        by=act.by,
        at=act.at,
        noted_at=act.noted_at,
    )
    return Done(more={"difference_cents": cents - there})


_DOING: Mapping[str, Callable[[PhoneAct], Done]] = {
    What.HAND_OUT: _hand_out,
    What.SETTLE: _settle,
    What.UNDO: _undo,
    What.SWAP: _swap,
    What.DEFECTIVE: _defective,
    What.DECLINED: _declined,
    What.BOX_COUNT: _box_count,
    What.OPEN_SHIFT: _open_shift,
    What.COUNT_SHIFT: _count_shift,
}


def _member(act: PhoneAct, handle: object) -> Person:
    person = _in_group(act, handle)
    if person is None:
        raise Kept("not_in_group")
    return person


def _check_member(act: PhoneAct, person: Person) -> None:
    if not GroupPlace.objects.filter(person=person, group=act.group).exists():
        raise Kept("not_in_group")


def _from_tutor(act: PhoneAct, person: Person, programmes: Sequence[Programme]) -> None:
    """Keep what belongs to the library's desk; judged at the time of the act."""
    on, week = timezone.localdate(act.at), act.week
    if not any(one.holds(on) for one in programmes):
        raise NotEnrolled
    route = route_of(
        programmes=programmes,
        in_a_group=True,
        wish=_wish(person, act),
        opening_until=week.opening_until if week else None,
        on=on,
    )
    if route is Route.LIBRARY:
        raise Kept("route_library")


def _wish(person: Person, act: PhoneAct) -> Wish:
    said = [wish for at, wish in _WISHES(person.pk) if at <= act.at]
    return Wish(said[-1]) if said else Wish.NONE


def _till(act: PhoneAct) -> Shift | None:
    """Give the till that money lies in, also where no float was ever counted."""
    key = _uuid(act.body.get("shift"))
    if key is None or Shift.objects.filter(key=key).exclude(by=act.by).exists():
        return None
    known = Shift.objects.filter(key=key).first()
    return known or cash.open_shift(
        key=key, by=act.by, float_cents=0, at=act.at, noted_at=act.noted_at
    )


def _shift(act: PhoneAct) -> Shift | None:
    key = _uuid(act.body.get("shift"))
    return Shift.objects.filter(key=key, by=act.by).first() if key else None


def _uuid(said: object) -> UUID | None:
    try:
        return UUID(str(said))
    except ValueError:
        return None
