"""Whom the import holds back: found, opened for a reason, and told in words."""

from datetime import datetime

from django.db.models import Q

from accounts.journal.models import Event
from accounts.journal.record import Fact, record
from accounts.people.models import Person
from accounts.people.naming import match_key
from accounts.people.search import LEAST, MOST
from onboarding.enrolment.held_models import Held
from onboarding.helpdesk.agents import Agent, Barrier, barrier
from onboarding.helpdesk.looks import LASTS, Reason

LOOKED = "held_looked_at"
_MOST_WORDS = 6


def find_held(typed: str, *, lead: bool) -> list[Held]:
    """Find them by a whole key, or by the beginnings of their names, at most 20.

    Whoever has disclosure blocked is found by a whole key alone, and by the lead alone.
    """
    text = typed.strip()
    key = (
        Q(person_key=text)
        | Q(matriculation_no=text)
        | Q(account_name=text.lower())
        | Q(private_email__iexact=text)
    )
    if not text:
        return []
    open_to_all = Q(confidential=False)
    by_key = key if lead else key & open_to_all
    return list(Held.now().filter(by_key | _by_name(text) & open_to_all)[:MOST])


def person_of(held: Held) -> Person | None:
    """Give the student whose rows these are, where the portal has one."""
    return Person.objects.filter(person_key=held.person_key).first()


def held_of(person: Person) -> Held | None:
    """Give what is held back of a student's rows."""
    return Held.now().filter(person_key=person.person_key).first()


def between(*, held: Held, agent: Agent) -> Barrier:
    """Say what stands between; raises DirectoryUnavailable."""
    person = person_of(held)
    if person is not None:
        return barrier(person=person, agent=agent)
    if held.confidential and not agent.lead:
        return Barrier.LEAD_ONLY
    return Barrier.NONE


def look(  # noqa: PLR0913 - a look has that many sides
    *,
    held: Held,
    by: Person,
    reason: Reason,
    ticket: str = "",
    no_family: bool = False,
    at: datetime,
) -> None:
    """Note that somebody looks at held rows, and why, as at a record."""
    facts: dict[str, Fact] = {"held": held.pk}
    if ticket:
        facts["ticket"] = ticket
    if no_family:
        facts["no_family"] = True
    person = person_of(held)
    whom = person.pk if person else None
    record(what=LOOKED, at=at, whom=whom, who=by.pk, why=reason.value, facts=facts)


def current_look(*, held: Held, by: Person, at: datetime) -> Event | None:
    """Give the look for whose sake this agent may still see the rows."""
    mine = Event.objects.filter(
        who=by, what=LOOKED, facts__held=held.pk, at__gt=at - LASTS, at__lte=at
    )
    return mine.order_by("-at").first()


def _by_name(text: str) -> Q:
    words = match_key(text).split()[:_MOST_WORDS]
    single = len("".join(words)) < LEAST
    # In letters for which there is no search form, the name as it is.
    found = Q() if words else Q(names__icontains=text)
    for word in words:
        found &= Q(words__contains=f" {word} " if single else f" {word}")
    return found
