"""Records that only the lead opens, for people whom others may be curious about.

Whether a record is guarded is what the journal says last. Family is another matter: no
system knows it, so the name asks, and the agent answers.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.people.naming import match_key
from onboarding.helpdesk import limits
from onboarding.helpdesk.checks import Check

GUARDED, OPENED = "record_guarded", "record_unguarded"


def is_guarded(person: Person) -> bool:
    """Say whether the record is guarded; a guard comes along from a merged account."""
    mine = Q(whom=person) | Q(whom__merged_into=person)
    said = Event.objects.filter(mine, what__in=(GUARDED, OPENED))
    last = said.order_by("-at", "-pk").first()
    return last is not None and last.what == GUARDED


def guard(*, person: Person, on: bool, by: Person, at: datetime) -> None:
    """Guard a record, or open it to all agents again; twice is once."""
    with transaction.atomic():
        limits.quick(by=by, at=at)
        limits.queue(person)
        if is_guarded(person) != on:
            facts: dict[str, Fact] = {"check": Check.NONE_NEEDED.value}
            what = GUARDED if on else OPENED
            record(what=what, at=at, whom=person.pk, who=by.pk, facts=facts)


def perhaps_family(family_name: str, agent: Person) -> bool:
    """Say whether an agent has a word of this family name, in any spelling."""
    names = (match_key(one).split() for one in (family_name, agent.family_name))
    return bool(set.intersection(*map(set, names)))
