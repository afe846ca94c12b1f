"""The door to a directory that hangs: on a real one, frozen and thawed."""

import time
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.conf import LazySettings

from accounts.directory import gateway
from accounts.directory.connection import hang_up, in_a_hurry
from accounts.directory.errors import DirectoryUnavailable
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student

ACCOUNT = "lg1234567"


@pytest.fixture(autouse=True)
def _impatient(settings: LazySettings, slapd: Slapd) -> None:
    settings.LDAP_ANSWER_TIMEOUT = settings.LDAP_CONNECT_TIMEOUT = 2
    settings.LDAP_TIMEOUTS_IN_A_ROW = 2
    settings.LDAP_REST_SECONDS = 3
    add_student(slapd, ACCOUNT)
    hang_up()


def waited() -> float:
    """Ask a directory that does not answer; give how long it took to learn so."""
    begun = time.monotonic()
    with pytest.raises(DirectoryUnavailable):
        gateway.person(ACCOUNT)
    return time.monotonic() - begun


def at_once(act: Callable[[], float], *, times: int) -> list[float]:
    found: list[float] = []
    start = Barrier(times, timeout=60)

    def one() -> None:
        start.wait()
        found.append(act())
        hang_up()

    threads = [Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_after_some_time_outs_nobody_waits_until_it_answers_again(
    slapd: Slapd, settings: LazySettings
) -> None:
    slapd.child.freeze()
    assert [waited() >= 2 for _ in range(4)] == [True, True, False, False]

    time.sleep(settings.LDAP_REST_SECONDS)
    # One of them tries for all.
    tried = at_once(waited, times=4)
    assert sorted(took >= 2 for took in tried) == [False, False, False, True]

    slapd.child.thaw()
    time.sleep(settings.LDAP_REST_SECONDS)
    assert gateway.person(ACCOUNT)
    assert gateway.person(ACCOUNT)


def test_a_directory_that_is_down_is_asked_again_at_once(slapd: Slapd) -> None:
    slapd.kill()
    for _ in range(4):
        waited()
    slapd.start()

    assert gateway.person(ACCOUNT)


def test_all_get_their_turn_where_the_places_are_few(
    slapd: Slapd, settings: LazySettings
) -> None:
    settings.LDAP_MOST_AT_ONCE = 1

    def asks() -> float:
        assert gateway.person(ACCOUNT)
        return 0.0

    assert len(at_once(asks, times=8)) == 8


def test_who_finds_all_places_held_does_not_wait_for_a_time_out(
    slapd: Slapd, settings: LazySettings
) -> None:
    settings.LDAP_ANSWER_TIMEOUT = settings.LDAP_CONNECT_TIMEOUT = 6
    settings.LDAP_MOST_AT_ONCE = 2
    slapd.child.freeze()

    assert sorted(took > 5 for took in at_once(waited, times=6)) == [
        *[False] * 4,
        *[True] * 2,
    ]


def test_who_is_in_a_hurry_waits_a_second(slapd: Slapd) -> None:
    assert gateway.person(ACCOUNT)
    slapd.child.freeze()

    with in_a_hurry():
        assert waited() < 2
    assert waited() >= 2
