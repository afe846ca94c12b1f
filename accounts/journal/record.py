"""Writing the journal, in the transaction of the act itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.journal.models import Event

Fact = str | int | bool | None


def record(  # noqa: PLR0913 - an act has that many sides
    *,
    what: str,
    at: datetime,
    whom: int | None = None,
    who: int | None = None,
    why: str = "",
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Add one act; ``whom`` and ``who`` are people's ids."""
    Event.objects.create(
        what=what, at=at, whom_id=whom, who_id=who, why=why, facts=dict(facts or {})
    )


def record_many(
    *,
    what: str,
    at: datetime,
    whom: Iterable[int],
    who: int | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Add the same act for many people."""
    same = dict(facts or {})
    Event.objects.bulk_create(
        (Event(what=what, at=at, whom_id=one, who_id=who, facts=same) for one in whom),
        batch_size=500,
    )
