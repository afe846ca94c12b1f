"""Issuing activation letters: a secret goes into the directory and onto paper only."""

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event as Signal

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.catalogue import systems
from accounts.directory.connection import Acting
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.journal.record import Fact, record_many
from accounts.people.lifecycle import expect_own_password
from accounts.people.models import Person
from accounts.signin.credentials import make_initial_password, printed
from accounts.signin.tidings import MAIL_PASSWORD_REMOVED, tell
from onboarding.enrolment import letter_orders, letter_runs, letter_secrets
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.letter_recipients import awaiting, named, students
from onboarding.enrolment.letter_runs import NoLetter, Obstacle

log = logging.getLogger(__name__)

# The records of so many people are written in one transaction.
BATCH = 50


def issue(
    *, accounts: Sequence[str] | None, by: int | None, at: datetime, run: str
) -> "LetterRun":
    """Begin a run of letters: for these accounts, or for everybody who awaits one.

    A letter for a named account kills the secret before it at once; somebody who has
    activated has to choose a password again. Nothing happens to anybody before the
    run is iterated over. ``by`` is a person's id. Raises RunBegun.
    """
    without: list[NoLetter] = []
    if accounts is None:
        people = list(awaiting(at=at))
    else:
        people, without = named(accounts, at=at)
    letters = LetterRun(
        people=sorted(people, key=lambda one: (one.sort_key, one.account_name)),
        everybody=accounts is None,
        without=without,
        by=by,
        at=at,
        run=run,
        until=_end_of_day(at + settings.INITIAL_PASSWORD_LASTS),
    )
    letter_runs.begin(run=run, total=letters.total, by=by, at=at)
    return letters


