"""Slowing guesses down, on both databases and with real threads."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier, Lock
from typing import Any, NoReturn

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.directory.errors import (
    DirectoryRefused,
    DirectoryUnavailable,
    PasswordRefused,
    Reason,
)
from accounts.signin import throttle
from accounts.signin.credentials import canonical_account
from accounts.signin.models import Attempts
from accounts.signin.throttle import Try, Waiting, one_try
from tests.cast import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

ACCOUNT = "lg1234567"
SECOND = timedelta(seconds=1)
LADDER = (0, 0, 2, 4, 8, 16, 30, 30, 30)


def end_with(outcome: Exception, *, succeeded: Try | None = None) -> NoReturn:
    if succeeded is not None:
        succeeded.succeeded = True
    raise outcome


def fail(at: datetime, account: str = ACCOUNT) -> None:
    with pytest.raises(PasswordRefused), one_try(account=account, at=at):
        raise PasswordRefused(Reason.WRONG)


def succeed(at: datetime) -> None:
    with one_try(account=ACCOUNT, at=at) as attempt:
        attempt.succeeded = True


def wait_at(at: datetime) -> int:
    """Give the seconds to wait at a moment; nobody is let in by asking."""
    try:
        with one_try(account=ACCOUNT, at=at):
            end_with(DirectoryUnavailable("only asking"))
    except DirectoryUnavailable:
        return 0
    except Waiting as waiting:
        return waiting.seconds


def after_failures(count: int) -> datetime:
    """Fail so often, each time as soon as it may happen; give the last moment."""
    at = NOW
    for wait in LADDER[:count]:
        fail(at)
        last, at = at, at + (wait + 0.1) * SECOND
    return last


@pytest.mark.parametrize(
    ("failures", "wait"), [(number + 1, wait) for number, wait in enumerate(LADDER)]
)
def test_three_tries_are_free_and_then_the_waits_grow_to_half_a_minute(
    failures: int, wait: int
) -> None:
    last = after_failures(failures)

    # A moment later: the try itself took one.
    assert wait_at(last + SECOND / 10) == wait


def test_the_account_opens_when_the_wait_is_over() -> None:
    last = after_failures(3)

    assert wait_at(last + 1.5 * SECOND) == 1
    assert wait_at(last + 2.5 * SECOND) == 0


def test_a_try_that_comes_too_soon_is_neither_evaluated_nor_counted() -> None:
    last = after_failures(3)

    for _ in range(50):
        with pytest.raises(Waiting), one_try(account=ACCOUNT, at=last + SECOND):
            pytest.fail("evaluated while one waits")

    assert Attempts.objects.get().failures == 3
    assert wait_at(last + 2.5 * SECOND) == 0


def test_a_success_clears_the_count() -> None:
    last = after_failures(4)
    succeed(last + 10 * SECOND)

    for _ in range(2):
        fail(last + 11 * SECOND)

    assert wait_at(last + 12 * SECOND) == 0


def test_a_right_secret_counts_as_right_whatever_is_refused_after_it() -> None:
    after_failures(2)

    for _ in range(10):
        with (
            pytest.raises(PasswordRefused),
            one_try(account=ACCOUNT, at=NOW + 60 * SECOND) as attempt,
        ):
            end_with(PasswordRefused(Reason.USED_BEFORE), succeeded=attempt)

    assert Attempts.objects.get().failures == 0


@pytest.mark.parametrize(
    "outage", [DirectoryUnavailable("away"), DirectoryRefused("unwillingToPerform")]
)
def test_a_directory_that_does_not_work_counts_nothing(outage: Exception) -> None:
    for _ in range(10):
        with pytest.raises(type(outage)), one_try(account=ACCOUNT, at=NOW):
            raise outage

    assert Attempts.objects.get().failures == 0
    assert wait_at(NOW + SECOND) == 0


def test_an_outage_does_not_make_up_for_failures() -> None:
    last = after_failures(4)

    with (
        pytest.raises(DirectoryUnavailable),
        one_try(account=ACCOUNT, at=last + 10 * SECOND),
    ):
        raise DirectoryUnavailable("away")
    fail(last + 20 * SECOND)

    assert wait_at(last + 20.1 * SECOND) == 8


@pytest.mark.parametrize(
    "typed",
    [
        "LG1234567",
        " lg1234567 ",
        "lg 123 4567",
        "ｌｇ１２３４５６７",
        "lg1234567@stud.leuphana.example",
        "l\u200bg1234567",
        "Lg1234567\n",
    ],
)
def test_every_spelling_counts_against_the_same_account(typed: str) -> None:
    last = after_failures(5)
    account = canonical_account(typed)

    assert account is not None
    with (
        pytest.raises(Waiting),
        one_try(account=account, at=last + SECOND),
    ):
        pytest.fail("a spelling of its own has a budget of its own")


def test_unknown_names_are_counted_alike_and_no_name_is_kept() -> None:
    for _ in range(3):
        fail(NOW, account="lg9999999")

    with pytest.raises(Waiting), one_try(account="lg9999999", at=NOW):
        pytest.fail("evaluated while one waits")
    assert "9999999" not in Attempts.objects.get().key


class Storm:
    """Many threads that try one account at once, and what became of them."""

    def __init__(self) -> None:
        self.evaluated = self.at_once = self.most_at_once = self.waiting = 0
        self._lock = Lock()

    def blow(self, *, threads: int, at: Callable[[], datetime]) -> None:
        barrier = Barrier(threads, timeout=60)

        def one() -> None:
            try:
                barrier.wait()
                with self._counted(at()):
                    time.sleep(0.02)
                    end_with(PasswordRefused(Reason.WRONG))
            except PasswordRefused:
                pass
            except Waiting:
                with self._lock:
                    self.waiting += 1
            finally:
                connection.close()

        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(one) for _ in range(threads)]:
                done.result()

    @contextmanager
    def _counted(self, at: datetime) -> Iterator[None]:
        with one_try(account=ACCOUNT, at=at):
            with self._lock:
                self.evaluated += 1
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                yield
            finally:
                with self._lock:
                    self.at_once -= 1


def test_of_forty_at_once_the_free_ones_are_evaluated_one_after_the_other() -> None:
    storm = Storm()

    storm.blow(threads=40, at=timezone.now)

    assert storm.most_at_once == 1
    assert storm.evaluated == throttle.FREE
    assert storm.waiting == 40 - throttle.FREE
    assert Attempts.objects.get().failures == throttle.FREE


def test_of_forty_at_once_after_a_wait_one_is_evaluated() -> None:
    last = after_failures(5)
    storm = Storm()

    storm.blow(threads=40, at=lambda: last + 10 * SECOND)

    assert storm.evaluated == 1


def test_a_wait_that_begins_between_look_and_try_holds() -> None:
    last = after_failures(2)
    begun: list[str] = []

    def somebody_else_fails(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE") and not begun:
            begun.append(sql)
            Attempts.objects.update(open_at=last + 30 * SECOND)
        return execute(sql, *rest)

    with connection.execute_wrapper(somebody_else_fails):
        assert wait_at(last + SECOND) > 2


def test_a_process_that_died_in_the_middle_frees_the_account_by_itself() -> None:
    dead = one_try(account=ACCOUNT, at=NOW)
    dead.__enter__()

    # The second click is patient, but not for ever.
    assert wait_at(NOW + SECOND) == 1
    assert wait_at(NOW + throttle.UNDER_WAY + SECOND) == 0
    # It was no ghost: what it would have to say comes too late.
    fail(NOW + throttle.UNDER_WAY + 2 * SECOND)
    before = Attempts.objects.values().get()
    dead.__exit__(None, None, None)
    assert Attempts.objects.values().get() == before


def test_the_second_of_two_clicks_is_let_in_after_the_first() -> None:
    inside = Barrier(2, timeout=60)

    def first() -> None:
        try:
            with one_try(account=ACCOUNT, at=timezone.now()) as attempt:
                inside.wait()
                time.sleep(0.4)
                attempt.succeeded = True
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(first)
        inside.wait()
        # Dated a moment before the other one, though it came later.
        asked_at = timezone.now() - 0.05 * SECOND
        with one_try(account=ACCOUNT, at=asked_at) as attempt:
            attempt.succeeded = True
        done.result()


def test_a_prankster_shuts_the_owner_out_for_half_a_minute_at_most() -> None:
    at = after_failures(9)
    for _ in range(299):
        at += SECOND / 10
        with pytest.raises(Waiting), one_try(account=ACCOUNT, at=at):
            pytest.fail("the prankster was let in")

    assert wait_at(at + SECOND) == 0


def test_counts_are_forgotten_after_a_day() -> None:
    last = after_failures(9)

    throttle.forget(at=last + timedelta(hours=23))
    assert Attempts.objects.count() == 1
    throttle.forget(at=last + timedelta(hours=25))
    assert Attempts.objects.count() == 0


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pauses=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["wrong", "right", "away"])),
        max_size=25,
    )
)
def test_whatever_comes_in_whatever_order_the_ladder_holds(
    pauses: list[tuple[int, str]],
) -> None:
    """Compare with the ladder as one would play it on paper."""
    Attempts.objects.all().delete()
    at, opens, failures = NOW, NOW, 0
    for pause, what in pauses:
        # Half seconds keep clear of the edges: a try itself takes milliseconds.
        at += pause * SECOND + SECOND / 2
        let_in = at > opens + SECOND / 4
        try:
            with one_try(account=ACCOUNT, at=at) as attempt:
                assert let_in
                attempt.succeeded = what == "right"
                if what == "away":
                    end_with(DirectoryUnavailable("away"))
        except Waiting:
            assert not let_in
            continue
        except DirectoryUnavailable:
            continue
        failures = 0 if what == "right" else failures + 1
        wait = 0 if failures < 3 else (2, 4, 8, 16, 30)[min(failures - 3, 4)]
        opens = at + wait * SECOND
