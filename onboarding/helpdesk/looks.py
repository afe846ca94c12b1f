"""Opening a record: for a reason, written down where its owner reads it."""

from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person

LOOKED = "record_looked_at"
# Somebody wanted to, and a barrier stood between.
REFUSED = "record_refused"
# Then the reason is asked for anew.
LASTS = timedelta(minutes=30)


class Reason(TextChoices):
    """Why somebody of the help desk looks at a record."""

    COUNTER = "counter", _("The person stands at the counter")
    PHONE = "phone", _("The person is on the phone")
    TICKET = "ticket", _("A ticket")


def look(  # noqa: PLR0913 - a look has that many sides
    *,
    person: Person,
    by: Person,
    reason: Reason,
    ticket: str = "",
    no_family: bool = False,
    at: datetime,
) -> None:
    """Note that somebody looks at a record, and why.

    ``no_family``: the names are alike, and the agent said that it is not family.
    """
    facts: dict[str, Fact] = {"ticket": ticket} if ticket else {}
    if no_family:
        facts["no_family"] = True
    record(what=LOOKED, at=at, whom=person.pk, who=by.pk, why=reason.value, facts=facts)


def refuse(*, by: Person, at: datetime, whom: Person | None, held: int = 0) -> None:
    """Note whom a barrier kept out, once in half an hour.

    ``held`` is the number of held rows, where it was about these.
    """
    facts: dict[str, Fact] = {"held": held} if held else {}
    mine = Event.objects.filter(
        whom=whom, who=by, what=REFUSED, facts=facts, at__gt=at - LASTS
    )
    if not mine.exists():
        key = whom.pk if whom else None
        record(what=REFUSED, at=at, whom=key, who=by.pk, facts=facts)


def current(*, person: Person, by: Person, at: datetime) -> Event | None:
    """Give the look for whose sake this agent may still see the record."""
    mine = Event.objects.filter(
        whom=person, who=by, what=LOOKED, at__gt=at - LASTS, at__lte=at
    )
    return mine.order_by("-at").first()
