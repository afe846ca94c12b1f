"""What others do to the database while a page is being made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Interruption:
    """Lets somebody else act once: just before a page's question of that number."""

    def __init__(self, at: int, act: Callable[[], object]) -> None:
        self.happened = False
        self._at = at
        self._act = act
        self._asked = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        self._asked += 1
        if self._asked > self._at and not self.happened:
            self.happened = True
            self._act()
        return execute(sql, params, many, context)


@contextmanager
def interrupted(at: int, act: Callable[[], object]) -> Iterator[Interruption]:
    """Let somebody act before the question ``at``, counted from 0."""
    interruption = Interruption(at, act)
    with connection.execute_wrapper(interruption):
        yield interruption


def each_moment(
    prepare: Callable[[], object],
    page: Callable[[], Any],
    act: Callable[[], object],
) -> Iterator[str]:
    """Give a page as often as it asks something, with an act at each such moment."""
    moment = 0
    while True:
        prepare()
        with interrupted(moment, act) as interruption:
            answer = page()
        if not interruption.happened:
            return
        moment += 1
        yield str(answer.content.decode())
