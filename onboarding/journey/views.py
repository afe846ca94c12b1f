"""The start page, the journey page, and the small answer that keeps it fresh."""

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.catalogue.systems import DIRECTORY
from accounts.due.progress import progress_of
from accounts.people.models import Kind, Person
from accounts.signin import terms
from accounts.signin.guard import roles_of
from accounts.signin.sessions import person_of, signed_in
from onboarding.journey.desks import desks_of
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey as way_of

_AGREED = "agreed"


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
    if not _agreed(request, person):
        return redirect("signin:consent")
    facts = facts_of(person, at=timezone.now())
    context = {"facts": facts, "way": way_of(facts), "person": person}
    return render(request, "journey/journey.html", context)


@csp_exempt()  # a browser draws nothing from it
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell a waiting page whether there is news: one indexed row, 304 where not."""
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    account = progress_of(person_of(request).pk, system=DIRECTORY)
    etag = f'"{account.version}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse({"version": account.version, "settled": account.settled})
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _agreed(request: HttpRequest, person: Person) -> bool:
    """Say whether the person agreed to what is in force; asked once a session."""
    in_force = terms.documents()
    if request.session.get(_AGREED) != in_force:
        if terms.missing(person=person.pk):
            return False
        request.session[_AGREED] = in_force
    return True


@never_cache
@require_safe
@signed_in
def desks(request: HttpRequest) -> HttpResponse:
    """Show somebody of the staff which desks their roles open."""
    roles = roles_of(person=person_of(request))
    return render(request, "journey/desks.html", {"desks": desks_of(roles)})
