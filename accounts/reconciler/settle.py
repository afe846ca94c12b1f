"""One batch: look, compare, act, and note each person's outcome on its own."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.catalogue.systems import TELLING
from accounts.connectors.contract import (
    Connector,
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    compare,
)
from accounts.due import lease as leases
from accounts.due.lease import Lease
from accounts.due.mark import mark
from accounts.reconciler import ahead, evidence
from accounts.reconciler.brake import HELD, REASON, Braked, brake, takes_away
from accounts.reconciler.subject import Facts, subjects

log = logging.getLogger(__name__)

# The whole system did not answer; nothing is the matter with the person.
SILENT = "silent"
# It was done, but the system has not said so yet.
UNSEEN = TemporaryFailure("unseen")
# Something is wrong with our own code: once it is mended, nobody is to be forgotten.
FAULT = TemporaryFailure("fault")


@dataclass(frozen=True, slots=True)
class Round:
    """One batch's surroundings."""

    connector: Connector
    facts: Facts
    at: datetime
    lease: Lease
    insisted: bool

    @property
    def on(self) -> date:
        """Give the day by which people's standing is judged."""
        return timezone.localdate(self.at)


def settle_batch(
    *,
    connector: Connector,
    facts: Facts,
    at: datetime,
    only: Sequence[int] | None = None,
) -> int:
    """Work off one batch of what is due in one system; says how many were looked at.

    None are where nothing is due, or where the system is silent.
    """
    lease = leases.claim(
        system=connector.name,
        at=at,
        limit=connector.batch,
        seconds=connector.lease_seconds,
        only=only,
    )
    return _worked_off(Round(connector, facts, at, lease, insisted=False))


def insist_batch(*, connector: Connector, facts: Facts, at: datetime) -> int:
    """Do one batch of the removals that the brake holds; a human has said so."""
    lease = leases.claim_parked(
        system=connector.name,
        error=REASON,
        at=at,
        limit=connector.batch,
        seconds=connector.lease_seconds,
    )
    return _worked_off(Round(connector, facts, at, lease, insisted=True))


def _worked_off(this: Round) -> int:
    if not this.lease.rows:
        return 0
    who = subjects(list(this.lease.rows), facts=this.facts, on=this.on)
    try:
        outcomes = _outcomes(this, who)
    except TemporaryFailure as silence:
        log.warning("%s is silent: %s", this.connector.name, silence)
        _put_off(this)
        return 0
    _note(this, outcomes)
    return len(this.lease.rows)


def _outcomes(this: Round, who: Mapping[int, Subject]) -> dict[int, Outcome]:
    """Look after these people; a fault of ours costs only those whom it concerns."""
    try:
        return _looked_after(this, who)
    except (TemporaryFailure, DatabaseError):
        raise
    except Exception:
        if len(who) == len(this.lease.rows):
            log.exception("%s: fault", this.connector.name)
        if len(who) <= 1:
            return dict.fromkeys(who, FAULT)
    half = len(who) // 2
    people = list(who.items())
    return {
        **_outcomes(this, dict(people[:half])),
        **_outcomes(this, dict(people[half:])),
    }


def _looked_after(this: Round, who: Mapping[int, Subject]) -> dict[int, Outcome]:
    found = dict(this.connector.find(list(who.values())))
    objections, renewed = _heed(found, who, this.at)
    if renewed:
        who = {**who, **subjects(renewed, facts=this.facts, on=this.on)}
        for one in renewed:
            found.pop(one, None)
        found.update(this.connector.find([who[one] for one in renewed]))
    if this.connector.name in TELLING:
        evidence.note(found, system=this.connector.name, at=this.at)
    outcomes: dict[int, Outcome] = {}
    steps: list[Step] = []
    for one, subject in who.items():
        verdict = compare(this.connector, subject, found.get(one))
        outcomes[one] = verdict.failure
        if verdict.step and not isinstance(objections.get(one), PermanentFailure):
            steps.append(verdict.step)
    acts = _act(this, steps)
    if this.connector.name in TELLING:
        acts.update(_seen_again(this, [who[one] for one in acts if acts[one] is None]))
    return {**outcomes, **acts, **objections}


def _seen_again(this: Round, done: Sequence[Subject]) -> dict[int, Outcome]:
    """Note what a system says of people for whom it has just done something."""
    if not done:
        return {}
    try:
        found = this.connector.find(done)
    except TemporaryFailure:
        return {subject.id: UNSEEN for subject in done}
    evidence.note(found, system=this.connector.name, at=this.at)
    return {}


def _heed(
    found: Mapping[int, Found | Outcome], who: Mapping[int, Subject], at: datetime
) -> tuple[dict[int, Outcome], list[int]]:
    objections: dict[int, Outcome] = {}
    renewed = []
    for one, seen in found.items():
        if not isinstance(seen, Found):
            continue
        try:
            if evidence.heed(seen, who[one], at=at):
                renewed.append(one)
        except (TemporaryFailure, PermanentFailure) as objection:
            objections[one] = objection
    return objections, renewed


def _act(this: Round, steps: Sequence[Step]) -> dict[int, Outcome]:
    held: Sequence[Step] = ()
    if not this.insisted and any(map(takes_away, steps)):
        braked = _braked(this, steps)
        steps, held = braked.free, braked.held
    outcomes: dict[int, Outcome] = {step.subject.id: HELD for step in held}
    if steps:
        done = this.connector.carry_out(steps)
        ids = [step.subject.id for step in steps]
        outcomes.update(zip(ids, done, strict=True))
    return outcomes


def _braked(this: Round, steps: Sequence[Step]) -> Braked:
    system = this.connector.name
    to_come = ahead.removals_to_come(
        this.connector, facts=this.facts, at=this.at, besides=this.lease.rows
    )
    return brake(
        steps,
        everybody=ahead.everybody(system),
        to_come=to_come,
        before=ahead.held_already(system),
    )


def _put_off(this: Round) -> None:
    leases.postpone(
        lease=this.lease,
        people=this.lease.rows,
        error=SILENT,
        at=this.at,
        longest=leases.LONGEST_SILENCE,
    )


def _note(this: Round, outcomes: Mapping[int, Outcome]) -> None:
    lease, at = this.lease, this.at
    alike: defaultdict[tuple[type, str], list[int]] = defaultdict(list)
    with transaction.atomic():
        held = leases.held(lease)
        for one in held:
            outcome = outcomes.get(one)
            alike[type(outcome), str(outcome)].append(one)
        for (kind, error), people in alike.items():
            if kind is TemporaryFailure:
                leases.postpone(lease=lease, people=people, error=error, at=at)
            elif kind is PermanentFailure:
                leases.park(lease=lease, people=people, error=error, at=at)
            else:
                # Who is no student (any more) has nothing to be settled.
                leases.settle(lease=lease, people=people, at=at)
        leases.waken(system=lease.system, error=SILENT, at=at)
        lost = lease.rows.keys() - held
        if lost:
            # We were too slow, and another may have acted before us: look again.
            mark(people=sorted(lost), systems=[lease.system], at=at)
    _tell(lease.system, alike)


def _tell(system: str, alike: Mapping[tuple[type, str], Sequence[int]]) -> None:
    for (kind, error), people in alike.items():
        if kind in {TemporaryFailure, PermanentFailure}:
            log.warning("%s: %s: %s", system, error, ", ".join(map(str, people)))
