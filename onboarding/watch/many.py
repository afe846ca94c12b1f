"""One act for many: planned, shown, agreed to by a second agent, and done once.

Up to ``HELP_DESK_ALONE`` people one agent acts alone. Beyond, a second agent agrees to
the act for exactly the people who were shown: they stand in the request, by number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.due.mark import mark
from accounts.journal.models import Event
from accounts.journal.record import Fact, record, record_many
from accounts.people.models import Person
from onboarding.helpdesk import approvals
from onboarding.helpdesk.checks import Check
from onboarding.helpdesk.limits import queue, start_of_day
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import Refused, TooMuchToday
from onboarding.watch import reminding

LOOK_AGAIN, REMIND = approvals.MANY_LOOKS, approvals.MANY_REMINDERS
_DONE = "done_for_many"


class Others(Refused):
    """The people are others than those whom the page showed."""

    def __str__(self) -> str:
        """Say so."""
        return _(
            "Meanwhile these are others than the page showed. Nothing was done: look"
            " at the number again, then press once more."
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for whom."""

    kind: str
    # Which number of which part; what was approved for one is not for another.
    about: str
    people: tuple[int, ...]
    systems: tuple[str, ...] = ()
    request: Approval | None = None
    # What was asked before, and declined.
    declined: Approval | None = None

    @property
    def needs_second(self) -> bool:
        """Say whether one agent alone may not do it."""
        return len(self.people) > settings.HELP_DESK_ALONE

    @property
    def approved(self) -> bool:
        """Say whether a second agent has agreed."""
        return self.request is not None and bool(self.request.approved)

    @property
    def seal(self) -> str:
        """Name exactly these people in a few letters."""
        return sha256(_numbers(self.people).encode()).hexdigest()[:16]


def prepared(plan: Plan, *, by: Person, at: datetime) -> Plan:
    """Put the agent's open request beside the plan, with its people if there is one."""
    if not plan.needs_second:
        return plan
    for one in approvals.of_many(kind=plan.kind, by=by, at=at):
        if one.facts["about"] == plan.about:
            people = tuple(int(key) for key in one.facts["people"].split(","))
            return replace(plan, people=people, request=one)
    declined = approvals.declined_of_many(kind=plan.kind, by=by, at=at)
    same = (one for one in declined if one.facts["about"] == plan.about)
    return replace(plan, declined=next(same, None))


def ask(plan: Plan, *, seal: str, by: Person, at: datetime) -> None:
    """Ask a second agent to agree; twice is once. Raises Others."""
    with transaction.atomic():
        queue(by)
        if prepared(plan, by=by, at=at).request is None:
            if plan.seal != seal:
                raise Others
            facts = _facts(plan)
            approvals.ask(kind=plan.kind, person=None, facts=facts, by=by, at=at)


def carry_out(plan: Plan, *, act: UUID, seal: str, by: Person, at: datetime) -> int:
    """Do it; says for how many. The same act again does nothing more.

    Raises Others, TooMuchToday, NotApproved.
    """
    with transaction.atomic():
        queue(by)
        before = Event.objects.filter(who=by, what=_DONE, facts__act=str(act)).first()
        if before is not None:
            return int(before.facts["count"])
        ready = prepared(plan, by=by, at=at)
        if ready.seal != seal or not ready.people:
            raise Others
        _within_limit(by, at)
        if ready.needs_second:
            facts = ready.request.facts if ready.request else _facts(plan)
            approvals.use(kind=plan.kind, person=None, facts=facts, by=by, at=at)
        _DO[plan.kind](ready, by, at)
        count = len(ready.people)
        told: dict[str, Fact] = {"act": str(act), "kind": plan.kind, "count": count}
        record(what="done_for_many", at=at, who=by.pk, facts=told)
    return count


def _look_again(plan: Plan, by: Person, at: datetime) -> None:
    mark(people=plan.people, systems=plan.systems, at=at)
    facts: Mapping[str, Fact] = {
        "check": Check.NONE_NEEDED.value,
        "systems": ", ".join(plan.systems),
    }
    record_many(
        what="looked_again_with_many", at=at, whom=plan.people, who=by.pk, facts=facts
    )


def _remind(plan: Plan, by: Person, at: datetime) -> None:
    reminding.remind(plan.people, at=at)
    facts = {"check": Check.NONE_NEEDED.value}
    record_many(what="start_reminded", at=at, whom=plan.people, who=by.pk, facts=facts)


_DO: Mapping[str, Callable[[Plan, Person, datetime], None]] = {
    LOOK_AGAIN: _look_again,
    REMIND: _remind,
}


def _within_limit(by: Person, at: datetime) -> None:
    done = Event.objects.filter(who=by, what=_DONE, at__gte=start_of_day(at))
    most = settings.HELP_DESK_MANY_A_DAY
    if done.count() >= most:
        raise TooMuchToday(most)


def _facts(plan: Plan) -> dict[str, Fact]:
    return {
        "about": plan.about,
        "count": len(plan.people),
        "systems": ", ".join(plan.systems),
        "people": _numbers(plan.people),
    }


def _numbers(people: tuple[int, ...]) -> str:
    return ",".join(str(one) for one in people)
