"""From a number on the coordinator's board to the people and cards behind it."""

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.enrolment.models import TutorGroup
from onboarding.handout import figures, lists
from onboarding.handout.figures import Mark


@staff(Role.COORDINATOR)
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell the board whether there is news: 304 if not."""
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    version = figures.version(at=timezone.now())
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse({"version": version, "settled": False})
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@staff(Role.COORDINATOR)
@never_cache
@require_safe
def people(request: HttpRequest, mark: str, number: int | None = None) -> HttpResponse:
    """Show who is counted in a number of the board."""
    if mark not in list(Mark):
        raise Http404
    group = _group(number)
    now = timezone.now()
    listed = lists.people(mark=Mark(mark), group=group, at=now)
    part = str(number or "")
    note_list(which="board", by=person_of(request).pk, at=now, mark=mark, group=part)
    context = {"mark": mark, "group": group, "people": listed}
    return render(request, "handout/people.html", context)


@staff(Role.COORDINATOR)
@never_cache
@require_safe
def cards_left(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Show which cards still lie in the boxes."""
    group = _group(number)
    context = {"group": group, "cards": lists.cards_left(group=group)}
    return render(request, "handout/cards_left.html", context)


def _group(number: int | None) -> TutorGroup | None:
    if number is None:
        return None
    return get_object_or_404(TutorGroup, number=number)
