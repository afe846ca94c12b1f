"""A new initial password, as a slip or a letter: who may get one, and how often.

The check of who somebody is comes first, is written down and counts; then the secret
goes into the directory and onto paper, and nowhere else. A letter is ordered here and
printed by student administration; the password before is dead at once either way.
"""

from collections.abc import Callable, Mapping
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
from onboarding.enrolment.letter_orders import Order, order_of
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.letter_recipients import students
from onboarding.enrolment.letter_runs import Obstacle
from onboarding.enrolment.letters import NoSlip, issue_slip, order_letter
from onboarding.helpdesk import approvals, limits
from onboarding.helpdesk.agents import Agent, is_colleague
from onboarding.helpdesk.checks import Cause, Check, Way
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import (
    JustDone,
    LetterOrdered,
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
    """What an agent made out or ordered a short time ago."""

    at: datetime
    facts: Mapping[str, Fact]

    @property
    def way(self) -> Way:
        """Say whether it was a slip."""
        return _way(self.facts)


def needs_second(*, person: Person, check: str) -> bool:
    """Say whether a second agent has to agree."""
    return person.activated_at is not None or check == Check.VIDEO


def ask(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> Approval:
    """Ask a second agent for it; raises Refused, DirectoryUnavailable."""
    _refuse(person=person, way=_way(facts), agent=agent, at=at)
    return approvals.ask(
        kind=approvals.NEW_PASSWORD, person=person, facts=facts, by=agent.person, at=at
    )


def make(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> Letter | None:
    """Make a slip out where the check of one agent is enough; none is a letter ordered.

    Two presses order one. Raises Refused, DirectoryUnavailable.
    """
    with transaction.atomic():
        _queue(person, agent)
        by_post = _way(facts) is Way.LETTER
        if by_post and _ordered_just_now(person=person, agent=agent, at=at):
            return None
        run = _begin(person=person, facts=facts, agent=agent, at=at)
        if needs_second(person=person, check=str(facts["check"])):
            raise approvals.NotApproved
    return _put(person=person, way=_way(facts), agent=agent, run=run, at=at)


def make_approved(*, person: Person, agent: Agent, at: datetime) -> Letter | None:
    """Do what a second agent agreed to; the same, with the same errors."""
    with transaction.atomic():
        _queue(person, agent)
        try:
            used = approvals.use(
                kind=approvals.NEW_PASSWORD, person=person, by=agent.person, at=at
            )
        except approvals.NotApproved:
            if _ordered_just_now(person=person, agent=agent, at=at):
                return None
            raise
        facts = {**used.facts, "approval": used.pk}
        run = _begin(person=person, facts=facts, agent=agent, at=at)
    try:
        return _put(person=person, way=_way(facts), agent=agent, run=run, at=at)
    except NoSlipMade:
        approvals.give_back(used)
        raise


def make_again(*, person: Person, agent: Agent, at: datetime) -> Letter | None:
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
    if before.way is not Way.SLIP:
        raise LetterOrdered
    _refuse_never(person, agent)
    run = str(before.facts["run"])
    return _put(person=person, way=Way.SLIP, agent=agent, run=run, at=at)


def made(*, person: Person, agent: Agent, at: datetime) -> Made | None:
    """Give what this agent made out or ordered for the person within the last hour."""
    mine = Event.objects.filter(
        whom=person, who=agent.person, what=CHECKED, at__gt=at - AGAIN_WITHIN
    )
    last = mine.order_by("-at", "-pk").first()
    if last is None or last.facts["run"] in _failed(since=last.at):
        return None
    return Made(last.at, last.facts)


def _way(facts: Mapping[str, Fact]) -> Way:
    return Way(str(facts.get("way", Way.SLIP)))


def _queue(person: Person, agent: Agent) -> None:
    """Come one after the other, and with the record as it is now."""
    limits.queue(agent.person)
    limits.queue(person)
    person.refresh_from_db(fields=["activated_at", "initial_password_until"])


def _ordered_just_now(*, person: Person, agent: Agent, at: datetime) -> bool:
    last = made(person=person, agent=agent, at=at)
    if last is None or last.way is not Way.LETTER:
        return False
    return last.at > at - TWO_PRESSES


def _begin(
    *, person: Person, facts: Mapping[str, Fact], agent: Agent, at: datetime
) -> str:
    """Note check and agent before anything happens; give the name of the slip."""
    _refuse(person=person, way=_way(facts), agent=agent, at=at)
    run = letter_runs.new_name()
    noted = {**facts, "run": run}
    record(what=CHECKED, at=at, whom=person.pk, who=agent.person.pk, facts=noted)
    if facts.get("cause") == Cause.MISUSED:
        # Whoever it was could come back in by an address of theirs.
        addresses.drop(person=person, by=agent.person, at=at)
    return run


def _refuse(*, person: Person, way: Way, agent: Agent, at: datetime) -> None:
    _refuse_never(person, agent)
    if not students(at=at).filter(pk=person.pk).exists():
        raise NoSlipMade(Obstacle.LEFT)
    order, before = order_of(person), made(person=person, agent=agent, at=at)
    if way is Way.LETTER and order and order.stands:
        raise LetterOrdered
    if before and before.way is Way.SLIP:
        raise JustDone
    most = settings.HELP_DESK_PASSWORDS_A_DAY
    today = limits.start_of_day(at)
    if _count(Event.objects.filter(who=agent.person), since=today) >= most:
        raise TooMuchToday(most)
    got = _count(Event.objects.filter(whom=person), since=at - DAY, but=order)
    if got >= settings.HELP_DESK_PASSWORDS_PER_ACCOUNT and not agent.lead:
        raise OncePerDay


def _refuse_never(person: Person, agent: Agent) -> None:
    """Keep the desk off accounts of the staff, of colleagues, and the own one."""
    if person.pk == agent.person.pk or is_colleague(person):
        raise NeverHere


def _count(
    checked: QuerySet[Event], *, since: datetime, but: Order | None = None
) -> int:
    """Count what came of checks; what failed does not count.

    Nor does an order that waits, where a slip is to take its place: nothing of it has
    come to anybody yet.
    """
    checked = checked.filter(what=CHECKED, at__gte=since)
    runs = {str(one["run"]) for one in checked.values_list("facts", flat=True)}
    waits = {but.run} if but and but.stands else set()
    return len(runs - waits - _failed(since=since))


def _failed(*, since: datetime) -> set[str]:
    failures = Event.objects.filter(what=letter_runs.FAILED, at__gte=since)
    return {str(one.get("run")) for one in failures.values_list("facts", flat=True)}


_ACTS: Mapping[Way, tuple[Callable[..., Letter | None], str]] = {
    Way.SLIP: (issue_slip, tidings.INITIAL_PASSWORD_SET),
    Way.LETTER: (order_letter, tidings.LETTER_ORDERED),
}


def _put(
    *, person: Person, way: Way, agent: Agent, run: str, at: datetime
) -> Letter | None:
    act, message = _ACTS[way]
    try:
        letter = act(person=person, by=agent.person, at=at, run=run)
    except NoSlip as none:
        raise NoSlipMade(none.obstacle) from none
    throttle.clear(account=person.account_name, at=at)
    tidings.tell(person=person.pk, message=message, at=at)
    return letter
