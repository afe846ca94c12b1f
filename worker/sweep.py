"""The sweep: works off whatever is due, whoever forgot to ring."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event, Thread

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from accounts.connectors.contract import Connector
from accounts.mailbox.reach import reachable
from accounts.post.send import send_due
from accounts.reconciler.pulse import feel
from accounts.reconciler.settle import settle_batch
from onboarding.enrolment.intake import work_off
from worker.fleet import CONNECTORS, FACTS, WRITERS

log = logging.getLogger(__name__)

# So many batches, then the other kinds of work get their turn.
ROUNDS = 20
# How often the one who keeps them looks up, where nobody rings.
LOOK_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Work:
    """One kind of work: a system, the post, the intake of files."""

    name: str
    # Does a batch of what is due at a moment; says how many rows it looked at.
    do: Callable[[datetime], int]


def kinds() -> tuple[Work, ...]:
    """Name every kind of work there is."""
    return (
        *(Work(one.name, partial(_settled, one)) for one in CONNECTORS),
        Work("post", _posted),
        Work("intake", lambda at: int(work_off(at=at))),
    )


def sweep(
    *, clock: Callable[[], datetime] = timezone.now, stop: Event | None = None
) -> int:
    """Work off what is due now, one kind after the other; says how many rows it saw.

    One kind of work that fails never keeps the others waiting. After ``stop`` nothing
    new is begun.
    """
    stopped = stop or Event()
    return sum(rounds(work, clock=clock, stop=stopped) for work in kinds())


def keep_sweeping(stop: Event, rung: Event) -> None:
    """Sweep until told to stop: at once when rung, else every second or so.

    Each kind of work goes on in a thread of its own, so that a system that is slow
    holds up nobody but those who wait for it. Returns once all have ended.
    """
    bells = [_Bell(work, stop) for work in (*kinds(), Work("pulse", _felt))]
    while not stop.is_set():
        if rung.wait(LOOK_UP_SECONDS):
            rung.clear()
            for bell in bells:
                bell.ring()
    for bell in bells:
        bell.ring()
    for bell in bells:
        bell.ended()


def rounds(
    work: Work, *, clock: Callable[[], datetime] = timezone.now, stop: Event
) -> int:
    """Do one kind of work until nothing is due, or it has had its turn."""
    total = 0
    for _ in range(ROUNDS):
        if stop.is_set():
            break
        try:
            done = work.do(clock())
        except Exception:
            log.exception("%s: this round failed", work.name)
            close_old_connections()
            break
        total += done
        if not done:
            break
    return total


class _Bell:
    """One kind of work in its thread, and what wakes it."""

    def __init__(self, work: Work, stop: Event) -> None:
        """Begin."""
        self._work = work
        self._stop = stop
        self._rung = Event()
        self._thread = Thread(target=self._keep_at, name=work.name, daemon=True)
        self._thread.start()

    def ring(self) -> None:
        """Say that there may be something to do."""
        self._rung.set()

    def ended(self) -> None:
        """Wait until the batch under way has ended, once told to stop."""
        self._thread.join()

    def _keep_at(self) -> None:
        while not self._stop.is_set():
            self._rung.clear()
            busy = 0
            try:
                busy = rounds(self._work, stop=self._stop)
                close_old_connections()
            except Exception:
                # Nothing may end this thread: without it this work is done no more.
                log.exception("%s: this sweep failed", self._work.name)
            if not busy:
                self._rung.wait(settings.SWEEP_EVERY.total_seconds())
        connections.close_all()


def _posted(at: datetime) -> int:
    return send_due(writers=WRITERS, reach=reachable, at=at)


def _felt(at: datetime) -> int:
    feel(CONNECTORS, at=at)
    return 0


def _settled(connector: Connector, at: datetime) -> int:
    return settle_batch(connector=connector, facts=FACTS, at=at)
