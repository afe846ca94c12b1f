"""Emptying the tests' tables between tests, those of acts included.

What the database refuses to remove has to go when a test is over. On SQLite triggers
stand in the way of Django's flush (``DELETE``); PostgreSQL empties with ``TRUNCATE``.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_Operations = DatabaseWrapper.ops_class
_flush = _Operations.execute_sql_flush


def _flush_acts_too(self: Any, statements: Iterable[str]) -> Any:
    with connection.cursor() as cursor:
        triggers = cursor.execute(_TRIGGERS).fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        return _flush(self, statements)
    finally:
        with connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)


def let_acts_go() -> None:
    """Teach Django's flush to do so, in this process."""
    setattr(_Operations, _flush.__name__, _flush_acts_too)
