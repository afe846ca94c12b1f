"""Marking people due, in the transaction of the act that concerns them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F

from accounts.due.models import Sync
from accounts.due.nudge import nudge

BATCH = 500


def mark(*, people: Iterable[int], systems: Iterable[str], at: datetime) -> None:
    """Say that these people (ids) have to be looked at in these systems.

    The rows are the message; the nudge that follows on commit only saves time.
    """
    names = tuple(systems)
    with transaction.atomic():
        for ids in batches(people):
            _mark(ids=ids, systems=names, at=at)
        transaction.on_commit(nudge)


def _mark(*, ids: list[int], systems: tuple[str, ...], at: datetime) -> None:
    mine = Sync.objects.filter(system__in=systems, person_id__in=ids)
    again = {"due_at": at, "failures": 0, "last_error": ""}
    # One row is in nobody's way, and nearly always there.
    alone = len(ids) == len(systems) == 1
    if alone and mine.update(generation=F("generation") + 1, **again):
        return
    # Locked in the order of their keys, as everywhere: nobody waits in a circle.
    known = set(
        mine.select_for_update().order_by("pk").values_list("person_id", "system")
    )
    Sync.objects.bulk_create(
        [
            # Generation 0, so that the update below counts old and new rows alike.
            Sync(person_id=one, system=system, due_at=at, generation=0)
            for system in systems
            for one in ids
            if (one, system) not in known
        ],
        ignore_conflicts=True,
    )
    mine.update(generation=F("generation") + 1, **again)


def batches(people: Iterable[int]) -> Iterator[list[int]]:
    """Cut ids into lists that one statement can hold."""
    rest = iter(people)
    while ids := list(islice(rest, BATCH)):
        yield ids