class NoSlip(Exception):
    """Somebody gets no letter now; ``obstacle`` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        """Keep the obstacle."""
        super().__init__(obstacle)
        self.obstacle = obstacle


def issue_slip(*, person: Person, by: Person, at: datetime, run: str = "") -> Letter:
    """Give one person a letter at the help desk; the one before is dead at once.

    It is valid for a short time (SLIP_LASTS) and stands in no list of runs; the
    journal has it under the name ``run``. Raises NoSlip.
    """
    until = _end_of_day(at + settings.SLIP_LASTS)
    return _at_the_desk(person, by, at, run or letter_runs.new_name(), until)


def order_letter(*, person: Person, by: Person, at: datetime, run: str) -> None:
    """Order a letter for one person from the next run; the one before is dead at once.

    Until it is printed nothing opens the account: the directory gets a secret that
    nobody sees, and that has ended. The journal has it under the name ``run``. Raises
    NoSlip.
    """
    _at_the_desk(person, by, at, run, at, why=letter_orders.WHY)


def _at_the_desk(  # noqa: PLR0913 - an act has that many sides
    person: Person,
    by: Person,
    at: datetime,
    run: str,
    until: datetime,
    *,
    why: str = "letter",
) -> Letter:
    if not students(at=at).filter(pk=person.pk).exists():
        raise NoSlip(Obstacle.LEFT)
    letters = LetterRun(
        people=[person],
        everybody=False,
        without=[],
        by=by.pk,
        at=at,
        run=run,
        until=until,
        place="help_desk",
        why=why,
    )
    for letter in letters:
        return letter
    raise NoSlip(letters.without[0].obstacle)


def _end_of_day(moment: datetime) -> datetime:
    """Letters name a day, and it counts to its end."""
    last = timezone.localtime(moment)
    return last.replace(hour=23, minute=59, second=59, microsecond=0)


@dataclass(slots=True)
class LetterRun:
    """Letters that are issued while somebody iterates over them, in order of names.

    ``issued`` counts them; ``without`` says who got none, and why.
    """

    people: list[Person]
    everybody: bool
    without: list[NoLetter]
    by: int | None
    at: datetime
    run: str
    # The end of the initial passwords.
    until: datetime
    # Where it is done, where that is not with student administration.
    place: str = ""
    # What the journal calls it.
    why: str = "letter"
    issued: int = 0
    total: int = field(init=False)
    _stopped: Signal = field(default_factory=Signal)
    _taken_back: list["_Writing"] = field(default_factory=list)
    # Whose password for e-mail only died.
    _mail_passwords: list["_Writing"] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Count once: the lists change while the run goes on."""
        self.total = len(self.people) + len(self.without)

    @property
    def done(self) -> int:
        """Give the number of people whose turn is over."""
        return self.issued + len(self.without)

    def stop(self) -> None:
        """Try nobody else; letters that are made already are still given."""
        self._stopped.set()

    def __iter__(self) -> Iterator[Letter]:
        """Give the letters; to leave early stops the run."""
        try:
            for writing in self._under_way():
                put = writing.outcome.result()
                if put.mail_password_gone:
                    self._mail_passwords.append(writing)
                if put.obstacle is None:
                    self.issued += 1
                    yield writing.letter
                else:
                    self._fail(writing, put.obstacle)
        finally:
            self.stop()
            self._end()

    def _under_way(self) -> Iterator["_Writing"]:
        """Give what is being written, always with something left to be written."""
        waiting: deque[_Writing] = deque()
        for start in range(0, len(self.people), BATCH):
            waiting += self._begin(self.people[start : start + BATCH])
            while len(waiting) > BATCH:
                yield waiting.popleft()
        yield from waiting

    def _begin(self, batch: Sequence[Person]) -> list["_Writing"]:
        if self._stopped.is_set():
            self._leave_out(batch, Obstacle.NOT_TRIED)
            return []
        try:
            ready = self._expect([person.pk for person in batch])
        except DatabaseError as failure:
            log.error("letters: database: %s", type(failure).__name__)  # noqa: TRY400
            self.stop()
            return self._begin(batch)
        begun = [person for person in batch if ready.get(person.pk)]
        self._leave_out([p for p in batch if p.pk not in ready], Obstacle.ELSEWHERE)
        self._leave_out(
            [p for p in batch if ready.get(p.pk) is False], Obstacle.NO_ENTRY
        )
        return [self._write(person) for person in begun]

    def _expect(self, people: Sequence[int]) -> dict[int, bool]:
        """Note who gets a letter now, before the directory knows.

        Says who may have one, and of them, who has an entry.
        """
        with transaction.atomic():
            # The row lock lets two runs share the cohort, not the people.
            locked = Person.objects.select_for_update().filter(pk__in=people)
            list(locked.values_list("pk"))
            free = awaiting(at=self.at) if self.everybody else students(at=self.at)
            may = free.filter(pk__in=people).values_list("pk", flat=True)
            # An entry that the portal has not looked at may hold a password that its
            # owner chose long ago.
            seen = Sync.objects.filter(
                system=systems.DIRECTORY, person__in=may, settled_at__isnull=False
            )
            ready = dict.fromkeys(may, False)
            ready.update(dict.fromkeys(seen.values_list("person_id", flat=True), True))
            begun = [one for one, there in ready.items() if there]
            expect_own_password(
                people=begun,
                until=self.until,
                by=self.by,
                at=self.at,
                why=self.why,
                facts=self._facts(),
            )
            mark(people=begun, systems=systems.NAMES, at=self.at)
        return ready

    def _facts(self) -> dict[str, Fact]:
        return {"run": self.run, **({"place": self.place} if self.place else {})}

    def _write(self, person: Person) -> "_Writing":
        secret = make_initial_password()
        letter = Letter(
            account_name=person.account_name,
            initial_password=printed(secret),
            display_name=person.display_name,
            language=person.language,
            valid_until=timezone.localdate(self.until),
        )
        outcome = letter_secrets.put(
            person=person,
            secret=secret,
            ends_at=self.until,
            who=self._who(person),
            unless=self._stopped,
        )
        return _Writing(person, letter, outcome)

    def _who(self, person: Person) -> Acting:
        """Give who writes: what its owner chose, only a remedy replaces."""
        first = not self.place and person.activated_at is None
        return Acting.PORTAL if first else Acting.REMEDY

    def _fail(self, writing: "_Writing", obstacle: Obstacle) -> None:
        self._leave_out([writing.person], obstacle)
        self._taken_back.append(writing)
        if obstacle is Obstacle.SILENT:
            # It would not answer for the others either.
            self.stop()

    def _leave_out(self, people: Sequence[Person], obstacle: Obstacle) -> None:
        self.without += [NoLetter(one.account_name, obstacle, one.pk) for one in people]

    def _end(self) -> None:
        try:
            with transaction.atomic():
                for writing in self._taken_back:
                    self._take_back(writing)
                self._tell_of_mail_passwords()
                letter_runs.end(
                    run=self.run,
                    issued=self.issued,
                    without=self.without,
                    by=self.by,
                    at=self.at,
                )
        except DatabaseError as failure:
            # The file is worth more than its report.
            log.error("letters: database: %s", type(failure).__name__)  # noqa: TRY400

    def _tell_of_mail_passwords(self) -> None:
        record_many(
            what="mail_password_dropped",
            at=self.at,
            whom=[writing.person.pk for writing in self._mail_passwords],
            who=self.by,
            facts=self._facts(),
        )
        for writing in self._mail_passwords:
            if writing.outcome.result().obstacle:
                # Nothing else will tell its owner.
                tell(
                    person=writing.person.pk, message=MAIL_PASSWORD_REMOVED, at=self.at
                )

    def _take_back(self, writing: "_Writing") -> None:
        """Let somebody await a letter again who has none."""
        before: datetime | None = writing.person.initial_password_until
        ended = before is not None and before <= self.at
        if writing.outcome.result().obstacle in _UNCERTAIN and not ended:
            if writing.person.activated_at:
                # Whose password is in force now, the directory will tell the sweep.
                return
            before = None
        Person.objects.filter(
            pk=writing.person.pk, initial_password_until=self.until
        ).update(initial_password_until=before)


# The directory may have taken the secret all the same.
_UNCERTAIN = frozenset({Obstacle.SILENT, Obstacle.BROKEN})


@dataclass(frozen=True, slots=True)
class _Writing:
    """A letter whose secret is on its way into the directory."""

    person: Person
    letter: Letter
    outcome: letter_secrets.Outcome
