"""How far the hall is, group by group: who has a card, what is paid, what is left."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.journal.models import Event
from onboarding.cards.models import (
    BoxCount,
    Direction,
    Holding,
    Kind,
    LedgerEntry,
    Move,
    OpenDeposit,
    RouteWish,
    Side,
    Spot,
    Wish,
)
from onboarding.cards.route import Route, route_of
from onboarding.cards.stock import current
from onboarding.enrolment.facts import programmes_of
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.handout import conflicts, phones, turns
from onboarding.handout.models import Phone, PhoneAct, Resolution, What
from onboarding.handout.outcomes import DONE
from onboarding.handout.paper import is_paper

# Phones of this week; a phone is silent that was not heard of for so long.
SHOWN_FOR = timedelta(days=7)
SILENT_AFTER = timedelta(minutes=10)
_WAIVERS = frozenset({Kind.DEPOSIT_WAIVER.value, Kind.FEE_WAIVER.value})


class Mark(StrEnum):
    """What is counted of students: where the card is, and what became of the deposit.

    One of the first four holds for everybody, one of the others for who has a card.
    """

    CARD = "card"
    MISSING = "missing"
    DECLINED = "declined"
    LIBRARY = "library"
    PAID = "paid"
    OPEN = "open"
    WAIVED = "waived"


WHERE = (Mark.CARD, Mark.MISSING, Mark.DECLINED, Mark.LIBRARY)
DEPOSITS = (Mark.PAID, Mark.OPEN, Mark.WAIVED)
WORDS: Mapping[Mark, Promise] = {
    Mark.CARD: _("has the card"),
    Mark.MISSING: _("is missing"),
    Mark.DECLINED: _("wants none"),
    Mark.LIBRARY: _("goes to the library"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A group's box: what lies in it, what was counted when it came and went."""

    lying: int = 0
    given: BoxCount | None = None
    taken: BoxCount | None = None
    given_back: BoxCount | None = None
    taken_back: BoxCount | None = None

    @property
    def expected(self) -> int | None:
        """Give how many cards the box came with, by the moves."""
        return self.given.expected if self.given else None

    @property
    def is_back(self) -> bool:
        """Say whether two people signed for it on its way back, and it stayed there."""
        if self.taken_back is None or self.given_back is None:
            return False
        return self.given is None or self.given.noted_at <= self.taken_back.noted_at

    @property
    def difference(self) -> int:
        """Give how many more cards were counted than the moves say; fewer below zero.

        The last count that somebody signed for is the one that holds.
        """
        signed = (self.taken_back, self.given_back, self.taken, self.given)
        newest = next((one for one in signed if one is not None), None)
        return newest.counted - newest.expected if newest else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """One group in numbers, or all of them in one."""

    counted: Mapping[Mark, int]
    group: TutorGroup | None = None
    box: Box = field(default_factory=Box)
    # How many phones are silent, and how many acts they had not sent when last heard.
    phones: int = 0
    silent: int = 0
    unsent: int = 0
    conflicts: int = 0

    @property
    def everybody(self) -> int:
        """Give how many students there are."""
        return sum(self.counted[mark] for mark in WHERE)

    @property
    def done(self) -> int:
        """Give how many students the tutors need not wait for."""
        return self.everybody - self.counted[Mark.MISSING]


@dataclass(frozen=True, slots=True)
class Board:
    """All groups, and all of them together."""

    groups: tuple[Figures, ...]
    whole: Figures
    phones: tuple[tuple[Phone, bool], ...]


def board(*, at: datetime) -> Board:
    """Count everything; as many questions for any number of groups."""
    groups = list(TutorGroup.objects.order_by("number"))
    marked = marks(at=at)
    counted: defaultdict[int, Counter[Mark]] = defaultdict(Counter)
    for (_person, group), its in marked.items():
        counted[group].update(its)
    known, heard = boxes(), _phones(at)
    by_group = _by_group(groups, heard, at)
    waits = _conflicts()
    rows = tuple(
        Figures(
            counted=counted[one.pk],
            group=one,
            box=known.get(one.pk, Box()),
            phones=len(by_group[one.pk]),
            silent=sum(silent for _phone, silent in by_group[one.pk]),
            unsent=sum(phone.waiting for phone, _ in by_group[one.pk]),
            conflicts=waits.get(one.pk, 0),
        )
        for one in groups
    )
    return Board(rows, _whole(rows, heard, waits), heard)


def marks(*, at: datetime) -> dict[tuple[int, int], frozenset[Mark]]:
    """Give what holds for everybody in a group, by person and group (ids)."""
    places = dict(GroupPlace.objects.values_list("person_id", "group_id"))
    people = list(places)
    has: Set[int] = frozenset(Holding.objects.values_list("person_id", flat=True))
    said = PhoneAct.objects.filter(kind=What.DECLINED, outcome=DONE)
    accounts = said.values_list("person_id", "person__merged_into_id")
    declined = {stays or one for one, stays in accounts}
    to_library = _to_library(people, at)
    deposits = _deposits()
    return {
        (person, group): frozenset(
            {_where(person, has, declined, to_library)}
            | ({deposits[person]} if person in deposits else set())
        )
        for person, group in places.items()
    }


