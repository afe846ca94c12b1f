"""What waits for a second agent, and the decision."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from accounts.signin.step_up import freshly
from onboarding.helpdesk import approvals
from onboarding.helpdesk.agents import DESK, agent_of
from onboarding.helpdesk.forms import DecideForm
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import Refused

_DECISIONS = {"approve": True, "decline": False}
# What was decided, said on the list afterwards.
_DONE: Mapping[str, Promise] = {
    "approve": _("You agreed. Your colleague can go on now."),
    "decline": _(
        "You declined. Your colleague sees it, and your reason where you gave one."
    ),
}


@staff(*DESK)
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what waits, and what became of what this agent asked for."""
    return _page(request, done=_DONE.get(request.GET.get("done", "")))


@staff(*DESK)
@never_cache
@freshly
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Approve or decline."""
    pressed = request.POST.get("decision", "")
    decision = _DECISIONS.get(pressed)
    form = DecideForm(request.POST)
    if decision is None or not form.is_valid():
        raise Http404
    try:
        approvals.decide(
            approval=number,
            by=person_of(request),
            approved=decision,
            at=timezone.now(),
            why=form.cleaned_data["why"],
        )
    except Refused as refused:
        return _page(request, refused=str(refused))
    return redirect(f"{reverse('helpdesk:approvals')}?done={pressed}")


def _page(
    request: HttpRequest, *, refused: str = "", done: Promise | None = None
) -> HttpResponse:
    agent, now = agent_of(request), timezone.now()
    context = {
        "waiting": [
            (one, DecideForm(auto_id=f"{one.approval.pk}-%s"))
            for one in approvals.waiting(agent=agent, at=now)
        ],
        "decided": approvals.decided(agent=agent, at=now),
        "refused": refused,
        "done": done,
    }
    status = CONFLICT if refused else 200
    return render(request, "helpdesk/approvals.html", context, status=status)
