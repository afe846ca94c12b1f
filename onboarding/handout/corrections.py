"""What the coordinator puts right by a counter-entry, however long ago it was."""

from datetime import datetime
from uuid import UUID

from accounts.people.models import Person
from onboarding.cards import handout
from onboarding.cards.acts import Act
from onboarding.cards.models import Holding, Move, Place, Why
from onboarding.cards.refusals import NoCard


def take_back(
    *, act: UUID, person: Person, reason: Why, by: Person, at: datetime
) -> Move:
    """Take a hand-out back: the card goes where it came from, the money is owed back.

    Cash stays in the till that it lies in, and becomes a refund task. The same act
    again gives what it gave. Raises OwnRecord, NoCard, NothingToUndo.
    """
    done = Move.objects.filter(act=act).first()
    if done is not None:
        return done
    claim = Holding.objects.select_related("move").filter(person=person).first()
    if claim is None:
        raise NoCard
    mine = Act(id=act, person=person, by=by, at=at, place=Place.BOARD)
    return handout.undo(act=mine, of=claim.move.act, reason=reason)


def swap(*, act: UUID, one: Person, other: Person, by: Person, at: datetime) -> None:
    """Let two students have each other's card; raises OwnRecord, NoCard."""
    mine = Act(id=act, person=one, by=by, at=at, place=Place.BOARD)
    handout.swap(act=mine, other=other)
