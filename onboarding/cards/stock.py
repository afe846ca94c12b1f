"""Where cards are: one move after the other, each an act, none of them ever edited."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.models import (
    BoxCount,
    Card,
    Delivery,
    Direction,
    Move,
    Place,
    Side,
    Spot,
    Why,
)
from onboarding.cards.refusals import CannotMove, CardMoved
from onboarding.enrolment.models import TutorGroup

# From where a card gets where.
WAYS: dict[str, frozenset[Spot]] = {
    "": frozenset({Spot.STOCK}),
    Spot.STOCK: frozenset(
        {Spot.BOX, Spot.PERSON, Spot.DEFECTIVE, Spot.LOST, Spot.BLOCKED}
    ),
    Spot.BOX: frozenset(
        {Spot.STOCK, Spot.BOX, Spot.PERSON, Spot.DEFECTIVE, Spot.LOST, Spot.BLOCKED}
    ),
    Spot.PERSON: frozenset(
        {Spot.PERSON, Spot.RETURNED, Spot.DEFECTIVE, Spot.LOST, Spot.BLOCKED}
    ),
    Spot.RETURNED: frozenset({Spot.STOCK, Spot.BLOCKED}),
    Spot.DEFECTIVE: frozenset({Spot.STOCK, Spot.BLOCKED}),
    Spot.LOST: frozenset({Spot.RETURNED, Spot.STOCK, Spot.BLOCKED}),
    Spot.BLOCKED: frozenset({Spot.RETURNED, Spot.STOCK}),
}


def newest(card: Card) -> Move | None:
    """Give the move that says where a card is."""
    moves = card.moves.select_related("by", "group", "person")
    return moves.order_by("-number").first()


def where(number: str) -> Move | None:
    """Give the move that says where the card with this number is, and the card."""
    moves = Move.objects.select_related("card")
    return moves.filter(card__number=number).order_by("-number").first()


def current() -> QuerySet[Move]:
    """Give the newest move of every card: one row a card."""
    later = Move.objects.filter(card=OuterRef("card"), number__gt=OuterRef("number"))
    return Move.objects.filter(~Exists(later))


def counts() -> dict[Spot, int]:
    """Give how many cards are at each spot."""
    found = current().order_by().values_list("target").annotate(cards=Count("pk"))
    many = dict(found)
    return {spot: many.get(spot, 0) for spot in Spot}


def box_of(group: TutorGroup) -> tuple[Card, ...]:
    """Give the cards that lie in a group's box, in the order of their numbers."""
    mine = current().filter(target=Spot.BOX, group=group).select_related("card")
    return tuple(move.card for move in mine.order_by("card__number"))


def move(  # noqa: PLR0913 - a move has that many sides
    *,
    act: UUID,
    card: Card,
    to: Spot,
    by: Person,
    at: datetime,
    place: Place = Place.DESK,
    noted_at: datetime | None = None,
    group: TutorGroup | None = None,
    person: Person | None = None,
    reason: Why | None = None,
    last: Move | None = None,
) -> Move:
    """Move a card on; the same act again gives what it gave.

    ``last`` says where the card is, if that has been read. Raises CannotMove where
    there is no such way, CardMoved where somebody was first.
    """
    last = last or newest(card)
    if last is not None and (last.act, last.target) == (act, to):
        return last
    source = last.target if last else ""
    if to not in WAYS[source]:
        raise CannotMove(source=source, target=to)
    leaver = last.person if last and source == Spot.PERSON else None
    return _append(
        Move(
            act=act,
            card=card,
            number=(last.number if last else 0) + 1,
            source=source,
            target=to,
            group=group if to is Spot.BOX else None,
            person=person or leaver,
            by=by,
            at=at,
            noted_at=noted_at or at,
            place=place,
            reason=reason or "",
        )
    )


def put_back(*, act: Act, given: Move, reason: Why = Why.MISTAKE) -> Move:
    """Put a card back to where a hand-out took it from; raises CardMoved."""
    before = given.card.moves.get(number=given.number - 1)
    return _append(
        Move(
            act=act.id,
            card=given.card,
            number=given.number + 1,
            source=given.target,
            target=given.source,
            group=before.group,
            person=given.person,
            by=act.by,
            at=act.at,
            noted_at=act.noted,
            place=act.place,
            reason=reason,
        )
    )


def _append(move: Move) -> Move:
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError as first:
        raise CardMoved from first
    return move


def moved_by(act: Act, card: Card, *, to: Spot, reason: Why | None = None) -> Move:
    """Move a card within somebody's act; see ``move``."""
    return move(
        act=act.id,
        card=card,
        to=to,
        by=act.by,
        at=act.at,
        place=act.place,
        noted_at=act.noted_at,
        reason=reason,
    )


