"""Runs of letters as the journal knows them: counts and obstacles, never a secret."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person

BEGUN, ENDED = "letters_begun", "letters_ended"
ISSUED, FAILED = "letter_issued", "letter_failed"
# A letter that a later run is to print; the one before is dead.
ORDERED = "letter_order_issued"
# A run that has not come to its end by then has been broken off.
LONGEST = timedelta(minutes=30)
LONGEST_ACCOUNT = 64


class Obstacle(Enum):
    """Why somebody got no letter."""

    UNKNOWN = "unknown"
    STAFF = "staff"
    LEFT = "left"
    ELSEWHERE = "elsewhere"
    NO_ENTRY = "no_entry"
    GUARDED = "guarded"
    REFUSED = "refused"
    SILENT = "silent"
    BROKEN = "broken"
    NOT_TRIED = "not_tried"

    def sentence(self) -> str:
        """Say what is the matter and what to do."""
        return str(_SENTENCES[self])


_SENTENCES: dict[Obstacle, Promise] = {
    Obstacle.UNKNOWN: _("Nobody here has this account name."),
    Obstacle.STAFF: _("This is an account of the staff; letters are for students."),
    Obstacle.LEFT: _("This person is not enrolled (any more)."),
    Obstacle.ELSEWHERE: _(
        "A letter for this person was issued elsewhere at the same time, or the account"
        " has been activated."
    ),
    Obstacle.NO_ENTRY: _(
        "The directory has no entry for this person yet. It is usually made within a"
        " minute; issue the letter again then."
    ),
    Obstacle.GUARDED: _(
        "The directory sets no new initial password for this account: its owner has a"
        " role among the staff. The identity management of the MIZ does."
    ),
    Obstacle.REFUSED: _(
        "The directory refused the initial password. Somebody who runs the directory"
        " has to look at the entry."
    ),
    Obstacle.SILENT: _(
        "The directory did not answer in time. An earlier letter of this person may be"
        " void; issue the letter again."
    ),
    Obstacle.BROKEN: _("Something went wrong on our side. Issue the letter again."),
    Obstacle.NOT_TRIED: _(
        "The run ended before it was this person's turn. Issue the letter again."
    ),
}


class RunBegun(Exception):
    """The run has been begun already; its letters are in the file it gave."""


@dataclass(frozen=True, slots=True)
class NoLetter:
    """Somebody who got no letter, and why; ``person`` (id) where we know one."""

    account_name: str
    obstacle: Obstacle
    person: int | None = None

    def sentence(self) -> str:
        """Say who and why."""
        return f"{self.account_name}: {self.obstacle.sentence()}"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A run in a list; ``issued`` is unknown until it has ended."""

    name: str
    at: datetime
    total: int
    issued: int | None
    broken_off: bool


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a run so far."""

    name: str
    at: datetime
    by: int | None
    total: int
    issued: int
    not_tried: int
    without: tuple[NoLetter, ...]
    ended: bool

    @property
    def done(self) -> int:
        """Give the number of people whose turn is over."""
        return self.issued + self.left_out

    @property
    def left_out(self) -> int:
        """Give the number of people who got no letter."""
        return len(self.without) + self.not_tried

    def broken_off(self, *, at: datetime) -> bool:
        """Say whether the run ended without coming to its end."""
        return not self.ended and at - self.at > LONGEST


def new_name() -> str:
    """Give a name for a run that nobody can guess."""
    return secrets.token_urlsafe(12)


def begin(*, run: str, total: int, by: int | None, at: datetime) -> None:
    """Note that a run begins; raises RunBegun where it has begun already."""
    with transaction.atomic():
        # Two clicks of the same person queue here, whichever process they reach.
        me = Person.objects.select_for_update().filter(pk__in=[by] if by else [])
        list(me.values_list("pk"))
        if _events(BEGUN, run).exists():
            raise RunBegun
        record(what=BEGUN, at=at, who=by, facts={"run": run, "total": total})


def end(
    *,
    run: str,
    issued: int,
    without: Sequence[NoLetter],
    by: int | None,
    at: datetime,
) -> None:
    """Note the end of a run; who was not tried is only counted."""
    by_trial = [one for one in without if one.obstacle is not Obstacle.NOT_TRIED]
    not_tried = sum(one.obstacle is Obstacle.NOT_TRIED for one in without)
    with transaction.atomic():
        for one in by_trial:
            why, failure = one.obstacle.value, _facts(one, run)
            record(what=FAILED, at=at, whom=one.person, who=by, why=why, facts=failure)
        facts: dict[str, Fact] = {"run": run, "issued": issued, "not_tried": not_tried}
        record(what=ENDED, at=at, who=by, facts=facts)


def look_up(run: str) -> Run | None:
    """Give what became of a run, out of the journal."""
    begun = _events(BEGUN, run).first()
    if begun is None:
        return None
    ended = _events(ENDED, run).first()
    mine = Event.objects.filter(at=begun.at, who=begun.who_id, facts__run=run)
    return Run(
        name=run,
        at=begun.at,
        by=begun.who_id,
        total=begun.facts["total"],
        issued=ended.facts["issued"] if ended else mine.filter(what=ISSUED).count(),
        not_tried=ended.facts["not_tried"] if ended else 0,
        without=_without(mine.filter(what=FAILED)),
        ended=ended is not None,
    )


def latest(*, most: int, at: datetime) -> list[Glimpse]:
    """Give the runs begun last, newest first."""
    runs = Event.objects.filter(whom=None)
    begun = list(runs.filter(what=BEGUN)[:most])
    names = [one.facts["run"] for one in begun]
    ended = runs.filter(what=ENDED, at__in=[one.at for one in begun])
    issued = {one.facts["run"]: one.facts["issued"] for one in ended}
    return [
        Glimpse(
            name=name,
            at=one.at,
            total=one.facts["total"],
            issued=issued.get(name),
            broken_off=name not in issued and at - one.at > LONGEST,
        )
        for name, one in zip(names, begun, strict=True)
    ]


def unused(run: Run) -> list[str]:
    """Give the account names whose letter of this run is still the one to be used.

    Where the file was lost, these letters have to be issued again.
    """
    later = Event.objects.filter(
        what__in=(ISSUED, ORDERED), whom=OuterRef("whom"), at__gt=run.at
    )
    mine = Event.objects.filter(what=ISSUED, at=run.at, who=run.by, facts__run=run.name)
    waiting = mine.filter(~Exists(later), whom__initial_password_until__isnull=False)
    names = waiting.values_list("whom__account_name", flat=True)
    failed = {one.account_name for one in run.without}
    return [name for name in names.order_by("whom__account_name") if name not in failed]


def _facts(one: NoLetter, run: str) -> dict[str, Fact]:
    if one.person is not None:
        return {"run": run}
    # Nobody's account: it names no person.
    return {"run": run, "account": one.account_name[:LONGEST_ACCOUNT]}


def _without(failures: QuerySet[Event]) -> tuple[NoLetter, ...]:
    found = failures.values_list("whom__account_name", "facts__account", "why")
    return tuple(
        sorted(
            (
                NoLetter(known or unknown, Obstacle(why))
                for known, unknown, why in found
            ),
            key=lambda one: one.account_name,
        )
    )


def _events(what: str, run: str) -> QuerySet[Event]:
    # Acts that concern no single person are few, and indexed as such.
    return Event.objects.filter(whom=None, what=what, facts__run=run)
