"""What a remedy's own page says of a request: it waits, was agreed to, or declined."""

from dataclasses import dataclass
from datetime import datetime

from accounts.people.models import Person
from onboarding.helpdesk import approvals, overview
from onboarding.helpdesk.agents import Agent
from onboarding.helpdesk.checks import in_words
from onboarding.helpdesk.models import Approval


@dataclass(frozen=True, slots=True)
class Asked:
    """The last request of one kind about one person, in words, for one agent."""

    approval: Approval
    # What is asked, and which check was made.
    what: str
    check: str
    # This agent asked, and goes on with it.
    mine: bool
    # Why somebody declined, where that was said.
    doubt: str
    # By which an open page notices that somebody has decided.
    version: str

    @property
    def declined(self) -> bool:
        """Say whether a colleague declined."""
        return self.approval.approved is False

    @property
    def open(self) -> bool:
        """Say whether it waits for a decision, or for its use."""
        return not self.declined

    @property
    def ready(self) -> bool:
        """Say whether this agent may use it now."""
        return self.mine and self.approval.approved is True


def asked(*, kind: str, person: Person, agent: Agent, at: datetime) -> Asked | None:
    """Give what is open; else what was declined a short time ago."""
    # Named before anything is looked at: what happens meanwhile is news.
    version = overview.version(person.pk)
    one = approvals.standing(kind=kind, person=person, at=at)
    one = one or approvals.declined(kind=kind, person=person, at=at)
    if one is None:
        return None
    check = in_words(one.facts)
    return Asked(
        approval=one,
        what=f"{approvals.sentence(one)}: {check}",
        check=check,
        mine=one.asked_by_id == agent.person.pk,
        doubt=approvals.doubts([one]).get(one.pk, ""),
        version=version,
    )
