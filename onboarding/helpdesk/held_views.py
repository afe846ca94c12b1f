"""The pages about people whom the import holds back."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import kept
from accounts.signin.step_up import freshly
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.held_words import faults
from onboarding.enrolment.numbers import NumbersExhausted
from onboarding.enrolment.releasing import NotHeld, StillWrong, correctable
from onboarding.helpdesk import born, looks
from onboarding.helpdesk import held as rows
from onboarding.helpdesk.agents import DESK, Agent, Barrier, agent_of
from onboarding.helpdesk.forms import ReasonForm
from onboarding.helpdesk.guarding import perhaps_family
from onboarding.helpdesk.held_forms import ReleaseForm
from onboarding.helpdesk.letting_in import let_in
from onboarding.helpdesk.refusals import Refused
from onboarding.helpdesk.troubles.quarantine import trouble

View = Callable[[HttpRequest, Held, Agent], HttpResponseBase]
_FORM = require_http_methods(["GET", "HEAD", "POST"])
CONFLICT = 409


def _approached(view: View) -> Callable[..., HttpResponseBase]:
    """Let in whom no barrier keeps out; no reason is asked for yet."""

    @wraps(view)
    def guarded(request: HttpRequest, key: int) -> HttpResponseBase:
        one, agent = get_object_or_404(Held.now(), pk=key), agent_of(request)
        barrier = rows.between(held=one, agent=agent)
        if barrier is Barrier.LEAD_ONLY:
            by, whom = agent.person, rows.person_of(one)
            looks.refuse(by=by, at=timezone.now(), whom=whom, held=one.pk)
            return render(request, "helpdesk/lead_only.html", status=403)
        if barrier is Barrier.OWN:
            raise PermissionDenied
        return view(request, one, agent)

    return never_cache(staff(*DESK)(guarded))


def _opened(view: View) -> Callable[..., HttpResponseBase]:
    """Let in who has said why, within half an hour."""

    @wraps(view)
    def guarded(request: HttpRequest, one: Held, agent: Agent) -> HttpResponseBase:
        look = rows.current_look(held=one, by=agent.person, at=timezone.now())
        if look is None:
            return redirect("helpdesk:held_reason", one.pk)
        return view(request, one, agent)

    return _approached(guarded)


@_approached
@_FORM
def reason(request: HttpRequest, one: Held, agent: Agent) -> HttpResponse:
    """Ask why the rows are opened."""
    family = perhaps_family(one.cells.get("family_name", ""), agent.person)
    form = ReasonForm(sent(request), family=family)
    if form.is_bound and form.is_valid():
        rows.look(
            held=one,
            by=agent.person,
            reason=form.why,
            ticket=form.cleaned_data["ticket"],
            no_family=family,
            at=timezone.now(),
        )
        return redirect("helpdesk:held", one.pk)
    status = answers.MISTAKEN if form.errors else 200
    context = {"form": form, "held": one}
    return render(request, "helpdesk/held_reason.html", context, status=status)


@_opened
@require_safe
def held(request: HttpRequest, one: Held, _agent: Agent) -> HttpResponse:
    """Show what is held back, why, and what to say."""
    person = rows.person_of(one)
    context = {
        "held": one,
        "person": person,
        "faults": faults(one),
        "born": born.in_words(one.cells.get("birth_date", "")),
        "trouble": trouble(one, known=person is not None),
        "correctable": correctable(one),
    }
    return render(request, "helpdesk/held.html", context)


@_opened
@freshly
@_FORM
def release(request: HttpRequest, one: Held, agent: Agent) -> HttpResponse:
    """Let somebody in, with what stands in the papers."""
    if not correctable(one):
        return redirect("helpdesk:held", one.pk)
    form = ReleaseForm(sent(request), held=one, initial=kept(request))
    status = 200
    if form.is_bound:
        status = answers.MISTAKEN
        if form.is_valid():
            done, status = _release(one, form, agent)
            if done:
                return done
    context = {"held": one, "form": form, "faults": faults(one)}
    return render(request, "helpdesk/release.html", context, status=status)


def _release(
    one: Held, form: ReleaseForm, agent: Agent
) -> tuple[HttpResponse | None, int]:
    status = CONFLICT
    try:
        person = let_in(
            held=one,
            corrections=form.corrections,
            check=form.cleaned_data["check"],
            by=agent.person,
            at=timezone.now(),
        )
    except StillWrong as wrong:
        form.refuse(wrong.refusals)
        status = answers.MISTAKEN
    except NumbersExhausted as exhausted:
        form.add_error(None, str(exhausted.sentence))
    except NotHeld:
        form.add_error(None, _("Somebody else was first. Look the person up again."))
    except Refused as refused:
        form.add_error(None, str(refused))
    else:
        url = reverse("helpdesk:person", args=[person.pk])
        return redirect(f"{url}?done=released"), status
    return None, status
