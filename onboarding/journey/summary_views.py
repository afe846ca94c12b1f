"""The sheet to print, or to save as a PDF by the browser's own print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from onboarding.journey.summary import summary


@require_safe
@students
def sheet(request: HttpRequest) -> HttpResponse:
    """Show what the student has here: no secret, and no date of birth."""
    person, now = person_of(request), timezone.now()
    facts = facts_of(person, at=now)
    way = journey(facts)
    rows = summary(person=person, facts=facts, way=way)
    context = {"facts": facts, "way": way, "rows": rows, "now": now}
    return render(request, "journey/summary.html", context)
