"""The stage's servers keep what they are told, over a restart too."""

from onboarding.demo.ports import answers
from onboarding.demo.servers.redis import Redis


def test_redis_remembers_over_a_restart(redis: Redis) -> None:
    redis._say("SET bell rung")
    redis.stop()
    assert not answers(redis.port)

    redis.start()

    assert redis._say("STRLEN bell") == ":4"