def version(*, at: datetime) -> str:
    """Name what the board shows: another as soon as anything has happened."""
    newest = [
        model.objects.aggregate(last=Max("pk"))["last"] or 0
        for model in (Event, Move, LedgerEntry, BoxCount, Resolution)
    ]
    heard = Phone.objects.filter(heard_at__gte=at - SHOWN_FOR)
    talking = heard.filter(heard_at__gte=at - SILENT_AFTER).count()
    said = heard.aggregate(all=Count("pk"), unsent=Sum("waiting"))
    kept = PhoneAct.objects.count()
    facts = (*newest, kept, talking, said["all"], said["unsent"] or 0)
    return "-".join(str(one) for one in facts)


def _where(
    person: int, has: Set[int], declined: Set[int | None], to_library: Set[int]
) -> Mark:
    if person in has:
        return Mark.CARD
    if person in declined:
        return Mark.DECLINED
    return Mark.LIBRARY if person in to_library else Mark.MISSING


def _to_library(people: Sequence[int], at: datetime) -> set[int]:
    """Give who gets the card at the library's desk, whatever the tutor does."""
    on = timezone.localdate(at)
    programmes = programmes_of(people)
    said = RouteWish.objects.order_by("at", "pk").values_list("person_id", "wish")
    wishes = dict(said)
    return {
        one
        for one in people
        if route_of(
            programmes=programmes.get(one, ()),
            in_a_group=True,
            wish=Wish(wishes.get(one, Wish.NONE)),
            # After the week this still tells who got nothing in it.
            opening_until=None,
            on=on,
        )
        is Route.LIBRARY
    }


def _deposits() -> dict[int, Mark]:
    claims = OpenDeposit.objects.filter(person__holding__isnull=False)
    return {
        person: Mark.OPEN
        if kind is None
        else Mark.WAIVED
        if kind in _WAIVERS
        else Mark.PAID
        for person, kind in claims.values_list("person_id", "settlement__kind")
    }


def boxes() -> dict[int, Box]:
    """Give every box that ever was, by group (id); two questions for all."""
    lying = dict(
        current()
        .filter(target=Spot.BOX)
        .order_by()
        .values_list("group_id")
        .annotate(cards=Count("pk"))
    )
    counts: defaultdict[int, dict[str, BoxCount]] = defaultdict(dict)
    for one in BoxCount.objects.order_by("noted_at", "pk"):
        counts[one.group_id][_SIGNED[one.way, one.side]] = one
    return {
        group: Box(lying=lying.get(group, 0), **counts[group])
        for group in lying.keys() | counts.keys()
    }


_SIGNED = {
    (Direction.OUT.value, Side.GIVEN.value): "given",
    (Direction.OUT.value, Side.TAKEN.value): "taken",
    (Direction.BACK.value, Side.GIVEN.value): "given_back",
    (Direction.BACK.value, Side.TAKEN.value): "taken_back",
}


def _phones(at: datetime) -> tuple[tuple[Phone, bool], ...]:
    return tuple(
        (one, at - one.heard_at > SILENT_AFTER)
        for one in phones.seen_since(at - SHOWN_FOR)
        if not is_paper(one)
    )


def _by_group(
    groups: Iterable[TutorGroup], heard: Iterable[tuple[Phone, bool]], at: datetime
) -> dict[int, list[tuple[Phone, bool]]]:
    """Give the phones of whoever hands out for each group today."""
    theirs: defaultdict[str, list[tuple[Phone, bool]]] = defaultdict(list)
    for phone, silent in heard:
        if phone.shut_out_at is None:
            theirs[phone.person.account_name].append((phone, silent))
    accounts = turns.accounts_of(groups, at=at)
    return {
        group: [phone for account in names for phone in theirs[account]]
        for group, names in accounts.items()
    }


def _conflicts() -> dict[int | None, int]:
    rows = conflicts.waiting().order_by().values_list("group_id")
    return dict(rows.annotate(acts=Count("pk")))


def _whole(
    rows: Sequence[Figures],
    heard: Sequence[tuple[Phone, bool]],
    waits: Mapping[int | None, int],
) -> Figures:
    counted: Counter[Mark] = Counter()
    for one in rows:
        counted.update(one.counted)
    return Figures(
        counted=counted,
        box=Box(lying=sum(one.box.lying for one in rows)),
        phones=len(heard),
        silent=sum(silent for phone, silent in heard if phone.shut_out_at is None),
        unsent=sum(phone.waiting for phone, _ in heard),
        conflicts=sum(waits.values()),
    )
