"""The sweep: everything that is due, whoever forgot to ring."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.connectors.directory import Directory
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.reconciler.models import Pulse
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_student, enrolled
from worker.fleet import CONNECTORS
from worker.sweep import Work, keep_sweeping, kinds, sweep

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_due(number: int = 1) -> None:
    people = [a_student() for _ in range(number)]
    for one in people:
        enrolled(one)
    mark(people=[o.pk for o in people], systems=[DIRECTORY], at=timezone.now())


def all_settled() -> bool:
    return all(one.settled for one in Sync.objects.all())


def until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.02)


def test_a_sweep_works_off_what_is_due_in_batches(
    slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Directory, "batch", 4)
    somebody_due(10)

    assert sweep() == 10
    assert all_settled()
    assert sweep() == 0


def test_one_kind_of_work_that_fails_keeps_no_other_waiting(slapd: Slapd) -> None:
    somebody_due()
    asked: list[str] = []

    def clock() -> datetime:
        asked.append("what time is it?")
        if len(asked) == 1:
            raise ZeroDivisionError
        return timezone.now()

    # The directory comes first and fails; all others are asked all the same.
    assert sweep(clock=clock) == 0
    assert len(asked) == len(CONNECTORS) + 2
    assert sweep() == 1


def test_after_a_stop_nothing_new_is_begun(slapd: Slapd) -> None:
    somebody_due()
    stop = threading.Event()
    stop.set()

    assert sweep(stop=stop) == 0
    assert not all_settled()


# --- The loop --------------------------------------------------------------------


@pytest.fixture
def loop(settings: LazySettings) -> Iterator[tuple[threading.Thread, threading.Event]]:
    """Give a loop that would look again tomorrow, and its bell."""
    settings.SWEEP_EVERY = timedelta(days=1)
    stop, rung = threading.Event(), threading.Event()

    def work() -> None:
        keep_sweeping(stop, rung)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield thread, rung
    stop.set()
    rung.set()
    thread.join(20)
    assert not thread.is_alive()


def test_a_ring_wakes_the_sweep(
    slapd: Slapd, loop: tuple[threading.Thread, threading.Event]
) -> None:
    _, rung = loop
    time.sleep(0.3)
    somebody_due()
    time.sleep(0.3)
    assert not all_settled()

    rung.set()

    until(all_settled)


def test_nothing_ends_the_loop(
    slapd: Slapd,
    loop: tuple[threading.Thread, threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread, rung = loop
    time.sleep(0.3)
    broken = threading.Event()

    def break_down(*_: object, **__: object) -> int:
        broken.set()
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("worker.sweep.rounds", break_down)
        rung.set()
        until(broken.is_set)
    somebody_due()
    time.sleep(0.1)
    assert thread.is_alive()

    rung.set()

    until(all_settled)


def test_the_loop_asks_systems_whether_they_are_there(
    slapd: Slapd, loop: tuple[threading.Thread, threading.Event]
) -> None:
    until(lambda: Pulse.objects.filter(system=DIRECTORY, word="").exists())


def test_a_slow_system_holds_up_no_other(
    slapd: Slapd, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SWEEP_EVERY = timedelta(seconds=0.1)
    asked, answered = threading.Event(), threading.Event()
    ended: list[bool] = []

    def slow(_: datetime) -> int:
        asked.set()
        ended.append(answered.wait(60))
        return 0

    # First in the row: one after the other, all would wait for it.
    monkeypatch.setattr("worker.sweep.kinds", lambda: (Work("slow", slow), *kinds()))
    stop, rung = threading.Event(), threading.Event()
    loop = threading.Thread(target=keep_sweeping, args=(stop, rung))
    loop.start()
    assert asked.wait(10)

    somebody_due(3)
    until(all_settled)
    assert not ended

    # What is under way ends in order, before the loop does.
    stop.set()
    rung.set()
    time.sleep(0.3)
    assert loop.is_alive()
    answered.set()
    loop.join(20)
    assert (loop.is_alive(), ended) == (False, [True])
