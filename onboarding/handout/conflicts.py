"""What phones sent and could not simply be done: what stands, and the ways on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.cards import handout
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, settle
from onboarding.cards.ledger import take_back
from onboarding.cards.models import (
    Correction,
    Holding,
    Kind,
    LedgerEntry,
    Move,
    Place,
    Shift,
)
from onboarding.cards.numbers import NumberRefused, Rule, masked, read
from onboarding.handout.models import How, PhoneAct, Resolution, What
from onboarding.handout.outcomes import COORDINATOR, DONE, asked_in_words, in_words
from onboarding.handout.recording import carry_out, number_of

# Longer than phones keep what they sent.
_REMEMBERED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One act that waits for the coordinator, and what stands in its way."""

    act: PhoneAct
    words: str
    card: str
    stands: tuple[Move, ...]
    ways: tuple[How, ...]

    @property
    def title(self) -> str:
        """Say what was done, or what somebody asked for."""
        known = self.act.kind in What.values
        return str(What(self.act.kind).label) if known else self.act.kind

    @property
    def earlier(self) -> bool:
        """Say whether it really happened before what stands."""
        return any(self.act.at < one.at for one in self.stands)


def open_conflicts() -> list[Conflict]:
    """Give all that waits, as it came; as many questions for any number."""
    acts = list(waiting().select_related("by", "group", "person__merged_into", "phone"))
    people = [one.whose.pk for one in acts if one.whose]
    numbers = {one.pk: card_number(one) for one in acts}
    holdings = list(
        Holding.objects.filter(person__in=people).select_related("card", "move__by")
    ) + list(
        Holding.objects.filter(card__number__in=list(numbers.values()))
        .exclude(person__in=people)
        .select_related("card", "move__by")
    )
    return [_conflict(one, numbers[one.pk], holdings) for one in acts]


def waiting() -> QuerySet[PhoneAct]:
    """Give the acts that nobody has looked at."""
    return PhoneAct.objects.exclude(outcome=DONE).filter(resolution=None)


def decided(*, person: Person, at: datetime) -> dict[str, str]:
    """Give what became of a person's acts of the last days that waited, by their id.

    ``recorded`` where the coordinator did what the act says, else ``looked_at``.
    """
    mine = Resolution.objects.filter(
        phone_act__by=person, phone_act__noted_at__gt=at - _REMEMBERED
    )
    return {
        str(key): "looked_at" if how == How.LEFT else "recorded"
        for key, how in mine.values_list("phone_act", "how")
    }


def correct(
    *, act: PhoneAct, how: How, by: Person, at: datetime, reason: str = ""
) -> Resolution:
    """Make of an act what the coordinator decides, once, whoever presses again.

    Raises what the rooms below refuse (Refused, Kept); then nothing has changed.
    """
    with transaction.atomic():
        PhoneAct.objects.select_for_update().get(pk=act.pk)
        done = Resolution.objects.filter(phone_act=act).first()
        if done is not None:
            return done
        if how is not How.LEFT:
            _do(act, how, by, at)
        facts = {"how": how.value}
        record(
            what="phone_act_settled",
            at=at,
            whom=act.whose.pk if act.whose else None,
            who=by.pk,
            facts=facts,
        )
        return Resolution.objects.create(
            phone_act=act, by=by, at=at, how=how, reason=reason
        )


def card_number(act: PhoneAct) -> str:
    """Give the number in an act as cards have it; empty where there is none."""
    try:
        return read(str(act.body.get("number", "")), rule=Rule.in_force()).number
    except NumberRefused:
        return ""


def _conflict(act: PhoneAct, number: str, holdings: list[Holding]) -> Conflict:
    whose = act.whose.pk if act.whose else None
    stands = [
        one
        for one in holdings
        if one.person_id == whose or (number and one.card.number == number)
    ]
    return Conflict(
        act=act,
        words=_words(act),
        card=masked(number),
        stands=tuple(one.move for one in stands),
        ways=_ways(act, number, stands),
    )


def _words(act: PhoneAct) -> str:
    if act.outcome == COORDINATOR:
        return asked_in_words(act.body.get("why"))
    return in_words(act.outcome)


def _ways(act: PhoneAct, number: str, stands: list[Holding]) -> tuple[How, ...]:
    if act.kind in {What.TO_COORDINATOR, What.OPEN_SHIFT}:
        return (How.LEFT,)
    if act.kind != What.HAND_OUT:
        return (How.RECORDED, How.LEFT)
    if act.whose is None or not number:
        return (How.LEFT,)
    same = any(
        (one.person_id, one.card.number) == (act.whose.pk, number) for one in stands
    )
    if same:
        return (How.LEFT,)
    return (How.REPLACED if stands else How.RECORDED, How.LEFT)


def _do(act: PhoneAct, how: How, by: Person, at: datetime) -> None:
    if act.kind == What.HAND_OUT:
        _hand_out(act, how, by, at)
    elif act.kind == What.SETTLE:
        _settle(act, by, at)
    else:
        carry_out(act)


def _hand_out(act: PhoneAct, how: How, by: Person, at: datetime) -> None:
    if act.whose is None:
        return
    number = number_of(act)
    if how is How.REPLACED:
        for claim in Holding.objects.filter(person=act.whose).select_related(
            "person", "move"
        ) | Holding.objects.filter(card__number=number).select_related(
            "person", "move"
        ):
            _take_back(act, claim, by, at)
    shift = _money_back(act, by, at)
    # It has really happened: also where somebody was not enrolled any more.
    handout.hand_out_new(
        act=_own(act, act.whose, by, at, shift),
        number=number,
        how=Settlement.PAID if shift else Settlement.OPEN,
    )


def _settle(act: PhoneAct, by: Person, at: datetime) -> None:
    if act.whose is None:
        return
    shift = _money_back(act, by, at)
    if shift is not None:
        settle(act=_own(act, act.whose, by, at, shift), how=Settlement.PAID)


def _take_back(act: PhoneAct, claim: Holding, by: Person, at: datetime) -> None:
    undoing = Act(
        id=uuid5(act.pk, f"undo:{claim.move_id}"),
        person=claim.person,
        by=by,
        at=at,
        # Not at the desk: its till is not in the coordinator's hands.
        place=Place.BOARD,
    )
    handout.undo(act=undoing, of=claim.move.act)


def _money_back(act: PhoneAct, by: Person, at: datetime) -> Shift | None:
    """Take a surplus off the ledger, so that its cash can be what it was given for."""
    entry = _standing_surplus(act)
    if entry is None or act.whose is None:
        return None
    correcting = Act(
        id=uuid5(act.pk, "surplus"), person=act.whose, by=by, at=at, place=Place.TUTOR
    )
    take_back(act=correcting, entries=[entry], why=Correction.MISTAKE)
    return entry.shift


def _standing_surplus(act: PhoneAct) -> LedgerEntry | None:
    """Give what was booked for an act, also where it went on to another account."""
    surpluses = LedgerEntry.objects.filter(kind=Kind.SURPLUS_IN, reverses=None)
    booked = surpluses.filter(act=act.pk).values("receipt")
    standing = surpluses.filter(receipt__in=booked, reversed_by=None)
    return standing.select_related("shift").first()


def _own(
    act: PhoneAct, person: Person, by: Person, at: datetime, shift: Shift | None
) -> Act:
    """Give the coordinator's act for what happened when the phone says it did."""
    return Act(
        id=_id(act),
        person=person,
        by=by,
        at=act.at,
        place=Place.TUTOR,
        noted_at=at,
        shift=shift,
    )


def _id(act: PhoneAct) -> UUID:
    return uuid5(act.pk, "recorded")
