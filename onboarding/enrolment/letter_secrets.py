"""Putting initial passwords into the directory, several at once."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from threading import Event as Signal

from accounts.directory.connection import Acting
from accounts.directory.errors import (
    DirectoryError,
    DirectoryUnavailable,
    EntryGuarded,
    EntryMissing,
)
from accounts.directory.passwords import set_initial_password
from accounts.mailbox import own_password
from accounts.people.models import Person
from onboarding.enrolment.letter_runs import Obstacle

log = logging.getLogger(__name__)

# The directory hashes with all its cores meanwhile; more would only queue there.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Put:
    """What came of it: what was in the way, if anything.

    ``mail_password_gone`` says that there was a password for e-mail only until then;
    that may be so even where something was in the way of the rest.
    """

    obstacle: Obstacle | None
    mail_password_gone: bool = False


Outcome = Future[Put]


def put(
    *, person: Person, secret: str, ends_at: datetime, who: Acting, unless: Signal
) -> Outcome:
    """Begin to give somebody an initial password.

    Nothing is tried any more once ``unless`` is set.
    """
    initial = partial(
        set_initial_password,
        account_name=person.account_name,
        secret=secret,
        ends_at=ends_at,
        who=who,
    )
    return _threads().submit(_put, person, initial, unless)


@cache
def _threads() -> ThreadPoolExecutor:
    # Kept for the life of the process, as each thread keeps its connection.
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="letters")


def _put(person: Person, initial: Callable[[], None], unless: Signal) -> Put:
    if unless.is_set():
        return Put(Obstacle.NOT_TRIED)
    gone: list[bool] = []
    if person.activated_at:
        # The mailbox first: where the directory dies in between, no password of
        # somebody else is left beside a new initial one.
        obstacle = _tried(lambda: gone.append(own_password.drop(person)))
        if obstacle:
            return Put(obstacle, any(gone))
    return Put(_tried(initial), any(gone))


def _tried(act: Callable[[], None]) -> Obstacle | None:
    try:
        _at_last(act)
    except DirectoryError as error:
        return _obstacle(error)
    except Exception as failure:  # noqa: BLE001 - the letters made so far must not be lost
        # The name only: a trace could show what a line held.
        log.error("letters: %s", type(failure).__name__)  # noqa: TRY400
        return Obstacle.BROKEN
    return None


def _obstacle(error: DirectoryError) -> Obstacle:
    match error:
        case DirectoryUnavailable():
            return Obstacle.SILENT
        case EntryMissing():
            return Obstacle.NO_ENTRY
        case EntryGuarded():
            return Obstacle.GUARDED
    log.warning("letters: the directory refused: %s", error)
    return Obstacle.REFUSED


def _at_last(act: Callable[[], None]) -> None:
    try:
        act()
    except DirectoryUnavailable:
        # A line that was cut meanwhile is opened anew; the same twice is once.
        act()
