"""Acts from phones: each is done once, or kept for the coordinator; none is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.cards.refusals import ActDiffers, Refused
from onboarding.enrolment.models import TutorGroup
from onboarding.handout.models import Phone, PhoneAct, What
from onboarding.handout.outcomes import COORDINATOR, SHUT_OUT
from onboarding.handout.recording import Done, Kept, carry_out, keep_money
from onboarding.handout.turns import may_hand_out

Body = Mapping[str, Any]
# Said anew with every try.
_OF_THE_TRY = ("sent_at", "app")
# A clock that is so little off is right: the rest is the way of the message.
_RIGHT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone sent, and who was signed in on it."""

    id: UUID
    phone: Phone
    by: Person
    roles: frozenset[Role]
    body: Body
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told."""

    outcome: str
    new: bool
    more: Body = field(default_factory=dict)


def receive(sent: Sent) -> Answer:
    """Do what a phone says was done, or keep it for the coordinator.

    The same act again gives what it gave; raises ActDiffers where it says otherwise.
    """
    if done := _before(sent):
        return done
    try:
        with transaction.atomic():
            kept = _note(sent)
    except IntegrityError:
        # The same act on another line, at the same moment.
        if done := _before(sent):
            return done
        raise
    return Answer(kept.outcome, new=True, more=kept.answer)


def _before(sent: Sent) -> Answer | None:
    known = PhoneAct.objects.filter(pk=sent.id).first()
    if known is None:
        return None
    if _lasting(known.body) != _lasting(sent.body) or known.by_id != sent.by.pk:
        raise ActDiffers
    return Answer(known.outcome, new=False, more=known.answer)


def _lasting(body: Body) -> Body:
    return {key: said for key, said in body.items() if key not in _OF_THE_TRY}


def _note(sent: Sent) -> PhoneAct:
    said_at, at, skew = when(sent)
    numbered = TutorGroup.objects.filter(number=_number(sent.body.get("group")))
    group = numbered.first()
    act = PhoneAct(
        id=sent.id,
        phone=sent.phone,
        by=sent.by,
        kind=str(sent.body.get("kind", ""))[:16],
        group=group,
        body=dict(sent.body),
        at=at,
        said_at=said_at,
        noted_at=sent.noted_at,
        skew_ms=int(skew / timedelta(milliseconds=1)),
    )
    done = _judged(act, sent.roles)
    act.outcome, act.person, act.answer = done.outcome, done.person, dict(done.more)
    act.save(force_insert=True)
    return act


def _judged(act: PhoneAct, roles: frozenset[Role]) -> Done:
    """Carry an act out where that is right; money that was taken is booked anyway."""
    try:
        with transaction.atomic():
            _check_right(act, roles)
            return carry_out(act)
    except Kept as kept:
        return keep_money(act, outcome=kept.outcome)
    except Refused as refused:
        return keep_money(act, outcome=refused.code)


def _check_right(act: PhoneAct, roles: frozenset[Role]) -> None:
    if why := _not_now(act, roles):
        raise Kept(why)


def _not_now(act: PhoneAct, roles: frozenset[Role]) -> str:
    """Say why somebody had no right to it; nothing where they had."""
    if act.phone.shut_out_at is not None:
        return SHUT_OUT
    if act.kind == What.TO_COORDINATOR:
        return COORDINATOR
    if not roles & {Role.TUTOR, Role.COORDINATOR}:
        return "no_role"
    if act.group is None:
        return "no_group"
    if Role.COORDINATOR in roles:
        return ""
    mine = may_hand_out(act.by.account_name, group=act.group, week=act.week, at=act.at)
    return "" if mine else "no_turn"


def when(sent: Sent) -> tuple[datetime, datetime, timedelta]:
    """Give when it happened by the phone, by our clock, and how far off the phone is.

    Our clock when it comes in, less the phone's when it sent it, tells the latter.
    """
    said_at = _moment(sent.body.get("at")) or sent.noted_at
    sent_at = _moment(sent.body.get("sent_at")) or sent.noted_at
    skew = sent.noted_at - sent_at
    at = said_at if abs(skew) < _RIGHT else said_at + skew
    return said_at, min(at, sent.noted_at), skew


def _moment(said: object) -> datetime | None:
    try:
        moment = parse_datetime(str(said))
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _number(said: object) -> int:
    return said if isinstance(said, int) and 0 < said < 10_000 else 0  # noqa: PLR2004
