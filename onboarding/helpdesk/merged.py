"""What a record says of accounts that were merged: into which, and what came along."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.enrolment.models import FormerEnrolment
from onboarding.helpdesk import approvals
from onboarding.helpdesk.agents import Agent, Barrier, barrier
from onboarding.helpdesk.models import Approval

# How the journal calls it: of the account that stays, and of the other one.
MERGED, CLOSED = "account_merged", "account_closed"


@dataclass(frozen=True, slots=True)
class Former:
    """A closed account, and what it had on its last day."""

    person: Person
    studies: tuple[FormerEnrolment, ...]
    # The group's number.
    group: int | None


def former(person: Person) -> Former | None:
    """Say what a closed account had; nothing of one that is open."""
    return None if person.merged_into_id is None else _former(person)


def came_from(person: Person, *, agent: Agent) -> tuple[Former, ...]:
    """Give the accounts that were merged into this one, those the agent may open."""
    return tuple(_came_from(person, agent))


def onward(person: Person, *, agent: Agent) -> Person | None:
    """Give the account that stays instead of this one, if the agent may open it."""
    stays = person.merged_into
    return stays if stays and _may_open(stays, agent) else None


def merged_by(agent: Agent, *, asked_at: Person) -> Person | None:
    """Give the account that stays, if the agent's last request here was carried out."""
    asked = Approval.objects.filter(kind=approvals.MERGE, person=asked_at)
    last = asked.order_by("-pk").first()
    if last is None or last.used_at is None or last.asked_by_id != agent.person.pk:
        return None
    return Person.objects.get(account_name=last.facts["closes"]).merged_into


def agreed_to(acts: Iterable[Event]) -> dict[int, str]:
    """Name who agreed to the merges among these acts, by the act (id)."""
    asked = {
        act.pk: act.facts.get("approval")
        for act in acts
        if act.what in {MERGED, CLOSED}
    }
    found = Approval.objects.select_related("decided_by").in_bulk(set(asked.values()))
    return {
        act: str(found[number].decided_by)
        for act, number in asked.items()
        if number in found
    }


def _came_from(person: Person, agent: Agent) -> Iterator[Former]:
    for one in Person.objects.filter(merged_into=person).order_by("pk"):
        if _may_open(one, agent):
            yield _former(one)


def _former(person: Person) -> Former:
    place = getattr(person, "former_place", None)
    studies = tuple(person.former_enrolments.all())
    return Former(person, studies, place.group.number if place else None)


def _may_open(person: Person, agent: Agent) -> bool:
    return barrier(person=person, agent=agent) is not Barrier.LEAD_ONLY
