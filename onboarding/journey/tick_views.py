"""Saying oneself that a step is done, and taking that back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.people.models import Person
from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.journey import ticks
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from onboarding.journey.step import Word


@require_POST
@students
def tick(request: HttpRequest, step: str) -> HttpResponse:
    """Take the student's word for a step that asks for it now."""
    person = person_of(request)
    if _word(person, step) is Word.ASKED:
        ticks.tick(person=person, step=step, at=timezone.now())
    return redirect("journey:journey")


@require_POST
@students
def take_back(request: HttpRequest, step: str) -> HttpResponse:
    """Let the student take the own word back."""
    ticks.take_back(person=person_of(request), step=step, at=timezone.now())
    return redirect("journey:journey")


def _word(person: Person, step: str) -> Word:
    """Say whether the step goes by the student's word, and is this student's turn."""
    way = journey(facts_of(person, at=timezone.now()))
    for station in way.stations:
        if station.step.key == step:
            return station.now.word
    raise Http404
