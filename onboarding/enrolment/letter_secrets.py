"""Putting initial passwords into the directory, several at once."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cache
from threading import Event as Signal

from accounts.directory.errors import (
    DirectoryError,
    DirectoryUnavailable,
    EntryMissing,
)
from accounts.directory.passwords import set_initial_password
from onboarding.enrolment.letter_runs import Obstacle

log = logging.getLogger(__name__)

# The directory hashes with all its cores meanwhile; more would only queue there.
AT_ONCE = 8

Outcome = Future[Obstacle | None]


def put(
    *, account_name: str, secret: str, ends_at: datetime, unless: Signal
) -> Outcome:
    """Begin to give somebody an initial password; the result is what was in the way.

    Nothing is tried any more once ``unless`` is set.
    """
    return _threads().submit(_put, account_name, secret, ends_at, unless)


@cache
def _threads() -> ThreadPoolExecutor:
    # Kept for the life of the process, as each thread keeps its connection.
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="letters")


def _put(
    account_name: str, secret: str, ends_at: datetime, unless: Signal
) -> Obstacle | None:
    if unless.is_set():
        return Obstacle.NOT_TRIED
    try:
        _put_at_last(account_name, secret, ends_at)
    except DirectoryUnavailable:
        return Obstacle.SILENT
    except EntryMissing:
        return Obstacle.NO_ENTRY
    except DirectoryError as refusal:
        log.warning("letters: the directory refused: %s", refusal)
        return Obstacle.REFUSED
    except Exception as failure:  # noqa: BLE001 - the letters made so far must not be lost
        # The name only: a trace could show what a line held.
        log.error("letters: %s", type(failure).__name__)  # noqa: TRY400
        return Obstacle.BROKEN
    return None


def _put_at_last(account_name: str, secret: str, ends_at: datetime) -> None:
    try:
        set_initial_password(account_name=account_name, secret=secret, ends_at=ends_at)
    except DirectoryUnavailable:
        # A line that was cut meanwhile is opened anew; the same secret twice is one.
        set_initial_password(account_name=account_name, secret=secret, ends_at=ends_at)
