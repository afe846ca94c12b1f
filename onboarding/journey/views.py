"""The start page, the journey page, and the small answer that keeps it fresh."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.due.progress import overall_of
from accounts.people.models import Kind
from accounts.people.roles import SECOND_FACTOR
from accounts.signin import terms
from accounts.signin.guard import roles_in, with_roles
from accounts.signin.sessions import person_of, signed_in
from onboarding.journey.desks import desks_of
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey as way_of
from onboarding.journey.services import beyond


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what this is, to anybody."""
    return render(request, "journey/start.html")


@never_cache
@require_safe
@signed_in
def journey(request: HttpRequest) -> HttpResponse:
    """Show a student the way; send staff to their desks."""
    person = person_of(request)
    if person.kind == Kind.STAFF:
        return redirect("journey:desks")
    if terms.missing(person=person.pk):
        return redirect("signin:consent")
    facts = facts_of(person, at=timezone.now())
    way = way_of(facts)
    arrived = way.complete and facts.studies
    context = {
        "facts": facts,
        "way": way,
        "person": person,
        "arrived": arrived,
        "beyond": beyond(facts.schools) if arrived else (),
    }
    return render(request, "journey/journey.html", context)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell a waiting page whether there is news: one indexed question, 304 if not."""
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    work = overall_of(person_of(request).pk)
    etag = f'"{work.version}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse({"version": work.version, "settled": work.settled})
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@never_cache
@require_safe
@with_roles
def desks(request: HttpRequest) -> HttpResponse:
    """Show somebody of the staff which desks their roles open."""
    roles = roles_in(request)
    context = {"desks": desks_of(roles), "second_factor": roles & SECOND_FACTOR}
    return render(request, "journey/desks.html", context)
