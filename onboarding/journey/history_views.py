"""The page "what happened to my account"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.journey.history import history, told


@require_safe
@students
def show(request: HttpRequest) -> HttpResponse:
    """Tell the student, page by page, what happened; newest first."""
    page = history(person=person_of(request).pk, page=request.GET.get("page"))
    lines = [told(event) for event in page.object_list]
    return render(request, "journey/history.html", {"page": page, "lines": lines})
