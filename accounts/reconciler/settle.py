"""One batch: look, compare, act, and note each person's outcome on its own."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.connectors.contract import (
    Connector,
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verdict,
    compare,
)
from accounts.due.lease import Lease, claim, park, postpone, settle
from accounts.people.lifecycle import PasswordInForce, rename, witness
from accounts.reconciler.brake import REASON, brake
from accounts.reconciler.subject import Programmes, subjects

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Facts:
    """The fact loaders of the rooms above, written out by the worker."""

    programmes: Programmes


def settle_batch(
    *,
    connector: Connector,
    facts: Facts,
    at: datetime,
    only: Sequence[int] | None = None,
) -> int:
    """Work off one batch of what is due in one system; says how many were looked at."""
    lease = claim(
        system=connector.name,
        at=at,
        limit=connector.batch,
        seconds=connector.lease_seconds,
        only=only,
    )
    if not lease.rows:
        return 0
    who = subjects(list(lease.rows), programmes=facts.programmes, on=_day(at))
    _note(lease, _outcomes(connector, who, facts, at), at)
    return len(lease.rows)


def _outcomes(
    connector: Connector, who: Mapping[int, Subject], facts: Facts, at: datetime
) -> dict[int, Outcome]:
    try:
        found = connector.find(list(who.values()))
    except TemporaryFailure as failure:
        return dict.fromkeys(who, failure)
    renewed = _witness(found, who, at)
    if renewed:
        who = {**who, **subjects(renewed, programmes=facts.programmes, on=_day(at))}
        found = {**found, **connector.find([who[one] for one in renewed])}
    verdicts = {one: compare(connector, s, found.get(one)) for one, s in who.items()}
    outcomes = {one: verdict.failure for one, verdict in verdicts.items()}
    outcomes.update(_act(connector, verdicts))
    return outcomes


def _act(connector: Connector, verdicts: Mapping[int, Verdict]) -> dict[int, Outcome]:
    steps = [verdict.step for verdict in verdicts.values() if verdict.step]
    held = brake(steps, looked_at=len(verdicts))
    outcomes: dict[int, Outcome] = {step.subject.id: REASON for step in held.held}
    if held.free:
        outcomes.update(_carried_out(connector, held.free))
    return outcomes


def _carried_out(
    connector: Connector, steps: Sequence[Step]
) -> Iterable[tuple[int, Outcome]]:
    done = connector.carry_out(steps)
    return [(step.subject.id, one) for step, one in zip(steps, done, strict=True)]


def _witness(
    found: Mapping[int, Found | Outcome], who: Mapping[int, Subject], at: datetime
) -> list[int]:
    """Take over evidence; give the ids of the people whose record changed by it."""
    renewed = []
    for one, seen in found.items():
        if not isinstance(seen, Found):
            continue
        subject = who[one]
        news = seen.account_name not in {"", subject.account_name}
        if news:
            # The entry of the university's identity management was there first.
            rename(person=one, account_name=seen.account_name)
        if seen.password and _surprising(seen.password, subject):
            news |= witness(
                person=one, password=seen.password, ends_at=seen.password_ends_at, at=at
            )
        if news:
            renewed.append(one)
    return renewed


def _surprising(password: PasswordInForce, subject: Subject) -> bool:
    own = subject.standing.own_password
    return own != (password is PasswordInForce.OWN)


def _note(lease: Lease, outcomes: Mapping[int, Outcome], at: datetime) -> None:
    with transaction.atomic():
        # Who is no student (any more) has nothing to be settled.
        fine = [one for one in lease.rows if outcomes.get(one) is None]
        settle(lease=lease, people=fine, at=at)
        for one, outcome in outcomes.items():
            match outcome:
                case TemporaryFailure():
                    postpone(lease=lease, person=one, error=str(outcome), at=at)
                case PermanentFailure():
                    park(lease=lease, person=one, error=str(outcome))
                case None:
                    continue
            log.warning("%s: person %s: %s", lease.system, one, outcome)


def _day(at: datetime) -> date:
    return timezone.localdate(at)
