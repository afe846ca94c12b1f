"""Opening a student's page at the desk: whom disclosure is blocked for, never by luck.

Who has disclosure blocked is there only for whom typed the whole user name or card
number; counting addresses up finds nobody.
"""

from django.http import Http404, HttpRequest

from accounts.people.models import Person
from onboarding.cards.finding import student

_TYPED = "typed_exactly"


def note_typed(request: HttpRequest, person: Person) -> None:
    """Note that somebody was found in this session by what was typed exactly."""
    known: list[int] = request.session.get(_TYPED, [])
    if person.confidential and person.pk not in known:
        request.session[_TYPED] = [*known, person.pk]


def may_open(request: HttpRequest, person: Person) -> bool:
    """Say whether this session may look at somebody."""
    return not person.confidential or person.pk in request.session.get(_TYPED, [])


def opened(request: HttpRequest, key: int) -> Person:
    """Give the student with this key; raises Http404 where there is none to see."""
    person = student(key)
    if person is None or not may_open(request, person):
        raise Http404
    return person
