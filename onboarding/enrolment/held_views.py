"""The list of those whom the import holds back, for registrar and help desk."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin.guard import roles_in, staff
from accounts.signin.sessions import person_of
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.held_words import Fault, faults

PAGE = 50
# The desk opens whom it can let in; the registrar sees the file itself.
DESK = (Role.HELP_DESK, Role.HELP_DESK_LEAD)


@dataclass(frozen=True, slots=True)
class Line:
    """One person who is held back."""

    key: int
    person_key: str
    # Empty where disclosure is blocked.
    name: str
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]
    held_at: datetime
    named_at: datetime


@staff(Role.REGISTRAR, *DESK)
@never_cache
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """List them, those who wait longest first."""
    page = Paginator(Held.now(), PAGE).get_page(request.GET.get("page"))
    lines = [_line(one) for one in page]
    by = person_of(request).pk
    note_list(which="held", by=by, at=timezone.now(), count=len(lines))
    roles = roles_in(request)
    context = {
        "page": page,
        "lines": lines,
        "opens": not roles.isdisjoint(DESK),
        "imports_open": Role.REGISTRAR in roles,
    }
    return render(request, "enrolment/held.html", context)


def _line(one: Held) -> Line:
    return Line(
        key=one.pk,
        person_key=one.person_key,
        name="" if one.confidential else one.names,
        lines=tuple(row["line"] for row in one.rows),
        faults=faults(one),
        held_at=one.held_at,
        named_at=one.named_at,
    )
