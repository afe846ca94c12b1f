"""The second step of signing in."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors import authenticators, passkeys
from accounts.factors.answers import REFUSALS, to_factor
from accounts.factors.doors import asked_of, enter_as_staff, may_add
from accounts.factors.forms import CodeForm
from accounts.factors.keeping import factors_of
from accounts.factors.models import Factor, Kind
from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import answers, second
from accounts.signin.forms import sent
from accounts.signin.onward import onward, wanted
from accounts.signin.sessions import keeps, person_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@asked_of
@_FORM
@sensitive_post_parameters()
def step(request: HttpRequest) -> HttpResponse:
    """Take a code of the app, then lead on to where somebody wanted to go."""
    person = person_of(request)
    if second.recently_proved(request):
        return HttpResponseRedirect(onward(request))
    if not factors_of(person).exists():
        back = urlencode({"next": wanted(request)})
        return redirect(f"{reverse('factors:set_up')}?{back}")
    form = CodeForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if form.is_valid():
        try:
            factor = authenticators.use(
                person=person, typed=form.cleaned_data["code"], at=timezone.now()
            )
        except REFUSALS as refusal:
            return _refused(request, form, refusal)
        return _entered(request, person, factor)
    return _page(request, form, status)


@asked_of
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey's answer."""
    person = person_of(request)
    try:
        factor = passkeys.use(
            person=person,
            answer=request.POST.get("answer", ""),
            session=request.session,
            at=timezone.now(),
        )
    except REFUSALS as refusal:
        form = CodeForm({"code": ""})
        form.errors.clear()
        return _refused(request, form, refusal)
    return _entered(request, person, factor)


@asked_of
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """Ask the question that a passkey answers: an old one, or one to be made."""
    person, session = person_of(request), request.session
    if request.POST.get("kind") == "new":
        if not may_add(request):
            return HttpResponse(status=403)
        asked = passkeys.ask_for_new(person=person, session=session)
    else:
        asked = passkeys.ask_for_known(person=person, session=session)
    return HttpResponse(asked, content_type="application/json")


def _entered(request: HttpRequest, person: Person, factor: Factor) -> HttpResponse:
    facts = {"kind": factor.kind}
    now = timezone.now()
    record(
        what="second_factor_proved", at=now, whom=person.pk, who=person.pk, facts=facts
    )
    enter_as_staff(request, person)
    return HttpResponseRedirect(onward(request))


def _refused(request: HttpRequest, form: Form, refusal: Exception) -> HttpResponse:
    person = person_of(request)
    record(
        what="second_factor_refused",
        at=timezone.now(),
        whom=person.pk,
        who=person.pk,
        facts={"why": type(refusal).__name__},
    )
    return _page(request, form, to_factor(form, refusal))


def _page(request: HttpRequest, form: Form, status: int) -> HttpResponse:
    mine = set(factors_of(person_of(request)).values_list("kind", flat=True))
    target = wanted(request)
    context = {
        "form": form,
        "next": target,
        "kept": keeps(request, target=target),
        "app": Kind.APP in mine,
        "passkey": Kind.PASSKEY in mine and passkeys.available(),
    }
    return answers.page(request, "factors/step.html", context, status)
