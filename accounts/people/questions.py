"""Questions about one person, or one thing, that many pages ask: composed only once.

To compose a query takes Django several times as long as the database takes to answer
it. Here it is composed when it is first asked, and asked again about others.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

# Stands for the number or name while the query is composed; nobody has it.
_SOMEBODY = -7_654_321
_STAND_INS = (_SOMEBODY, str(_SOMEBODY))

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Composed:
    sql: str
    params: tuple[Any, ...]
    # Know how to read what this database answers.
    compiler: SQLCompiler
    converters: dict[int, Any]


class Question:
    """A query that differs in nothing but a number or a name (of a person, mostly)."""

    def __init__(self, about: Callable[[Any], QuerySet[Any, Row]]) -> None:
        """Take what builds the query, with ``values_list``."""
        self._about = about
        # Each thread has a connection of its own, and a compiler belongs to one.
        self._mine = threading.local()

    def __call__(self, which: int | str = 0) -> list[Row]:
        """Ask it."""
        query = self._composed()
        params = [which if one in _STAND_INS else one for one in query.params]
        with connection.cursor() as cursor:
            cursor.execute(query.sql, params)
            answers = cursor.fetchall()
        read = query.compiler.apply_converters(answers, query.converters)
        return [tuple(row) for row in read]

    def _composed(self) -> _Composed:
        known: _Composed | None = getattr(self._mine, "composed", None)
        if known is None:
            query = self._about(_SOMEBODY).query
            compiler = query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            columns = [column for column, *_ in compiler.select]
            converters = compiler.get_converters(columns)
            known = _Composed(sql, tuple(params), compiler, converters)
            self._mine.composed = known
        return known
