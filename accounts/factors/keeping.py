"""Which factors somebody has: setting up, removing, and the way back after a loss."""

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.factors import tidings
from accounts.factors.models import Factor, WayBack
from accounts.journal.record import record
from accounts.people.lifecycle import end_sessions, sign_out_elsewhere
from accounts.people.models import Person
from accounts.signin import throttle
from accounts.signin.credentials import bare_symbols, make_initial_password, printed

# How long a code of the way back is good: it is typed with the colleague still there,
# or on the next working day.
GOOD_FOR = timedelta(hours=24)


class NotAllowed(Exception):
    """Nobody gets back in by the own hand, or removes the last factor."""


class WrongWayBack(Exception):
    """The code is not the newest one, was used, or has ended."""


def factors_of(person: Person) -> QuerySet[Factor]:
    """Give what counts now, the oldest first."""
    mine = Factor.objects.filter(
        person=person, confirmed_at__isnull=False, removed_at=None
    )
    return mine.order_by("pk")


def lost_all(person: Person) -> bool:
    """Say whether there were factors, and none is left: then a code opens the way."""
    ever = Factor.objects.filter(person=person, confirmed_at__isnull=False)
    return ever.exists() and not factors_of(person).exists()


def may_begin(*, person: Person, proved: bool, back: bool) -> bool:
    """Say whether a factor may be added: the first, the next, or one after a loss.

    ``proved`` says that a factor was proved in this session, ``back`` that a code of
    the way back was used in it.
    """
    if factors_of(person).exists():
        return proved
    return back or not lost_all(person)


def take_up(*, factor: Factor, proved: bool, back: bool, at: datetime) -> None:
    """Let a new factor count from now on; raises NotAllowed.

    Asked again under a lock: of two sessions that set up a first factor at once, the
    one that comes later must not get in beside the other.
    """
    person, address = factor.person, tidings.address_of(factor.person)
    with transaction.atomic():
        _one_at_a_time(person)
        if not may_begin(person=person, proved=proved, back=back):
            raise NotAllowed
        Factor.objects.filter(pk=factor.pk).update(confirmed_at=at)
        facts = {"kind": factor.kind}
        record(
            what="second_factor_added",
            at=at,
            whom=person.pk,
            who=person.pk,
            facts=facts,
        )
        tidings.tell(person.pk, tidings.ADDED, address=address, at=at)


def remove(*, factor: Factor, at: datetime) -> None:
    """Let a factor count no more, everywhere at once; raises NotAllowed for the last.

    Sessions elsewhere end: one of them may be with whoever has the lost device.
    """
    person, address = factor.person, tidings.address_of(factor.person)
    with transaction.atomic():
        _one_at_a_time(person)
        if not factors_of(person).exclude(pk=factor.pk).exists():
            raise NotAllowed
        _end(factors_of(person).filter(pk=factor.pk), at)
        sign_out_elsewhere(person=person.pk)
        facts = {"kind": factor.kind}
        record(
            what="second_factor_removed",
            at=at,
            whom=person.pk,
            who=person.pk,
            facts=facts,
        )
        tidings.tell(person.pk, tidings.REMOVED, address=address, at=at)


def help_back(*, person: Person, by: Person | None, check: str, at: datetime) -> str:
    """Remove all factors, end all sessions; give the code for setting up a new one.

    ``by`` is the lead, who made this identity ``check``, or nobody where the operator
    does it. Raises NotAllowed for oneself.
    """
    if by is not None and by.pk == person.pk:
        raise NotAllowed
    code, address = make_initial_password(), tidings.address_of(person)
    who = by.pk if by else None
    with transaction.atomic():
        _one_at_a_time(person)
        _end(factors_of(person), at)
        WayBack.objects.create(
            person=person,
            by=by,
            digest=_digest(person, code),
            given_at=at,
            good_until=at + GOOD_FOR,
        )
        end_sessions(person=person.pk, by=who, at=at, check=check)
        record(
            what="second_factor_reset",
            at=at,
            whom=person.pk,
            who=who,
            facts={"check": check},
        )
        tidings.tell(person.pk, tidings.RESET, address=address, at=at)
    return printed(code)


def find_back(*, person: Person, typed: str, at: datetime) -> None:
    """Use the code of the way back up; raises throttle.Waiting or WrongWayBack."""
    with throttle.one_try(account=f"second-factor:{person.pk}", at=at) as attempt:
        newest = person.ways_back.order_by("-pk").first()
        digest = _digest(person, bare_symbols(typed[:256]))
        attempt.succeeded = (
            newest is not None
            and hmac.compare_digest(newest.digest, digest)
            and bool(
                WayBack.objects.filter(
                    pk=newest.pk, used_at=None, good_until__gt=at
                ).update(used_at=at)
            )
        )
    if not attempt.succeeded:
        raise WrongWayBack


def _end(factors: QuerySet[Factor], at: datetime) -> None:
    factors.update(removed_at=at, secret="")


def _one_at_a_time(person: Person) -> None:
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))


def _digest(person: Person, code: str) -> str:
    text = f"way-back:{person.pk}:{code}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()
