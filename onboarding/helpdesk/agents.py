"""Who sits at the help desk, and whose records that opens."""

from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest

from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin.guard import roles_in, roles_of
from accounts.signin.sessions import person_of
from onboarding.helpdesk.guarding import is_guarded

DESK = (Role.HELP_DESK, Role.HELP_DESK_LEAD)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody at the desk; the lead sees, and may do, more."""

    person: Person
    lead: bool
    # Sits at the library's service desk, too.
    library: bool = False


class Barrier(Enum):
    """What stands between an agent and a record."""

    NONE = "none"
    # The agent's own, perhaps under another account: looked at, never changed.
    OWN = "own"
    LEAD_ONLY = "lead only"


def agent_of(request: HttpRequest) -> Agent:
    """Give who is signed in; only for views that asked for a role of the desk."""
    roles = roles_in(request)
    return Agent(
        person_of(request), Role.HELP_DESK_LEAD in roles, Role.LIBRARY_DESK in roles
    )


def barrier(*, person: Person, agent: Agent) -> Barrier:
    """Say what stands between; raises DirectoryUnavailable.

    Records of people with blocked disclosure, of colleagues with a role here, and of
    whom the lead guards, are for the lead.
    """
    if perhaps_one(person, agent.person):
        return Barrier.OWN
    if agent.lead:
        return Barrier.NONE
    if person.confidential or roles_of(person=person) or is_guarded(person):
        return Barrier.LEAD_ONLY
    return Barrier.NONE


def perhaps_one(one: Person, other: Person) -> bool:
    """Say whether two accounts may be of one human being, as far as the portal knows.

    Somebody of the staff may have a second account, a student's among them. Nothing but
    the name joins them, so that namesakes leave each other to a colleague as well.
    """
    if one.pk == other.pk:
        return True
    return bool(one.name_key) and one.name_key == other.name_key


def is_colleague(person: Person) -> bool:
    """Say whether a person has a role that no remedy touches; raises DirectoryError.

    Tutors are students; the directory draws the same line (accounts/directory/slapd).
    """
    return bool(roles_of(person=person, live=True) - {Role.TUTOR})
