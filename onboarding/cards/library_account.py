"""Asking the library again about somebody's account, not more often than is polite."""

from datetime import datetime, timedelta

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.due.models import Sync

LEAST_BETWEEN = timedelta(minutes=1)


def ask_again(*, person: int, at: datetime) -> None:
    """Have the library asked about a person (id) who looks at the page."""
    if systems.PAIA not in systems.NAMES:
        return
    row = Sync.objects.filter(person=person, system=systems.PAIA).first()
    waiting = row is not None and not row.settled
    lately = row is not None and (
        row.settled_at is not None and row.settled_at > at - LEAST_BETWEEN
    )
    if not (waiting or lately):
        mark(people=[person], systems=[systems.PAIA], at=at)
