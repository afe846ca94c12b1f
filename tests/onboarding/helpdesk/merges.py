"""Two accounts of one person, merged as two agents do it."""

from django.utils import timezone

from accounts.people.models import Person
from onboarding.helpdesk import approvals, merging
from onboarding.helpdesk.agents import Agent
from onboarding.helpdesk.merging import Pair


def agreed(
    pair: Pair, tarek: Person, solveig: Person, *, asked_at: Person | None = None
) -> None:
    now, person = timezone.now(), asked_at or pair.stays
    one = merging.ask(
        person=person, pair=pair, check={"check": "in_person"}, by=tarek, at=now
    )
    approvals.decide(approval=one.pk, by=solveig, approved=True, at=now)


def merge(pair: Pair, tarek: Person, solveig: Person) -> Person:
    agreed(pair, tarek, solveig)
    agent = Agent(tarek, lead=False)
    return merging.merge_approved(person=pair.stays, agent=agent, at=timezone.now())