def deliver(  # noqa: PLR0913 - a delivery has that many sides
    *,
    act: UUID,
    numbers: Sequence[str],
    counted: int,
    by: Person,
    at: datetime,
    meant_for: dict[str, Person] | None = None,
) -> Delivery:
    """Take cards into the stock; numbers that are known already are left alone.

    ``counted`` is what was counted by hand. The same act again gives what it gave.
    Raises CardMoved where somebody takes the same cards in at the same moment.
    """
    done = Delivery.objects.filter(act=act).first()
    if done is not None:
        return done
    try:
        return _deliver(act, numbers, counted, by, at, meant_for or {})
    except IntegrityError as first:
        raise CardMoved from first


def _deliver(  # noqa: PLR0913, PLR0917 - as above
    act: UUID,
    numbers: Sequence[str],
    counted: int,
    by: Person,
    at: datetime,
    owners: dict[str, Person],
) -> Delivery:
    with transaction.atomic():
        known = set(
            Card.objects.filter(number__in=numbers).values_list("number", flat=True)
        )
        new = Card.objects.bulk_create(
            [
                Card(number=one, known_since=at, meant_for=owners.get(one))
                for one in dict.fromkeys(numbers)
                if one not in known
            ],
            batch_size=500,
        )
        _arrive(new, act, by, at)
        facts = {"cards": len(new), "counted": counted}
        record(what="cards_delivered", at=at, who=by.pk, facts=facts)
        return Delivery.objects.create(
            act=act, counted=counted, numbers=len(new), by=by, at=at
        )


def arrived(number: str, act: Act) -> Move:
    """Take a card into the stock that no delivery named, and give where it is.

    Somebody holds it in hand, so it is here, whatever the lists say.
    """
    card, _ = Card.objects.get_or_create(
        number=number, defaults={"known_since": act.at}
    )
    try:
        with transaction.atomic():
            _arrive([card], None, act.by, act.at)
    except IntegrityError:
        # Another desk was as quick.
        pass
    return card.moves.select_related("card", "by").latest("number")


def allot(
    *,
    act: UUID,
    group: TutorGroup,
    cards: Iterable[Card],
    by: Person,
    at: datetime,
) -> BoxCount:
    """Put cards into a group's box and sign for the number of them.

    The same act again gives what it gave. Raises CannotMove, CardMoved.
    """
    with transaction.atomic():
        done = BoxCount.objects.filter(act=act).first()
        if done is not None:
            return done
        for card in cards:
            move(act=act, card=card, to=Spot.BOX, group=group, by=by, at=at)
        there = len(box_of(group))
        return sign(
            act=act,
            group=group,
            way=Direction.OUT,
            side=Side.GIVEN,
            counted=there,
            by=by,
            at=at,
        )


def sign(  # noqa: PLR0913 - a signature has that many sides
    *,
    act: UUID,
    group: TutorGroup,
    way: Direction,
    side: Side,
    counted: int,
    by: Person,
    at: datetime,
    noted_at: datetime | None = None,
) -> BoxCount:
    """Note what somebody counted in a box; the same act again gives what it gave."""
    with transaction.atomic():
        done = BoxCount.objects.filter(act=act).first()
        if done is not None:
            return done
        facts = {"group": group.number, "counted": counted}
        record(what="box_counted", at=at, who=by.pk, facts=facts)
        return BoxCount.objects.create(
            act=act,
            group=group,
            way=way,
            side=side,
            counted=counted,
            expected=len(box_of(group)),
            by=by,
            at=at,
            noted_at=noted_at or at,
        )


def bring_back(
    *,
    act: UUID,
    group: TutorGroup,
    cards: Iterable[Card],
    by: Person,
    at: datetime,
) -> BoxCount:
    """Take what is left of a group's box back into the stock, counted card by card.

    What the moves put into the box and nobody counted stays there, to be looked for.
    The same act again gives what it gave. Raises CannotMove, CardMoved.
    """
    with transaction.atomic():
        done = BoxCount.objects.filter(act=act).first()
        if done is not None:
            return done
        back = tuple(cards)
        counted = sign(
            act=act,
            group=group,
            way=Direction.BACK,
            side=Side.TAKEN,
            counted=len(back),
            by=by,
            at=at,
        )
        for card in back:
            move(act=act, card=card, to=Spot.STOCK, by=by, at=at)
        return counted


def _arrive(cards: Sequence[Card], act: UUID | None, by: Person, at: datetime) -> None:
    Move.objects.bulk_create(
        [
            Move(
                act=act or uuid4(),
                card=card,
                number=1,
                source="",
                target=Spot.STOCK,
                by=by,
                at=at,
                noted_at=at,
                place=Place.DESK,
            )
            for card in cards
        ],
        batch_size=500,
    )
