"""What a second agent looks at before agreeing to an act for many."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.journal.lists import note_list
from accounts.signin.guard import staff
from onboarding.helpdesk import approvals
from onboarding.helpdesk.agents import DESK, agent_of
from onboarding.helpdesk.forms import DecideForm
from onboarding.watch.asked import asked
from onboarding.watch.people import listed
from onboarding.watch.scope import Scope
from onboarding.watch.titles import part_of


@staff(*DESK)
@never_cache
@require_safe
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Show whom an open request is about, and lead on to whose turn it is."""
    now, agent = timezone.now(), agent_of(request)
    one = asked(number, at=now)
    if one is None:
        raise Http404
    # Whoever has left the part since was agreed to, or is going to be.
    page = request.GET.get("page")
    shown = listed(one.people, Scope(), lead=agent.lead, page=page, at=now)
    note_list(
        which="request",
        by=agent.person.pk,
        at=now,
        approval=number,
        count=len(shown.lines),
    )
    context = {
        "asked": one,
        "part": part_of(one.scope),
        "words": approvals.in_words(one.request, agent),
        "form": DecideForm(),
        "mine": one.request.asked_by_id == agent.person.pk,
        "listed": shown,
    }
    return render(request, "watch/asked.html", context)
