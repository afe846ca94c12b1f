"""The board in figures: who is where, what is stuck, and since when."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.catalogue.systems import DIRECTORY, MAILBOX, MOODLE, MYSTUDY, PAIA
from accounts.due.progress import LATE
from accounts.post.models import Mail
from accounts.post.send import NOWHERE, POINTLESS
from accounts.reconciler import pulse
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.models import CohortFile
from onboarding.journey.path import PATH
from onboarding.journey.step import Standing, Text
from onboarding.watch import work
from onboarding.watch.crowd import Member, crowd
from onboarding.watch.scope import Scope
from onboarding.watch.work import Health, Trouble, Waiting

# Which system a step waits for, where it waits for one.
SYSTEM_OF: Mapping[str, str] = {
    "activation": DIRECTORY,
    "mail": MAILBOX,
    "mystudy": MYSTUDY,
    "moodle": MOODLE,
    "library_account": PAIA,
}
# In the order in which people come through them.
STANDINGS = (
    Standing.DONE,
    Standing.HERE,
    Standing.WAITING,
    Standing.PROBLEM,
    Standing.LATER,
)
WORDS: Mapping[Standing, Promise] = {
    Standing.DONE: _("done"),
    Standing.HERE: _("their turn"),
    Standing.WAITING: _("under way"),
    Standing.PROBLEM: _("needs a human"),
    Standing.LATER: _("later"),
}
IMPORTS = 5


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: how many are how far with it."""

    key: str
    title: Text
    counted: Mapping[Standing, int]
    # Since when the first of those waits who wait for a system.
    since: datetime | None

    @property
    def cells(self) -> tuple[tuple[Standing, int], ...]:
        """Give the counts in the order of the table."""
        return tuple((one, self.counted.get(one, 0)) for one in STANDINGS)

    @property
    def worded(self) -> tuple[tuple[Standing, Promise, int], ...]:
        """Give the counts with their words."""
        return tuple((one, WORDS[one], number) for one, number in self.cells)

    @property
    def everybody(self) -> int:
        """Give how many people the step concerns."""
        return sum(self.counted.values())


@dataclass(frozen=True, slots=True)
class Share:
    """A school's or tutor group's part of everybody in figures."""

    scope: Scope
    everybody: int
    not_begun: int
    complete: int
    stuck: int


@dataclass(frozen=True, slots=True)
class Post:
    """Outgoing mail: what waits, and what could not be sent."""

    waiting: int = 0
    late: int = 0
    failed: int = 0
    last_sent: datetime | None = None
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that the board shows, at one moment."""

    at: datetime
    everybody: int
    begun: int
    # Who activated the account within the last hour.
    lately: int
    complete: int
    # Who waits for a human in some step.
    stuck: int
    steps: tuple[StepRow, ...]
    schools: tuple[Share, ...]
    groups: tuple[Share, ...]
    systems: tuple[Health, ...]
    troubles: tuple[Trouble, ...]
    oldest: tuple[Waiting, ...]
    post: Post
    imports: tuple[CohortFile, ...]
    # How many people the import holds back, of whatever part, and since when.
    held: int = 0
    held_since: datetime | None = None
    # Since when the worker has asked no system any more; nothing where it does.
    unasked_since: datetime | None = None

    @property
    def not_begun(self) -> int:
        """Give how many have never activated their account."""
        return self.everybody - self.begun


def board(scope: Scope, *, at: datetime) -> Board:
    """Count everything; as many queries for any number of people."""
    members = crowd(scope, at=at)
    people = scope.people()
    troubles = work.troubles(people)
    systems = work.health(people, at=at, known=troubles)
    return Board(
        at=at,
        everybody=len(members),
        begun=sum(one.begun for one in members),
        lately=sum(one.begun_lately(at) for one in members),
        complete=sum(one.way.complete for one in members),
        stuck=sum(one.way.stuck for one in members),
        steps=steps(members, systems),
        schools=by_school(members, scope),
        groups=by_group(members, scope),
        systems=systems,
        troubles=troubles,
        oldest=work.oldest(people, at=at),
        post=_post(at),
        imports=_imports(),
        **_held(),
        unasked_since=pulse.missed_since(at=at),
    )


def steps(
    members: Iterable[Member], systems: Iterable[Health] = ()
) -> tuple[StepRow, ...]:
    """Count who is how far with each step."""
    counted: Counter[tuple[str, Standing]] = Counter()
    for one in members:
        counted.update(one.way.standings.items())
    oldest = {one.key: one.oldest for one in systems}
    return tuple(
        StepRow(
            key=step.key,
            title=step.title,
            counted={
                where: counted[step.key, where]
                for where in STANDINGS
                if counted[step.key, where]
            },
            # A system may owe something to people who are past the step.
            since=oldest.get(SYSTEM_OF.get(step.key, ""))
            if counted[step.key, Standing.WAITING] + counted[step.key, Standing.PROBLEM]
            else None,
        )
        for step in PATH
    )


def by_school(members: Iterable[Member], scope: Scope) -> tuple[Share, ...]:
    """Count each school, where more than one is looked at."""
    found: defaultdict[str, list[Member]] = defaultdict(list)
    for one in members:
        for school in one.schools:
            found[school].append(one)
    return _shares({replace(scope, school=key): found[key] for key in found})


def by_group(members: Iterable[Member], scope: Scope) -> tuple[Share, ...]:
    """Count each tutor group, where more than one is looked at."""
    found: defaultdict[int, list[Member]] = defaultdict(list)
    for one in members:
        if one.group is not None:
            found[one.group].append(one)
    return _shares({replace(scope, group=key): found[key] for key in sorted(found)})


def _shares(found: Mapping[Scope, list[Member]]) -> tuple[Share, ...]:
    """Put first where most need a human, then where most have not begun."""
    shares = (
        Share(
            scope=part,
            everybody=len(members),
            not_begun=sum(not one.begun for one in members),
            complete=sum(one.way.complete for one in members),
            stuck=sum(one.way.stuck for one in members),
        )
        for part, members in found.items()
    )
    lagging = sorted(shares, key=lambda one: (-one.stuck, -one.not_begun))
    return tuple(lagging) if len(lagging) > 1 else ()


def _post(at: datetime) -> Post:
    due = Q(due_at__isnull=False)
    # Who had no address, or needs the mail no more, has lost nothing.
    lost = Q(due_at=None, sent_at=None) & ~Q(last_error__in=(NOWHERE, POINTLESS))
    return Post(
        **Mail.objects.aggregate(
            waiting=Count("pk", filter=due),
            late=Count("pk", filter=due & Q(due_at__lt=at - LATE)),
            failed=Count("pk", filter=lost),
            last_sent=Max("sent_at"),
            oldest=Min("asked_at", filter=due),
        )
    )


def _held() -> dict[str, Any]:
    return Held.now().aggregate(held=Count("pk"), held_since=Min("held_at"))


def _imports() -> tuple[CohortFile, ...]:
    files = CohortFile.objects.defer("content", "findings", "tutor_groups", "layout")
    return tuple(files[:IMPORTS])
