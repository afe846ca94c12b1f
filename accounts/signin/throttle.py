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

from accounts.directory.errors import DirectoryError, PasswordRefused
from accounts.signin.models import Attempts

FREE = 3
WAITS = (2, 4, 8, 16, 30)
# While a bind is under way nobody else tries this account. It outlasts every time-out
# of a try one after the other (ten answers, LDAP_ANSWER_TIMEOUT each), so that a web
# process that died frees the account by itself, and a slow one never shares it.
UNDER_WAY = timedelta(seconds=60)
# How long the second of two clicks waits for the first.
PATIENCE = timedelta(seconds=3)
PATIENCE_STEP = 0.1
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


@dataclass(frozen=True)
class _Claim:
    """The right to try; its moment is its token, since no two are alike."""

    key: str
    failures: int
    begun: datetime

    @property
    def until(self) -> datetime:
        return self.begun + UNDER_WAY


class _Clock:
    """The time of a request, going on."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._begun)


@contextmanager
def one_try(*, account: str, at: datetime) -> Iterator[Try]:
    """Let one try at this account happen; raises Waiting instead where it may not.

    A success clears the count, also where something else is refused after it. A
    directory that does not do its work is nobody's failure.
    """
    claim = _begin(_key(account), _Clock(at))
    attempt, failures = Try(), claim.failures
    try:
        yield attempt
    except PasswordRefused:
        raise
    except DirectoryError:
        failures -= 1
        raise
    finally:
        _end(claim, failures=0 if attempt.succeeded else failures)


def wait_after(failures: int) -> timedelta:
    """Give the wait that follows so many failures in a row."""
    beyond = failures - FREE
    if beyond < 0:
        return timedelta(0)
    return timedelta(seconds=WAITS[min(beyond, len(WAITS) - 1)])


def forget(*, at: datetime) -> None:
    """Drop counts that nobody added to for a day."""
    Attempts.objects.filter(open_at__lt=at - FORGOTTEN_AFTER).delete()


def clear(*, account: str, at: datetime) -> None:
    """Let an account be tried at once again."""
    Attempts.objects.filter(key=_key(account)).update(
        failures=0, open_at=_opens(at, after=0)
    )


def waits(*, account: str, at: datetime) -> int:
    """Give the seconds for which no try at an account is looked at."""
    mine = Attempts.objects.filter(key=_key(account), open_at__gt=at)
    opens = mine.values_list("open_at", flat=True).first()
    return _seconds(opens - at) if opens else 0


def _begin(key: str, clock: _Clock) -> _Claim:
    patient_until = clock.now() + PATIENCE
    while True:
        now = clock.now()
        open_at, busy_until = _row(key, now)
        if open_at > now:
            raise Waiting(_seconds(open_at - now))
        free = busy_until is None or busy_until <= now
        if free and (claim := _claimed(key, now)):
            return claim
        if now >= patient_until:
            raise Waiting(1)
        # Somebody pressed the button twice; the first press ends in a moment.
        time.sleep(PATIENCE_STEP)


def _row(key: str, at: datetime) -> tuple[datetime, datetime | None]:
    mine = Attempts.objects.filter(key=key).values_list("open_at", "busy_until")
    if row := mine.first():
        return row
    fresh = Attempts(key=key, open_at=_opens(at, after=0))
    Attempts.objects.bulk_create([fresh], ignore_conflicts=True)
    return fresh.open_at, None


def _claimed(key: str, at: datetime) -> _Claim | None:
    """Count this try if it may happen: one conditional update decides."""
    free = Q(busy_until=None) | Q(busy_until__lte=at)
    with transaction.atomic():
        begun = Attempts.objects.filter(free, key=key, open_at__lte=at).update(
            failures=F("failures") + 1, busy_until=at + UNDER_WAY
        )
        if not begun:
            return None
        failures = Attempts.objects.values_list("failures", flat=True).get(key=key)
        return _Claim(key=key, failures=failures, begun=at)


def _end(claim: _Claim, *, failures: int) -> None:
    counted = failures == claim.failures
    opens = _opens(claim.begun, after=failures if counted else 0)
    # Whoever lost the claim to somebody later has nothing to say any more.
    Attempts.objects.filter(key=claim.key, busy_until=claim.until).update(
        failures=failures, open_at=opens, busy_until=None
    )


def _opens(begun: datetime, *, after: int) -> datetime:
    # Two clicks need not arrive in the order of their clocks: where there is nothing
    # to wait for, the one that is dated earlier must not wait.
    return begun + (wait_after(after) or -PATIENCE)


def _seconds(wait: timedelta) -> int:
    return max(1, min(math.ceil(wait.total_seconds()), WAITS[-1]))


def _key(account: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"attempts:{account}".encode(), "sha256"
    ).hexdigest()
