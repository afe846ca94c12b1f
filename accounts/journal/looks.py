"""Looks at one person where nobody asks why: at the library's desk, on the board."""

from datetime import datetime, timedelta

from accounts.journal.models import Event
from accounts.journal.record import record

LOOKED = "looked_at"
# Who goes back and forth between pages looks once.
ONE_LOOK = timedelta(minutes=30)


def note_look(*, whom: int, by: int, at: datetime, place: str) -> None:
    """Note that somebody sees a person's page (ids), and at which place of work."""
    mine = Event.objects.filter(whom=whom, who=by, what=LOOKED, at__gt=at - ONE_LOOK)
    if not mine.filter(facts__place=place).exists():
        record(what=LOOKED, at=at, whom=whom, who=by, facts={"place": place})
