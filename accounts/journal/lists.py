"""Looks at many people at once: a list, a paper, a file."""

from datetime import datetime

from accounts.journal.record import Fact, record


def note_list(*, which: str, by: int, at: datetime, **facts: Fact) -> None:
    """Note that somebody (id) saw or took a list of people along; who is on it is not.

    ``which`` names the list, ``facts`` say which part of it.
    """
    told = {"list": which, **facts}
    record(what="list_looked_at", at=at, who=by, facts=told)
