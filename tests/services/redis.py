"""A private Redis for tests that ring the worker's bell."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onboarding.demo.servers.redis import Redis
from tests.services import surroundings


@contextmanager
def a_redis() -> Iterator[Redis]:
    """Give a Redis of this run, which still has to be started; end it afterwards."""
    server = Redis(
        surroundings.STATE_DIR / "redis",
        port=surroundings.REDIS_PORT,
        password=surroundings.REDIS_PASSWORD,
    )
    yield server
    server.kill()


@pytest.fixture(scope="session")
def redis_of_the_session() -> Iterator[Redis]:
    with a_redis() as server:
        yield server


@pytest.fixture
def redis(redis_of_the_session: Redis) -> Redis:
    """Give a Redis that runs and is empty, whatever the test before did to it."""
    redis_of_the_session.child.thaw()
    redis_of_the_session.start()
    redis_of_the_session.flush()
    return redis_of_the_session
