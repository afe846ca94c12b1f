"""Celery: the doorbell's other end, the timetable, and the sweep inside the worker."""

import os
from threading import Event, Thread
from typing import Any

import django
from celery import Celery, bootsteps
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings.production")
django.setup()

from django.conf import settings  # noqa: E402 - after Django is set up

from worker.sweep import keep_sweeping  # noqa: E402
from worker.upkeep import ask_for_news, look_at_everybody, tidy  # noqa: E402

app = Celery("portal", broker=settings.REDIS_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 60,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "health_check_interval": 10,
    },
    timezone=settings.TIME_ZONE,
    beat_schedule={
        "look-at-everybody": {
            "task": "worker.look_at_everybody",
            "schedule": crontab(hour="3", minute="20"),
        },
        "ask-for-news": {
            "task": "worker.ask_for_news",
            "schedule": crontab(minute="40"),
        },
        "tidy": {"task": "worker.tidy", "schedule": crontab(minute="10")},
    },
)

_rung = Event()


class Sweeping(bootsteps.StartStopStep):  # type: ignore[misc]
    """Runs the sweep in the worker itself, so that it goes on with Redis gone."""

    def __init__(self, parent: Any, **options: Any) -> None:
        """Prepare the thread; Celery starts it."""
        super().__init__(parent, **options)
        self._stop = Event()
        self._thread = Thread(
            target=keep_sweeping, args=(self._stop, _rung), name="sweep", daemon=True
        )

    def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        """Begin."""
        self._thread.start()

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        """Let the batch under way end; what is left stays due."""
        self._stop.set()
        _rung.set()
        self._thread.join(timeout=30)


app.steps["worker"].add(Sweeping)


@app.task(name="worker.settle_due")
def settle_due() -> None:
    """Wake the sweep."""
    _rung.set()


@app.task(name="worker.look_at_everybody")
def everybody() -> None:
    """Mark everybody due, so that every system is looked at once a night."""
    look_at_everybody()


@app.task(name="worker.ask_for_news")
def news() -> None:
    """Have systems asked about those of whom they could know by now."""
    ask_for_news()


@app.task(name="worker.tidy")
def tidying() -> None:
    """Let go of what has had its time."""
    tidy()
