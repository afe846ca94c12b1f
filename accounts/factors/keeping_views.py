"""Setting factors up, looking at one's own, and removing one."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors import authenticators, keeping, passkeys
from accounts.factors.answers import REFUSALS, to_factor
from accounts.factors.doors import (
    asked_of,
    come_back,
    enter_as_staff,
    is_back,
    may_add,
)
from accounts.factors.forms import CodeForm, WayBackForm
from accounts.factors.models import Factor, Kind
from accounts.people.models import Person
from accounts.signin import answers, second
from accounts.signin.forms import sent
from accounts.signin.guard import proof_before, to_the_proof
from accounts.signin.onward import onward, wanted
from accounts.signin.sessions import person_of
from accounts.signin.step_up import freshly

# Which app is being set up in this session.
_BEGUN = "second_factor_begun"
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@asked_of
@freshly
@_FORM
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Offer app and passkey; after a loss, first ask for the help desk's code."""
    if may_add(request):
        return _offer(request)
    if keeping.factors_of(person_of(request)).exists():
        return to_the_proof(request)
    form = WayBackForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if form.is_valid():
        try:
            keeping.find_back(
                person=person_of(request),
                typed=form.cleaned_data["back"],
                at=timezone.now(),
            )
        except REFUSALS as refusal:
            status = to_factor(form, refusal)
        else:
            come_back(request)
            return redirect(_here("factors:set_up", request))
    context = {"form": form, "next": wanted(request)}
    return answers.page(request, "factors/way_back.html", context, status)


@asked_of
@freshly
@require_POST
@sensitive_variables()
def begin(request: HttpRequest) -> HttpResponse:
    """Make an app's secret and show it, this once."""
    if not may_add(request):
        return redirect(_here("factors:set_up", request))
    person = person_of(request)
    factor, secret = authenticators.begin(person=person, at=timezone.now())
    request.session[_BEGUN] = factor.pk
    address = authenticators.address(person=person, secret=secret)
    shown = {
        "picture": authenticators.as_picture(address),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "address": address,
    }
    return _app_page(request, CodeForm(), 200, **shown)


@asked_of
@freshly
@_FORM
@sensitive_post_parameters()
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the new app's first code; from then on it counts."""
    factor = _begun(request)
    if factor is None:
        return redirect(_here("factors:set_up", request))
    form = CodeForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if form.is_valid():
        typed, now = form.cleaned_data["code"], timezone.now()
        try:
            if not authenticators.confirm(factor=factor, typed=typed, at=now):
                raise authenticators.CodeRefused
            return _taken_up(request, factor)
        except REFUSALS as refusal:
            status = to_factor(form, refusal)
    return _app_page(request, form, status)


@asked_of
@freshly
@require_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey that was just made."""
    form = CodeForm()
    try:
        factor = passkeys.add(
            person=person_of(request),
            answer=request.POST.get("answer", ""),
            session=request.session,
            at=timezone.now(),
        )
        return _taken_up(request, factor)
    except REFUSALS as refusal:
        form = CodeForm({"code": ""})
        form.errors.clear()
        return _offer(request, form, to_factor(form, refusal))


@asked_of
@require_http_methods(["GET", "HEAD"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show which factors count, and when they were used."""
    if not second.proved(request):
        return to_the_proof(request)
    factors = keeping.factors_of(person_of(request))
    return render(request, "factors/mine.html", {"factors": factors})


@asked_of
@freshly
@require_POST
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Remove one of several factors; sessions elsewhere end, this one goes on."""
    if not second.recently_proved(request):
        return proof_before(reverse("factors:mine"))
    person = person_of(request)
    factor = keeping.factors_of(person).filter(pk=key).first()
    if factor is None:
        raise Http404
    try:
        keeping.remove(factor=factor, at=timezone.now())
    except keeping.NotAllowed:
        return render(request, "factors/last.html", status=409)
    stay_signed_in(request, person)
    return redirect("factors:mine")


def stay_signed_in(request: HttpRequest, person: Person) -> None:
    """Keep this session when all of the person's end."""
    person.refresh_from_db(fields=["password_changes"])
    request.session["_auth_user_hash"] = person.get_session_auth_hash()


def _begun(request: HttpRequest) -> Factor | None:
    return Factor.objects.filter(
        pk=request.session.get(_BEGUN, 0),
        person=person_of(request),
        kind=Kind.APP,
        confirmed_at=None,
        removed_at=None,
    ).first()


def _taken_up(request: HttpRequest, factor: Factor) -> HttpResponse:
    proved = second.proved(request)
    keeping.take_up(
        factor=factor,
        proved=second.recently_proved(request),
        back=is_back(request),
        at=timezone.now(),
    )
    request.session.pop(_BEGUN, None)
    enter_as_staff(request, factor.person)
    if proved:
        return redirect("factors:mine")
    return HttpResponseRedirect(onward(request))


def _offer(
    request: HttpRequest, form: Form | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "next": wanted(request),
        "passkeys": passkeys.available(),
        "first": not second.proved(request),
    }
    return answers.page(request, "factors/set_up.html", context, status)


def _app_page(
    request: HttpRequest, form: Form, status: int, **shown: str
) -> HttpResponse:
    context = {"form": form, "next": wanted(request), **shown}
    return answers.page(request, "factors/app.html", context, status)


def _here(name: str, request: HttpRequest) -> str:
    back = urlencode({"next": wanted(request)})
    return f"{reverse(name)}?{back}"
