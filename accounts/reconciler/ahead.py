"""Looking ahead: how many would lose something in what is still due."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils import timezone

from accounts.connectors.contract import Connector, compare
from accounts.due.lease import PARKED
from accounts.due.mark import batches
from accounts.due.models import Sync
from accounts.reconciler.brake import REASON, takes_away
from accounts.reconciler.subject import Facts, subjects


def everybody(system: str) -> int:
    """Count the people whom a system is to know."""
    return Sync.objects.filter(system=system).count()


def held_already(system: str) -> int:
    """Count the people for whom the brake holds a removal."""
    reason = f"{PARKED}{REASON}"
    return Sync.objects.filter(system=system, last_error=reason).count()


def removals_to_come(
    connector: Connector, *, facts: Facts, at: datetime, besides: Collection[int]
) -> Iterator[int]:
    """Give the numbers of removals in what is due now, batch by batch."""
    due = Sync.objects.filter(system=connector.name, due_at__lte=at)
    ids = list(due.order_by("person_id").values_list("person_id", flat=True))
    for some in batches(one for one in ids if one not in besides):
        yield _removals(connector, some, facts, at)


def _removals(
    connector: Connector, people: list[int], facts: Facts, at: datetime
) -> int:
    on = timezone.localdate(at)
    studies = facts.programmes(people)
    leavers = [
        one
        for one in people
        if not any(programme.holds(on) for programme in studies.get(one, ()))
    ]
    if not leavers:
        return 0
    who = subjects(leavers, facts=facts, on=on)
    found = connector.find(list(who.values()))
    return sum(
        takes_away(compare(connector, subject, found.get(one)).step)
        for one, subject in who.items()
    )
