"""The help desk's first pages: find somebody, say why, see the record."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.due.progress import overall_of
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from onboarding.cards.amounts import euros
from onboarding.cards.numbers import masked
from onboarding.enrolment.held_models import Held
from onboarding.helpdesk import approvals, looks, overview
from onboarding.helpdesk.agents import DESK, agent_of
from onboarding.helpdesk.doors import Visit, approached, opened
from onboarding.helpdesk.finding import Finding, find, lines
from onboarding.helpdesk.forms import FindForm, ReasonForm
from onboarding.helpdesk.guarding import is_guarded, perhaps_family
from onboarding.helpdesk.held import find_held
from onboarding.helpdesk.merged import agreed_to, came_from, former, onward
from onboarding.helpdesk.offers import offered
from onboarding.helpdesk.password import State
from onboarding.helpdesk.seen import seen
from onboarding.helpdesk.troubles.known import troubles
from onboarding.notes.writing import for_the_help_desk

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(*DESK)
@never_cache
@_FORM
def desk(request: HttpRequest) -> HttpResponse:
    """Find a person; what is typed stands in no address, so in no log."""
    form = FindForm(sent(request))
    found: Finding | None = None
    agent = agent_of(request)
    held: list[Held] = []
    if form.is_bound and form.is_valid():
        who, lead = form.cleaned_data["who"], agent.lead
        found, held = find(who, lead=lead), find_held(who, lead=lead)
        if len(found.people) == 1 and not found.nearly and not held:
            return redirect("helpdesk:person", found.people[0].pk)
    status = answers.MISTAKEN if form.errors else 200
    context = {
        "form": form,
        "found": found,
        "held": held,
        "lead": agent.lead,
        "lines": lines(found.people) if found else (),
        "approvals": approvals.count(agent=agent, at=timezone.now()),
    }
    return render(request, "helpdesk/desk.html", context, status=status)


@approached
@_FORM
def reason(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask why the record is opened; its owner reads the answer."""
    family = not visit.own and perhaps_family(
        visit.person.family_name, visit.agent.person
    )
    form = ReasonForm(sent(request), family=family)
    if form.is_bound and form.is_valid():
        looks.look(
            person=visit.person,
            by=visit.agent.person,
            reason=form.why,
            ticket=form.cleaned_data["ticket"],
            no_family=family,
            at=timezone.now(),
        )
        return redirect("helpdesk:person", visit.person.pk)
    status = answers.MISTAKEN if form.errors else 200
    context = {
        "form": form,
        "person": visit.person,
        "own": visit.own,
        "same_account": visit.person.pk == visit.agent.person.pk,
    }
    return render(request, "helpdesk/reason.html", context, status=status)


# What a remedy has done, said on the record afterwards.
DONE: Mapping[str, Promise] = {
    "looked_again": _(
        "The systems were asked to look again. This page shows their answers by itself."
    ),
    "unlocked": _("The portal takes the next try at once."),
    "signed_out": _("The person is signed out everywhere."),
    "recovery": _("The private address is set; the one before was told so."),
    "code_sent": _("The code is on its way once more."),
    "noted": _("The note is kept."),
    "merged": _(
        "The two accounts are one. The other one is closed, and says so; the systems"
        " are looking now."
    ),
    "released": _(
        "The person is let in; the entry in the directory is made within a minute."
    ),
    "guarded": _("Only the lead opens this record now."),
    "unguarded": _("All agents may open this record again."),
    "moved": _("The person is in the other group; its tutor sees it at once."),
}


@opened
@require_safe
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell an open page whether something has happened to the person since."""
    return _news(request, version=overview.version(visit.person.pk))


@opened
@require_safe
def work(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell the record the same, as long as systems are at work."""
    settled = overall_of(visit.person.pk).settled
    version = overview.version(visit.person.pk)
    return _news(request, version=version, settled=settled)


def _news(request: HttpRequest, **news: object) -> HttpResponse:
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    return JsonResponse(news)


@opened
@require_safe
def person(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show all there is to see of one person."""
    # Named before anything is looked at: what happens meanwhile is news.
    version = overview.version(visit.person.pk)
    one = seen(visit.person, at=timezone.now())
    others = came_from(visit.person, agent=visit.agent)
    accounts = [visit.person.pk, *(other.person.pk for other in others)]
    page = overview.timeline(accounts=accounts, page=request.GET.get("page"))
    steps, known = overview.steps(one), troubles(one)
    agreed = agreed_to(page.object_list)
    context = {
        "visit": visit,
        "acts": not visit.own and visit.person.merged_into_id is None,
        "seen": one,
        "version": version,
        "verdict": overview.verdict(one),
        "rails": overview.rails(steps),
        "steps": steps,
        "stuck": [trouble for trouble in known if not trouble.mild],
        "mild": [trouble for trouble in known if trouble.mild],
        "offered": offered(
            held=one.held,
            twins=one.twins,
            library=visit.agent.library,
            guarded=is_guarded(visit.person) if visit.agent.lead else None,
        ),
        "notes": for_the_help_desk(accounts),
        "former": former(visit.person),
        "came_from": others,
        "onward": onward(visit.person, agent=visit.agent),
        "card": masked(one.facts.card.number),
        "owed": euros(max(one.facts.card.owed, 0)),
        "surplus": euros(one.surplus) if one.surplus > 0 else "",
        "timeline": [
            overview.in_words(
                event, person=visit.person.pk, agreed=agreed.get(event.pk, "")
            )
            for event in page.object_list
        ],
        "page": page,
        "states": State.__members__,
        "done": DONE.get(request.GET.get("done", "")),
    }
    return render(request, "helpdesk/person.html", context)
