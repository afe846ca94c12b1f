"""How far one target system is with one person, for pages that tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.due.lease import PARKED
from accounts.due.models import Sync
from accounts.people.questions import Question

# What is noted where a whole system did not answer, or not about this person.
_SILENT = frozenset({"silent", "no_answer"})

# What waits for longer is told as late: the worker may be away, and nobody notices.
LATE = timedelta(minutes=1)

COLUMNS = (
    "generation",
    "settled_generation",
    "failures",
    "last_error",
    "settled_at",
    "due_at",
)
_ROWS = Sync.objects.values_list(*COLUMNS)
_ALL = Question(
    lambda person: Sync.objects.filter(person_id=person).values_list("system", *COLUMNS)
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a row of the work table says; without one, nothing was ever asked for."""

    generation: int = 0
    settled_generation: int = 0
    failures: int = 0
    last_error: str = ""
    # When everything that had been asked for by then was done, the last time.
    settled_at: datetime | None = None
    # Since when, or from when on, somebody is to work at it.
    due_at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Say whether everything that was asked for so far has been done."""
        return self.settled_generation >= self.generation

    @property
    def working(self) -> bool:
        """Say whether something is still being set up."""
        return not self.settled

    @property
    def stuck(self) -> bool:
        """Say whether it has failed, and not been got over yet."""
        return self.failures > 0

    @property
    def late(self) -> bool:
        """Say whether nobody has got to it for longer than it usually takes."""
        return self.under_way and is_late(self.due_at)

    @property
    def parked(self) -> bool:
        """Say whether it needs a human."""
        return self.last_error.startswith(PARKED)

    @property
    def under_way(self) -> bool:
        """Say whether time alone may bring news of it."""
        return not self.settled and not self.parked

    @property
    def silent(self) -> bool:
        """Say whether the system does not answer."""
        return self.last_error in _SILENT

    @property
    def version(self) -> str:
        """Tell one state from the next; a second failure in a row is no news."""
        slow = int(self.stuck or self.late)
        return f"{self.generation}-{self.settled_generation}-{slow}"


def is_late(due_at: datetime | None) -> bool:
    """Say whether what was due then has been waiting for too long by now."""
    return due_at is not None and timezone.now() - due_at > LATE


@dataclass(frozen=True, slots=True)
class Overall:
    """All systems of one person together, for a page that waits for any of them."""

    version: str
    # Nothing is under way that time alone could bring.
    settled: bool


def overall(progress: Mapping[str, Progress]) -> Overall:
    """Put together what the work table says of one person, by system."""
    known = sorted(progress.items())
    return Overall(
        version="_".join(f"{system}-{one.version}" for system, one in known),
        settled=not any(one.under_way for _, one in known),
    )


def overall_of(person: int) -> Overall:
    """Say what is under way for a person (id): one indexed question."""
    return overall({system: Progress(*row) for system, *row in _ALL(person)})


def progress_of(person: int, *, system: str) -> Progress:
    """Say how far a system is with a person (id): one indexed row."""
    rows = _ROWS.filter(person_id=person, system=system)
    return next((Progress(*row) for row in rows), Progress())
