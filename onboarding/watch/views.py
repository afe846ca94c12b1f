"""The board: who is stuck, where and since when; and the people behind each number."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin.guard import roles_in, staff
from onboarding.helpdesk.agents import DESK, agent_of
from onboarding.watch import behind, figures
from onboarding.watch.agents import WATCHING
from onboarding.watch.behind import Number
from onboarding.watch.forms import ScopeForm
from onboarding.watch.people import listed
from onboarding.watch.titles import part_of, title_of


@staff(*WATCHING)
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the figures; only who opens records is led on to people."""
    form = ScopeForm(request.GET)
    scope, now = form.scope(), timezone.now()
    roles = roles_in(request)
    context = {
        "form": form,
        "scope": scope,
        "board": figures.board(scope, at=now),
        "opens": not roles.isdisjoint(DESK),
        "lead": Role.HELP_DESK_LEAD in roles,
        "imports_open": Role.REGISTRAR in roles,
        "standings": [(one, figures.WORDS[one]) for one in figures.STANDINGS],
    }
    return render(request, "watch/board.html", context)


@staff(*DESK)
@never_cache
@require_safe
def people(request: HttpRequest, kind: str, about: str, how: str) -> HttpResponse:
    """Show who is counted in a number."""
    number = Number(kind, about, how)
    if not number.known:
        raise Http404
    scope = ScopeForm(request.GET).scope()
    now = timezone.now()
    ids = behind.people(number, scope, at=now)
    agent = agent_of(request)
    shown = listed(ids, scope, lead=agent.lead, page=request.GET.get("page"), at=now)
    note_list(
        which="people",
        by=agent.person.pk,
        at=now,
        number=f"{kind}/{about}/{how}",
        part=f"{scope.cohort}/{scope.school}/{scope.group or ''}",
        count=len(shown.lines),
    )
    context = {
        "number": number,
        "title": title_of(number),
        "scope": scope,
        "part": part_of(scope),
        "listed": shown,
    }
    return render(request, "watch/people.html", context)
