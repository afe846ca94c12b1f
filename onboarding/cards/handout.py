"""Handing out a card: person, card and deposit in one act, or nothing."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.journal.record import record
from accounts.mailbox.reach import reachable
from accounts.post.send import ask_for
from onboarding.cards.deposits import Act, Settlement, charge, settle
from onboarding.cards.models import Card, HandOut, Holding, Reason
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadyHasCard,
    CardTaken,
    OwnRecord,
)

RECORDED = "card_recorded"


def hand_out(
    *, act: Act, number: str, how: Settlement, reason: Reason | None = None
) -> HandOut:
    """Record that a person got a card, and what became of the deposit.

    The same act again gives what it gave. Raises OwnRecord, AlreadyHasCard, CardTaken,
    ActDiffers; then nothing is recorded, no money either.
    """
    if act.by.pk == act.person.pk:
        raise OwnRecord
    with transaction.atomic():
        if done := _same_act(act, number):
            return done
        Card.objects.bulk_create(
            [Card(number=number, known_since=act.at)], ignore_conflicts=True
        )
        card = Card.objects.get(number=number)
        try:
            with transaction.atomic():
                given = _give(act, card)
        except IntegrityError:
            return _same_act(act, number) or _refuse(act, card)
        charge(act=act, card=card)
        settle(act=act, how=how, reason=reason)
        _tell(act, given)
        return given


def card_numbers_of(people: Sequence[int]) -> Mapping[int, str]:
    """Give the numbers of the cards that these people (ids) have, with one query."""
    held = Holding.objects.filter(person__in=people)
    return dict(held.values_list("person_id", "card__number"))


def _give(act: Act, card: Card) -> HandOut:
    given = HandOut.objects.create(
        act=act.id,
        card=card,
        person=act.person,
        by=act.by,
        at=act.at,
        place=act.place,
    )
    Holding.objects.create(person=act.person, card=card, hand_out=given)
    return given


def _same_act(act: Act, number: str) -> HandOut | None:
    """Give what this act did before; ActDiffers where it said something else."""
    acts = HandOut.objects.select_related("card", "by")
    done = acts.filter(act=act.id).first()
    if done is not None and (done.person_id, done.card.number) != (
        act.person.pk,
        number,
    ):
        raise ActDiffers
    return done


def _refuse(act: Act, card: Card) -> HandOut:
    """Say who was first; the claims have told that somebody was."""
    claims = Holding.objects.select_related("hand_out__by")
    mine = claims.filter(person=act.person).first()
    if mine is not None:
        raise AlreadyHasCard(mine.hand_out)
    raise CardTaken(claims.get(card=card).hand_out)


def _tell(act: Act, given: HandOut) -> None:
    # The library tells of a card's account from now on.
    if systems.PAIA in systems.NAMES:
        mark(people=[act.person.pk], systems=[systems.PAIA], at=act.at)
    record(
        what="card_handed_out",
        at=act.at,
        whom=act.person.pk,
        who=act.by.pk,
        facts={"place": str(act.place)},
    )
    if address := reachable(act.person.pk):
        ask_for(
            person=act.person.pk,
            message=RECORDED,
            address=address,
            occasion=f"{RECORDED}:{given.pk}",
            at=act.at,
        )
