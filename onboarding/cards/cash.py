"""Tills: who has one, what lies in it, what was counted, who took it over.

Cash in a till is a sum of the ledger. A till is counted blind; the difference is posted
at once, and once more for whatever arrives later from a phone that was offline, so that
what was counted is what stands there.
"""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.ledger import SIDES, balance
from onboarding.cards.models import (
    Account,
    CashDecision,
    Kind,
    LedgerEntry,
    Place,
    Shift,
    ShiftCount,
    ShiftHandOver,
)
from onboarding.cards.refusals import (
    ActDiffers,
    AlreadyCounted,
    NoShift,
    NotCounted,
    OwnCash,
    TakenOver,
)

DESK_SERIES = "L"
TUTOR_SERIES = "T"


def till_of(act: Act) -> Shift:
    """Give the till that cash of this act goes into; raises NoShift for tutors."""
    if act.shift is not None:
        return act.shift
    if act.place is Place.TUTOR:
        raise NoShift
    return desk_till(by=act.by, at=act.at)


def desk_till(*, by: Person, at: datetime) -> Shift:
    """Give the desk's till of now: a new one begins after each closing."""
    tills = Shift.objects.filter(place=Place.DESK)
    mine = tills.filter(counting=None).first()
    if mine is not None:
        return mine
    key = uuid5(NAMESPACE_URL, f"desk-till:{tills.count() + 1}")
    series = f"{DESK_SERIES}{timezone.localdate(at):%y}"
    return _open(key=key, by=by, at=at, place=Place.DESK, float_cents=0, series=series)


def open_shift(  # noqa: PLR0913 - a till has that many sides
    *,
    key: UUID,
    by: Person,
    float_cents: int,
    at: datetime,
    place: Place = Place.TUTOR,
    noted_at: datetime | None = None,
) -> Shift:
    """Give a tutor a till with a counted float; the same key again gives the same."""
    with transaction.atomic():
        shift = _open(
            key=key,
            by=by,
            at=at,
            place=place,
            float_cents=float_cents,
            series=series_of(key),
            noted_at=noted_at,
        )
        if (shift.by_id, shift.float_cents) != (by.pk, float_cents):
            raise ActDiffers
        return shift


def series_of(key: UUID) -> str:
    """Name the receipts of a tutor's till, as the phone does without asking."""
    return f"{TUTOR_SERIES}{key.hex[:8].upper()}"


def _open(  # noqa: PLR0913 - as above
    *,
    key: UUID,
    by: Person,
    at: datetime,
    place: Place,
    float_cents: int,
    series: str,
    noted_at: datetime | None = None,
) -> Shift:
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                key=key,
                place=place,
                by=by,
                series=series,
                float_cents=float_cents,
                opened_at=at,
                noted_at=noted_at or at,
            )
    except IntegrityError:
        return Shift.objects.get(key=key)
    if float_cents:
        _move_cash(
            act=key, shift=shift, kind=Kind.FLOAT_OUT, cents=float_cents, by=by, at=at
        )
    return shift


def count(  # noqa: PLR0913 - as above
    *,
    key: UUID,
    act: UUID,
    counted_cents: int,
    by: Person,
    at: datetime,
    noted_at: datetime | None = None,
) -> ShiftCount:
    """Close a till with what was counted in it; the difference is posted.

    The same act again gives what it gave. Raises AlreadyCounted, NoShift.
    """
    with transaction.atomic():
        shift = _locked(key)
        done = ShiftCount.objects.filter(shift=shift).first()
        if done is not None:
            if done.act != act:
                raise AlreadyCounted
            return done
        counted = ShiftCount.objects.create(
            shift=shift,
            act=act,
            counted_cents=counted_cents,
            by=by,
            at=at,
            noted_at=noted_at or at,
        )
        _post_difference(shift, counted_cents, act, by, at)
        record(what="till_counted", at=at, who=by.pk, facts={"till": str(shift)})
        return counted


def take_over(*, key: UUID, act: UUID, by: Person, at: datetime) -> ShiftHandOver:
    """Sign for the counted cash of somebody else's till.

    The same act again gives what it gave. Raises NotCounted, TakenOver, OwnCash.
    """
    with transaction.atomic():
        shift = _locked(key)
        done = ShiftHandOver.objects.filter(shift=shift).first()
        if done is not None:
            if done.act != act:
                raise TakenOver
            return done
        counted = ShiftCount.objects.filter(shift=shift).first()
        if counted is None:
            raise NotCounted
        if by.pk in (shift.by_id, counted.by_id):
            raise OwnCash
        cents = counted.counted_cents
        if cents:
            _move_cash(
                act=act, shift=shift, kind=Kind.HAND_OVER, cents=cents, by=by, at=at
            )
        record(what="till_taken_over", at=at, who=by.pk, facts={"till": str(shift)})
        return ShiftHandOver.objects.create(
            shift=shift, act=act, cents=cents, by=by, at=at
        )


def late(*, shift: Shift | None, by: Person, at: datetime) -> None:
    """After an act that arrived late, have a counted till hold what was counted."""
    counted = shift and ShiftCount.objects.filter(shift=shift).first()
    if not shift or not counted:
        return
    gone = ShiftHandOver.objects.filter(shift=shift).exists()
    _post_difference(shift, 0 if gone else counted.counted_cents, uuid4(), by, at)


def expected(shift: Shift) -> int:
    """Give the cents that have to lie in a till."""
    return balance(Account.CASH, shift=shift)


def decide(
    *, begins_at: datetime | None, ends_at: datetime | None, by: Person, at: datetime
) -> CashDecision:
    """Let tutors take cash from one moment to another, or not at all.

    Saying what holds already changes nothing.
    """
    with transaction.atomic():
        holds = decision(at=at)
        if holds is not None and (holds.begins_at, holds.ends_at) == (
            begins_at,
            ends_at,
        ):
            return holds
        record(what="tutors_cash_decided", at=at, who=by.pk)
        return CashDecision.objects.create(
            begins_at=begins_at, ends_at=ends_at, by=by, at=at
        )


def allowed(*, at: datetime) -> bool:
    """Say whether tutors took cash at a moment, by what had been decided by then."""
    newest = decision(at=at)
    if newest is None or newest.begins_at is None or newest.ends_at is None:
        return False
    return newest.begins_at <= at < newest.ends_at


def decision(*, at: datetime) -> CashDecision | None:
    """Give what Finance had decided last by a moment."""
    return CashDecision.objects.filter(at__lte=at).order_by("-at", "-pk").first()


def _locked(key: UUID) -> Shift:
    shift = Shift.objects.select_for_update().filter(key=key).first()
    if shift is None:
        raise NoShift
    return shift


def _post_difference(
    shift: Shift, there: int, act: UUID, by: Person, at: datetime
) -> None:
    difference = there - expected(shift)
    if difference:
        kind = Kind.OVER if difference > 0 else Kind.SHORT
        _move_cash(act=act, shift=shift, kind=kind, cents=abs(difference), by=by, at=at)


def _move_cash(  # noqa: PLR0913 - as above
    *, act: UUID, shift: Shift, kind: Kind, cents: int, by: Person, at: datetime
) -> None:
    debit, credit = SIDES[kind]
    LedgerEntry.objects.create(
        act=act,
        kind=kind,
        cents=cents,
        debit=debit,
        credit=credit,
        shift=shift,
        by=by,
        at=at,
        place=shift.place,
    )
