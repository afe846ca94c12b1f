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
from accounts.post.send import send_due
from accounts.reconciler.settle import settle_batch
from onboarding.enrolment.intake import work_off
from worker.fleet import CONNECTORS, FACTS, WRITERS

log = logging.getLogger(__name__)

# A batch after which the other kinds of work get their turn.
ROUNDS = 20


def sweep(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Work off what is due now, in every system; says how many rows were looked at.

    One kind of work that fails never keeps the others waiting.
    """
    looked_at = 0
    for connector in CONNECTORS:
        looked_at += _guarded(
            connector.name,
            partial(_settled, connector),
            clock,
        )
    looked_at += _guarded("post", lambda at: send_due(writers=WRITERS, at=at), clock)
    looked_at += _guarded("intake", lambda at: int(work_off(at=at)), clock)
    return looked_at


def keep_sweeping(stop: Event, rung: Event) -> None:
    """Sweep until told to stop: at once when rung, else every second or so."""
    while not stop.is_set():
        rung.clear()
        busy = sweep()
        close_old_connections()
        if not busy:
            rung.wait(settings.SWEEP_EVERY.total_seconds())


def _settled(connector: Connector, at: datetime) -> int:
    return settle_batch(connector=connector, facts=FACTS, at=at)


def _guarded(
    name: str, work: Callable[[datetime], int], clock: Callable[[], datetime]
) -> int:
    total = 0
    for _ in range(ROUNDS):
        try:
            done = work(clock())
        except Exception:
            log.exception("%s: this round failed", name)
            close_old_connections()
            return total
        total += done
        if not done:
            break
    return total
