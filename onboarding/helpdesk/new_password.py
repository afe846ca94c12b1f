"""A new initial password as a slip: who may get one, made out by whom, how often.

The check of who somebody is comes first, is written down and counts; then the secret
goes into the directory and onto paper, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.signin import addresses, throttle, tidings
from onboarding.enrolment import letter_runs
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.letter_recipients import students
from onboarding.enrolment.letter_runs import Obstacle
from onboarding.enrolment.letters import NoSlip, issue_slip
from onboarding.helpdesk import approvals, limits
from onboarding.helpdesk.agents import Agent, is_colleague
from onboarding.helpdesk.checks import Cause, Check
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import (
    JustDone,
    NeverHere,
    NoSlipMade,
    OncePerDay,
    TooMuchToday,
)

CHECKED = "identity_checked"
DAY = timedelta(hours=24)
# So long the same slip may be made out again, where the printer had no paper.
AGAIN_WITHIN = timedelta(hours=1)
# Whoever presses again so soon has pressed twice.
TWO_PRESSES = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Made:
    """A slip that an agent made out a short time ago."""

    at: datetime
    facts: Mapping[str, Fact]


def needs_second(*, person: Person, check: str) -> bool:
    """Say whether a second agent has to agree."""
    return person.activated_at is not None or check == Check.VIDEO


def ask(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> Approval:
    """Ask a second agent for a slip; raises Refused, DirectoryUnavailable."""
    _refuse(person=person, agent=agent, at=at)
    return approvals.ask(
        kind=approvals.NEW_PASSWORD, person=person, facts=facts, by=agent.person, at=at
    )


def make(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> Letter:
    """Make a slip out where the check of one agent is enough.

    Raises Refused, DirectoryUnavailable.
    """
    with transaction.atomic():
        run = _begin(person=person, facts=facts, agent=agent, at=at)
        person.refresh_from_db(fields=["activated_at"])
        if needs_second(person=person, check=str(facts["check"])):
            raise approvals.NotApproved
    return _put(person=person, agent=agent, run=run, at=at)


def make_approved(*, person: Person, agent: Agent, at: datetime) -> Letter:
    """Make the slip out that a second agent agreed to; the same errors."""
    with transaction.atomic():
        used = approvals.use(
            kind=approvals.NEW_PASSWORD, person=person, by=agent.person, at=at
        )
        facts = {**used.facts, "approval": used.pk}
        run = _begin(person=person, facts=facts, agent=agent, at=at)
    try:
        return _put(person=person, agent=agent, run=run, at=at)
    except NoSlipMade:
        approvals.give_back(used)
        raise


def make_again(*, person: Person, agent: Agent, at: datetime) -> Letter:
    """Make the last slip out anew, with another secret; the first one is dead then.

    For paper that jammed: by the same agent, within an hour, and only while nobody has
    used it. It does not count once more.
    """
    before = made(person=person, agent=agent, at=at)
    person.refresh_from_db(fields=["initial_password_until"])
    issued = Event.objects.filter(whom=person, what=letter_runs.ISSUED)
    too_soon = issued.filter(at__gt=at - TWO_PRESSES).exists()
    if before is None or person.initial_password_until is None or too_soon:
        raise JustDone
    _refuse_never(person, agent)
    return _put(person=person, agent=agent, run=str(before.facts["run"]), at=at)


def made(*, person: Person, agent: Agent, at: datetime) -> Made | None:
    """Give the slip that this agent made out for the person within the last hour."""
    mine = Event.objects.filter(
        whom=person, who=agent.person, what=CHECKED, at__gt=at - AGAIN_WITHIN
    )
    last = mine.order_by("-at", "-pk").first()
    if last is None or last.facts["run"] in _failed(since=last.at):
        return None
    return Made(last.at, last.facts)


def _begin(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> str:
    """Note check and agent before anything happens; give the name of the slip."""
    limits.queue(agent.person)
    limits.queue(person)
    _refuse(person=person, agent=agent, at=at)
    run = letter_runs.new_name()
    noted = {**facts, "run": run}
    record(what=CHECKED, at=at, whom=person.pk, who=agent.person.pk, facts=noted)
    if facts.get("cause") == Cause.MISUSED:
        # Whoever it was could come back in by an address of theirs.
        addresses.drop(person=person, by=agent.person, at=at)
    return run


def _refuse(*, person: Person, agent: Agent, at: datetime) -> None:
    _refuse_never(person, agent)
    if not students(at=at).filter(pk=person.pk).exists():
        raise NoSlipMade(Obstacle.LEFT)
    if made(person=person, agent=agent, at=at):
        raise JustDone
    most = settings.HELP_DESK_PASSWORDS_A_DAY
    today = limits.start_of_day(at)
    if _count(Event.objects.filter(who=agent.person), since=today) >= most:
        raise TooMuchToday(most)
    got = _count(Event.objects.filter(whom=person), since=at - DAY)
    if got >= settings.HELP_DESK_PASSWORDS_PER_ACCOUNT and not agent.lead:
        raise OncePerDay


def _refuse_never(person: Person, agent: Agent) -> None:
    """Keep the desk off accounts of the staff, of colleagues, and the own one."""
    if person.pk == agent.person.pk or is_colleague(person):
        raise NeverHere


def _count(checked: QuerySet[Event], *, since: datetime) -> int:
    """Count the slips that came of checks; what failed does not count."""
    checked = checked.filter(what=CHECKED, at__gte=since)
    runs = {str(one["run"]) for one in checked.values_list("facts", flat=True)}
    return len(runs - _failed(since=since))


def _failed(*, since: datetime) -> set[str]:
    failures = Event.objects.filter(what=letter_runs.FAILED, at__gte=since)
    return {str(one.get("run")) for one in failures.values_list("facts", flat=True)}


def _put(*, person: Person, agent: Agent, run: str, at: datetime) -> Letter:
    try:
        letter = issue_slip(person=person, by=agent.person, at=at, run=run)
    except NoSlip as none:
        raise NoSlipMade(none.obstacle) from none
    throttle.clear(account=person.account_name, at=at)
    tidings.tell(person=person.pk, message=tidings.INITIAL_PASSWORD_SET, at=at)
    return letter
