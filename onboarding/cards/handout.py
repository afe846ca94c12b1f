"""Handing out a card: person, card and deposit in one act, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.journal.record import record
from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from accounts.post.send import ask_for
from onboarding.cards import stock
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, charge, settle
from onboarding.cards.models import Card, Holding, Move, Place, Reason, Spot, Why
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadyHasCard,
    CannotMove,
    CardMoved,
    CardTaken,
    MeantForAnother,
    NoCard,
    NotEnrolled,
    NotGivenOut,
    NothingToUndo,
    NotInBox,
    OwnRecord,
    TooLate,
)
from onboarding.cards.unwinding import unwind
from onboarding.enrolment.facts import studies
from onboarding.enrolment.models import TutorGroup

RECORDED = "card_recorded"
UNDO_WITHIN = timedelta(minutes=10)
_GIVEN_OUT_FROM = frozenset({Spot.STOCK.value, Spot.BOX.value})


def hand_out(
    *,
    act: Act,
    number: str,
    how: Settlement,
    reason: Reason | None = None,
    box: TutorGroup | None = None,
) -> Move:
    """Record that a person got a card, and what became of the deposit.

    With ``box`` the card has to lie in that group's box; without, it comes from where
    it is, and from the stock where no delivery named it. The same act again gives what
    it gave. Raises OwnRecord, NotEnrolled, AlreadyHasCard, CardTaken, NotInBox,
    NotGivenOut, MeantForAnother, ActDiffers, NoShift; then nothing is recorded, no
    money either.
    """
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        if done := same_act(act, number):
            return done
        check_studies(act)
        return hand_out_new(act=act, number=number, how=how, reason=reason, box=box)


def hand_out_new(
    *,
    act: Act,
    number: str,
    how: Settlement,
    reason: Reason | None = None,
    box: TutorGroup | None = None,
) -> Move:
    """Do what ``hand_out`` does for a caller that has looked at two things itself.

    That this act was not done before, and whether the person studies here: who got a
    card on the day and has left since has the card all the same.
    """
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        card, last = card_to_give(number, act, box)
        if last.target == Spot.PERSON:
            return same_act(act, number) or _refuse(act, card)
        try:
            with transaction.atomic():
                given = give(act, card, last=last)
        except (IntegrityError, CardMoved, CannotMove):
            return same_act(act, number) or _refuse(act, card)
        charge(act=act, card=card)
        settle(act=act, how=how, reason=reason)
        tell(act, given)
        return given


def foresee(*, act: Act, number: str) -> None:
    """Refuse what ``hand_out`` would refuse now; records nothing.

    Raises NotEnrolled, AlreadyHasCard, and what ``foresee_card`` raises.
    """
    claims = Holding.objects.select_related("move__by")
    if mine := claims.filter(person=act.person).first():
        raise AlreadyHasCard(mine.move)
    foresee_card(act=act, number=number)


def foresee_card(*, act: Act, number: str) -> None:
    """Refuse a card that cannot be given to a person now; records nothing.

    Raises NotEnrolled, CardTaken, NotGivenOut, MeantForAnother.
    """
    check_studies(act)
    last = stock.where(number)
    if last is None:
        return
    _check_given_out(last, act)
    if last.target == Spot.PERSON:
        raise CardTaken(last)


def undo(*, act: Act, of: UUID, reason: Why = Why.MISTAKE) -> Move:
    """Take a hand-out back: the card goes where it came from, the money too.

    A tutor can do so for ten minutes, and only what the tutor recorded. Where the cash
    lies in another's till, it becomes a refund task. The same act again gives what it
    gave. Raises OwnRecord, NothingToUndo, TooLate.
    """
    with transaction.atomic():
        taken_back = Move.objects.filter(act=act.id, source=Spot.PERSON)
        if done := taken_back.first():
            return done
        try:
            given = _given(act, of)
        except NothingToUndo:
            # The same act, sent twice at once, has waited for itself.
            if done := taken_back.all().first():
                return done
            raise
        if act.place is Place.TUTOR and not act.at < given.at + UNDO_WITHIN:
            raise TooLate
        Holding.objects.filter(card=given.card).delete()
        back = stock.put_back(act=act, given=given, reason=reason)
        unwind(act=act, of=of)
        systems_look(act)
        record(what="card_taken_back", **act.about(place=str(act.place)))
        return back


def swap(*, act: Act, other: Person) -> None:
    """Exchange the cards of two people: the numbers change hands, the money stays.

    The same act again changes nothing. Raises OwnRecord, NoCard.
    """
    pair = (act.person, other)
    if act.by.pk in {one.pk for one in pair}:
        raise OwnRecord
    with transaction.atomic():
        if Move.objects.filter(act=act.id).exists():
            return
        held = _held(pair)
        if any(one.move.act == act.id for one in held):
            # The same act, sent twice at once, has waited for itself.
            return
        Holding.objects.filter(pk__in=[one.pk for one in held]).delete()
        for receiver, had in zip(pair, reversed(held), strict=True):
            mine = Act(
                act.id, receiver, act.by, act.at, act.place, noted_at=act.noted_at
            )
            give(mine, had.card, reason=Why.SWAPPED)
            record(what="cards_swapped", **mine.about(place=str(act.place)))
        # Both at once: rows of several people are locked in one order everywhere.
        mark(people=[one.pk for one in pair], systems=systems.OF_CARDS, at=act.noted)


def card_numbers_of(people: Sequence[int]) -> Mapping[int, str]:
    """Give the numbers of the cards that these people (ids) have, with one query."""
    held = Holding.objects.filter(person__in=people)
    return dict(held.values_list("person_id", "card__number"))


def give(
    act: Act, card: Card, *, last: Move | None = None, reason: Why | None = None
) -> Move:
    """Let a person have a card, and the claim to it; see ``stock.move``."""
    given = stock.move(
        act=act.id,
        card=card,
        to=Spot.PERSON,
        person=act.person,
        by=act.by,
        at=act.at,
        noted_at=act.noted_at,
        place=act.place,
        reason=reason,
        last=last,
    )
    Holding.objects.create(person=act.person, card=card, move=given)
    return given


def same_act(act: Act, number: str) -> Move | None:
    """Give what this act did before; ActDiffers where it said something else."""
    acts = Move.objects.select_related("card").filter(target=Spot.PERSON)
    done = acts.filter(act=act.id).first()
    if done is not None and (done.person_id, done.card.number) != (
        act.person.pk,
        number,
    ):
        raise ActDiffers
    return done


def tell(act: Act, given: Move) -> None:
    """Let the library, the person and the journal know of a new card."""
    systems_look(act)
    record(what="card_handed_out", **act.about(place=str(act.place)))
    if address := reachable(act.person.pk):
        ask_for(
            person=act.person.pk,
            message=RECORDED,
            address=address,
            occasion=f"{RECORDED}:{given.pk}",
            at=act.at,
        )


def systems_look(act: Act) -> None:
    """Have every system that knows of cards look at the person again."""
    mark(people=[act.person.pk], systems=systems.OF_CARDS, at=act.noted)


def card_to_give(
    number: str, act: Act, box: TutorGroup | None = None
) -> tuple[Card, Move]:
    """Give the card and where it is, if it may be given out from there.

    Raises NotInBox, NotGivenOut, MeantForAnother.
    """
    last = stock.where(number)
    if last is None:
        if box is not None:
            raise NotInBox
        last = stock.arrived(number, act)
    _check_given_out(last, act)
    # Where somebody has it, the claims tell who was first.
    elsewhere = (last.target, last.group_id) != (Spot.BOX, box.pk if box else None)
    if box is not None and last.target != Spot.PERSON and elsewhere:
        raise NotInBox
    return last.card, last


def check_studies(act: Act) -> None:
    """Raise NotEnrolled where a person studies nothing here on the day of an act."""
    if not studies(act.person.pk, on=act.on):
        raise NotEnrolled


def _check_given_out(last: Move, act: Act) -> None:
    """Refuse a card that nobody, or only somebody else, gets from where it is."""
    if last.card.meant_for_id not in (None, act.person.pk):
        raise MeantForAnother
    if last.target not in {*_GIVEN_OUT_FROM, Spot.PERSON.value}:
        raise NotGivenOut(last)


def _refuse(act: Act, card: Card) -> Move:
    """Say who was first; the claims have told that somebody was."""
    claims = Holding.objects.select_related("move__by")
    mine = claims.filter(person=act.person).first()
    if mine is not None:
        raise AlreadyHasCard(mine.move)
    theirs = claims.filter(card=card).first()
    raise CardTaken(theirs.move) if theirs else CardMoved


def _given(act: Act, of: UUID) -> Move:
    """Give the hand-out that is to be taken back, while it still stands."""
    if act.by.pk == act.person.pk:
        raise OwnRecord
    held = Holding.objects.select_related("move__card")
    mine = held.select_for_update(of=("self",)).filter(person=act.person)
    claim = mine.filter(move__act=of).first()
    if claim is None:
        raise NothingToUndo
    if act.place is Place.TUTOR and claim.move.by_id != act.by.pk:
        raise NothingToUndo
    several = Move.objects.filter(act=of).exclude(card=claim.move.card).exists()
    if several or claim.move.source == Spot.PERSON:
        # It exchanged or replaced a card: there is more to it than a hand-out.
        raise NothingToUndo
    return claim.move


def _held(pair: tuple[Person, Person]) -> list[Holding]:
    """Give what two people have, in their order; both locked in one order for all.

    The people are locked first: the claims of who swaps at the same moment are new.
    """
    ids = [one.pk for one in pair]
    people = Person.objects.filter(pk__in=ids).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))
    claims = Holding.objects.select_related("card", "move").filter(person__in=ids)
    found = {
        one.person_id: one
        for one in claims.order_by("person").select_for_update(of=("self",))
    }
    if len(found) < len(ids):
        raise NoCard
    return [found[one] for one in ids]
