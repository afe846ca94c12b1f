"""Questions about one person that many pages ask, composed only once.

To compose a query takes Django several times as long as the database takes to answer
it. Here it is composed when it is first asked, and asked again about other people.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

# Stands for the person while the query is composed; nobody has this number.
_SOMEBODY = -7_654_321

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Composed:
    sql: str
    params: tuple[Any, ...]
    # Knows how to read what this database answers.
    compiler: SQLCompiler


class Question:
    """A query about a person (id), alike for everybody in all but that number."""

    def __init__(self, about: Callable[[int], QuerySet[Any, Row]]) -> None:
        """Take what builds the query, with ``values_list``."""
        self._about = about
        # Each thread has a connection of its own, and a compiler belongs to one.
        self._mine = threading.local()

    def __call__(self, person: int) -> list[Row]:
        """Ask it."""
        composed = self._composed()
        params = [person if one == _SOMEBODY else one for one in composed.params]
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, params)
            answers = cursor.fetchall()
        return [tuple(row) for row in composed.compiler.results_iter([answers])]

    def _composed(self) -> _Composed:
        known: _Composed | None = getattr(self._mine, "composed", None)
        if known is None:
            query = self._about(_SOMEBODY).query
            compiler = query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            known = self._mine.composed = _Composed(sql, tuple(params), compiler)
        return known
