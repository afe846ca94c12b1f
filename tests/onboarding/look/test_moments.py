from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from onboarding.look.moments import in_words

NOW = datetime(2026, 10, 3, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(days=2), "in 2 days, Monday 5 October, 09:00"),
        (timedelta(hours=1, minutes=59), "in 1 hour, Saturday 3 October, 10:59"),
        (timedelta(seconds=20), "in 1 minute, Saturday 3 October, 09:00"),
        (timedelta(seconds=-20), "just now, Saturday 3 October, 08:59"),
        (timedelta(minutes=-5), "5 minutes ago, Saturday 3 October, 08:55"),
        (timedelta(hours=-30), "1 day ago, Friday 2 October, 03:00"),
        (timedelta(days=30), "Monday 2 November 2026, 08:00"),
        (timedelta(days=-14), "Saturday 19 September 2026, 09:00"),
    ],
)
def test_a_time_is_told_from_here_and_by_the_calendar(
    distance: timedelta, words: str
) -> None:
    with override("en"):
        assert in_words(NOW + distance, now=NOW) == words
