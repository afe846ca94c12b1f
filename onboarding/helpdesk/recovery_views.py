"""Correcting the recovery address: check, second agent, address, code."""

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.signin import answers
from accounts.signin.forms import CodeForm
from accounts.signin.models import RecoveryAddress
from accounts.signin.sessions import handle
from onboarding.helpdesk import approvals
from onboarding.helpdesk import recovery as remedy
from onboarding.helpdesk.asked import asked
from onboarding.helpdesk.doors import Visit, repairing
from onboarding.helpdesk.forms import CheckForm, TheirAddressForm
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.pages import CONFLICT
from onboarding.helpdesk.refusals import Refused


@repairing
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def recovery(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Lead from the check to an address that is proved."""
    form = _form(request, visit)
    if not form.is_bound or not form.is_valid():
        return _page(request, visit, form)
    try:
        return _answer(request, visit, form)
    except Refused as refused:
        return _page(request, visit, form, refused=str(refused))


def _answer(request: HttpRequest, visit: Visit, form: Form) -> HttpResponse:
    person, by, at = visit.person, visit.agent.person, timezone.now()
    here = reverse("helpdesk:recovery", args=[person.pk])
    if isinstance(form, CheckForm):
        remedy.ask(person=person, facts=form.facts, by=by, at=at)
        return redirect(here)
    session = handle(request)
    if isinstance(form, CodeForm):
        typed = form.cleaned_data["code"]
        remedy.correct(person=person, typed=typed, by=by, session=session, at=at)
        url = reverse("helpdesk:person", args=[person.pk])
        return redirect(f"{url}?done=recovery")
    address = form.cleaned_data["address"]
    remedy.send_code(person=person, address=address, by=by, session=session, at=at)
    return redirect(here)


def _form(request: HttpRequest, visit: Visit) -> Form:
    """Give the form whose turn it is; what was sent says by its fields which it is."""
    sent = request.POST if request.method == "POST" else None
    standing, by = _standing(visit), visit.agent.person
    if sent is not None and "code" in sent:
        return CodeForm(sent)
    ready = standing is not None and standing.approved
    if standing is None or not ready or standing.asked_by_id != by.pk:
        return CheckForm(sent)
    proving = _proving(request, visit)
    if proving and (sent is None or "address" not in sent):
        return CodeForm(sent)
    return TheirAddressForm(sent, own_domain=settings.MAIL_DOMAIN)


def _page(
    request: HttpRequest, visit: Visit, form: Form, *, refused: str = ""
) -> HttpResponse:
    at, checking = timezone.now(), isinstance(form, CheckForm)
    one = asked(kind=approvals.RECOVERY, person=visit.person, agent=visit.agent, at=at)
    context = {
        "visit": visit,
        "form": form,
        "refused": refused,
        "asked": one,
        "waits": checking and one is not None and one.open,
        "proving": _proving(request, visit) if isinstance(form, CodeForm) else "",
        "checking": checking,
        "proved": RecoveryAddress.objects.filter(person=visit.person).first(),
    }
    status = CONFLICT if refused else answers.MISTAKEN if form.errors else 200
    return render(request, "helpdesk/recovery.html", context, status=status)


def _standing(visit: Visit) -> Approval | None:
    return approvals.standing(
        kind=approvals.RECOVERY, person=visit.person, at=timezone.now()
    )


def _proving(request: HttpRequest, visit: Visit) -> str:
    if "handle" not in request.session:
        return ""
    return remedy.proving(
        person=visit.person, session=handle(request), at=timezone.now()
    )
