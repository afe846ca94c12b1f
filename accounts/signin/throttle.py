"""Slowing down guesses at one account, for a whole campus behind one address.

Three tries are free, then one waits 2, 4, 8, 16, 30 seconds (DECISIONS: no cap by the
hour or day; an initial password has 53 bits). A try is counted before the bind, by one
conditional update, so that of forty at once one is evaluated; tries that come while one
waits are neither evaluated nor counted. The count is per canonical account name, and
unknown names are counted alike.
"""

import hmac
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts.directory.errors import DirectoryUnavailable
from accounts.signin.models import Attempts

FREE = 3
WAITS = (2, 4, 8, 16, 30)
# While a bind is under way nobody else tries this account; it outlasts the directory's
# time-outs, so that a web process that died frees the account by itself.
UNDER_WAY = timedelta(seconds=30)
# How long the second of two clicks waits for the first.
PATIENCE = 10
PATIENCE_STEP = 0.3
FORGOTTEN_AFTER = timedelta(days=1)


class Waiting(Exception):
    """No try at the account is looked at now; ``seconds`` (1 or more) to wait."""

    def __init__(self, seconds: int) -> None:
        """Keep the wait."""
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Try:
    """One evaluated try; say so when it turns out right."""

    succeeded: bool = False


@contextmanager
def one_try(*, account: str, at: datetime) -> Iterator[Try]:
    """Let one try at this account happen; raises Waiting instead where it may not.

    A success clears the count. A directory that does not answer is nobody's failure.
    """
    key = _key(account)
    failures = _begin(key, at)
    attempt = Try()
    try:
        yield attempt
    except DirectoryUnavailable:
        _end(key, failures=failures - 1, open_at=at)
        raise
    except BaseException:
        _end(key, failures=failures, open_at=at + wait_after(failures))
        raise
    if attempt.succeeded:
        _end(key, failures=0, open_at=at)
    else:
        _end(key, failures=failures, open_at=at + wait_after(failures))


def wait_after(failures: int) -> timedelta:
    """Give the wait that follows so many failures in a row."""
    beyond = failures - FREE
    if beyond < 0:
        return timedelta(0)
    return timedelta(seconds=WAITS[min(beyond, len(WAITS) - 1)])


def forget(*, at: datetime) -> None:
    """Drop counts that nobody added to for a day."""
    Attempts.objects.filter(open_at__lt=at - FORGOTTEN_AFTER).delete()


def clear(*, account: str) -> None:
    """Let an account be tried at once again."""
    Attempts.objects.filter(key=_key(account)).delete()


def _begin(key: str, at: datetime) -> int:
    Attempts.objects.bulk_create([Attempts(key=key, open_at=at)], ignore_conflicts=True)
    for _ in range(PATIENCE):
        if failures := _taken(key, at):
            return failures
        open_at, busy_until = _row(key)
        if open_at > at:
            raise Waiting(_seconds(open_at - at))
        if busy_until is not None:
            # Somebody pressed the button twice; the first press ends in a moment.
            time.sleep(PATIENCE_STEP)
    raise Waiting(1)


def _taken(key: str, at: datetime) -> int:
    """Count this try if it may happen; give the count, or nothing."""
    free = Q(busy_until=None) | Q(busy_until__lte=at)
    with transaction.atomic():
        begun = Attempts.objects.filter(free, key=key, open_at__lte=at).update(
            failures=F("failures") + 1, busy_until=at + UNDER_WAY
        )
        if not begun:
            return 0
        return Attempts.objects.values_list("failures", flat=True).get(key=key)


def _row(key: str) -> tuple[datetime, datetime | None]:
    return Attempts.objects.values_list("open_at", "busy_until").get(key=key)


def _seconds(wait: timedelta) -> int:
    return max(1, min(math.ceil(wait.total_seconds()), WAITS[-1]))


def _end(key: str, *, failures: int, open_at: datetime) -> None:
    Attempts.objects.filter(key=key).update(
        failures=max(0, failures), open_at=open_at, busy_until=None
    )


def _key(account: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"attempts:{account}".encode(), "sha256"
    ).hexdigest()
