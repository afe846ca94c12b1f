"""The guard of a record: role, barrier, and a reason that is still fresh."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.signin.guard import staff
from accounts.signin.step_up import freshly
from onboarding.helpdesk import looks
from onboarding.helpdesk.agents import (
    DESK,
    Agent,
    Barrier,
    agent_of,
    barrier,
    is_colleague,
)
from onboarding.helpdesk.finding import student
from onboarding.helpdesk.refusals import NeverHere

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visit:
    """An agent at one person's record."""

    agent: Agent
    person: Person
    own: bool
    # For what reason; none yet where the reason is being asked for.
    look: Event | None


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]
Guarded = Callable[..., HttpResponseBase]


def approached(view: View[P]) -> Guarded:
    """Let in whom no barrier keeps out; no reason is asked for yet."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, key: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        person, agent = student(key), agent_of(request)
        if person is None:
            raise Http404
        between = barrier(person=person, agent=agent)
        if between is Barrier.LEAD_ONLY:
            looks.refuse(by=agent.person, at=timezone.now(), whom=person)
            return _for_the_lead(request)
        look = looks.current(person=person, by=agent.person, at=timezone.now())
        visit = Visit(agent, person, between is Barrier.OWN, look)
        return view(request, visit, *args, **kwargs)

    return never_cache(staff(*DESK)(guarded))


def opened(view: View[P]) -> Guarded:
    """Let in who has said why, within half an hour."""

    @wraps(view)
    def guarded(
        request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if visit.look is None:
            return redirect("helpdesk:reason", visit.person.pk)
        return view(request, visit, *args, **kwargs)

    return approached(guarded)


def acting(view: View[P]) -> Guarded:
    """Let nobody act on the own record."""

    @wraps(view)
    def guarded(
        request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if visit.own:
            raise PermissionDenied
        if visit.person.merged_into_id:
            # Closed for good: the record says into which one.
            return redirect("helpdesk:person", visit.person.pk)
        return view(request, visit, *args, **kwargs)

    return opened(guarded)


def repairing(view: View[P]) -> Guarded:
    """Let act who typed the own password a short time ago, else ask for it again.

    No remedy touches an account of a colleague, not the lead's either.
    """
    return acting(_of_students(freshly(view)))


def _of_students(view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(
        request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if is_colleague(visit.person):
            context = {"visit": visit, "refused": str(NeverHere())}
            return render(request, "helpdesk/refused.html", context, status=403)
        return view(request, visit, *args, **kwargs)

    return guarded


def _for_the_lead(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/lead_only.html", status=403)
