"""The doorbell: tells the worker that something is due, and never fails."""

import logging
import time
from threading import Lock

from celery import Celery
from django.conf import settings

log = logging.getLogger(__name__)

TASK = "worker.settle_due"
# After a failure nobody rings for so long: a broker that is down costs one wait, once.
QUIET_SECONDS = 30.0

_lock = Lock()
_quiet_until = 0.0


def nudge() -> None:
    """Publish "something is due"; a broker that is down is only a delay."""
    global _quiet_until  # noqa: PLW0603 - one breaker per process
    if time.monotonic() < _quiet_until:
        return
    try:
        _bell().send_task(TASK, ignore_result=True, retry=False)
    except Exception as failure:  # noqa: BLE001 - whatever it was, the sweep finds the row
        with _lock:
            _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("nudge not sent: %s", type(failure).__name__)


def _bell() -> Celery:
    global _app  # noqa: PLW0603 - one connection pool per process
    with _lock:
        if _app is None:
            _app = _made()
    return _app


def _made() -> Celery:
    app = Celery("bell", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.update(
        task_publish_retry=False,
        task_ignore_result=True,
        broker_connection_timeout=1,
        broker_transport_options={
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "max_retries": 0,
        },
    )
    return app


_app: Celery | None = None
