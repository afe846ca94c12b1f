"""Letters that the help desk ordered, for the next run to print.

An order ends the password before at its own moment. It stands while that is the last
that became of the password: a letter, a slip or a choice of the person's own sets
another end, and the order is done with.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.enrolment.letter_runs import FAILED, ISSUED, ORDERED

# What lifecycle.expect_own_password is told, to write ORDERED.
WHY = "letter_order"


@dataclass(frozen=True, slots=True)
class Order:
    """The last order for somebody: by whom, and what became of it."""

    at: datetime
    by: Person | None
    run: str
    # It waits to be printed.
    stands: bool
    printed_at: datetime | None


def standing() -> Exists:
    """Say of a person, in a query, whether an order stands."""
    orders = Event.objects.filter(
        whom=OuterRef("pk"), what=ORDERED, at=OuterRef("initial_password_until")
    )
    return Exists(_in_force(orders))


def order_of(person: Person) -> Order | None:
    """Give the last order for somebody, as the record at hand has it."""
    mine = _in_force(Event.objects.filter(whom=person))
    order = mine.filter(what=ORDERED).select_related("who").first()
    if order is None:
        return None
    after = mine.filter(what=ISSUED, at__gt=order.at).order_by("at", "pk").first()
    return Order(
        at=order.at,
        by=order.who,
        run=str(order.facts.get("run", "")),
        stands=person.initial_password_until == order.at,
        printed_at=after.at if after and "place" not in after.facts else None,
    )


def _in_force(events: QuerySet[Event]) -> QuerySet[Event]:
    """Leave out what the directory did not take; the two are of the same moment."""
    failed = Event.objects.filter(whom=OuterRef("whom"), at=OuterRef("at"), what=FAILED)
    return events.filter(~Exists(failed))
