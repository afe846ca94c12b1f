"""The sweep: works off whatever is due, whoever forgot to ring."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from accounts.connectors.contract import Connector
from accounts.mailbox.reach import reachable
from accounts.post.send import send_due
from accounts.reconciler.settle import settle_batch
from onboarding.enrolment.intake import work_off
from worker.fleet import CONNECTORS, FACTS, WRITERS

log = logging.getLogger(__name__)

# So many batches, then the other kinds of work get their turn.
ROUNDS = 20


def sweep(
    *, clock: Callable[[], datetime] = timezone.now, stop: Event | None = None
) -> int:
    """Work off what is due now, in every system; says how many rows were looked at.

    One kind of work that fails never keeps the others waiting. After ``stop`` nothing
    new is begun.
    """
    kinds: list[tuple[str, Callable[[datetime], int]]] = [
        (connector.name, partial(_settled, connector)) for connector in CONNECTORS
    ]
    kinds.append(("post", _posted))
    kinds.append(("intake", lambda at: int(work_off(at=at))))
    stopped = stop or Event()
    return sum(_rounds(name, work, clock, stopped) for name, work in kinds)


def keep_sweeping(stop: Event, rung: Event) -> None:
    """Sweep until told to stop: at once when rung, else every second or so."""
    while not stop.is_set():
        rung.clear()
        busy = 0
        try:
            busy = sweep(stop=stop)
            close_old_connections()
        except Exception:
            # Nothing may end this thread: without it nothing is worked off any more.
            log.exception("this sweep failed")
        if not busy:
            rung.wait(settings.SWEEP_EVERY.total_seconds())


def _posted(at: datetime) -> int:
    return send_due(writers=WRITERS, reach=reachable, at=at)


def _settled(connector: Connector, at: datetime) -> int:
    return settle_batch(connector=connector, facts=FACTS, at=at)


def _rounds(
    name: str,
    work: Callable[[datetime], int],
    clock: Callable[[], datetime],
    stopped: Event,
) -> int:
    total = 0
    for _ in range(ROUNDS):
        if stopped.is_set():
            break
        try:
            done = work(clock())
        except Exception:
            log.exception("%s: this round failed", name)
            close_old_connections()
            break
        total += done
        if not done:
            break
    return total
