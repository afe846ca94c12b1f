"""Asking a system about somebody who is waiting for news, not too often."""

from datetime import datetime, timedelta

from accounts.catalogue.systems import NAMES
from accounts.due.lease import PARKED
from accounts.due.mark import mark
from accounts.due.models import Sync

# Who reloads a page asks no system more often than this.
LEAST_BETWEEN = timedelta(seconds=20)


def look_again(*, person: int, system: str, at: datetime) -> bool:
    """Have a system asked about a person (id); says whether it will be.

    Not where it was a moment ago, is under way, or waits for a human.
    """
    if system not in NAMES:
        return False
    row = Sync.objects.filter(person_id=person, system=system).first()
    if row is not None and not _rests(row, at):
        return False
    mark(people=[person], systems=[system], at=at)
    return True


def _rests(row: Sync, at: datetime) -> bool:
    if not row.settled or row.due_at or row.last_error.startswith(PARKED):
        return False
    return row.settled_at is None or row.settled_at <= at - LEAST_BETWEEN
