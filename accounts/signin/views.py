"""Activating, signing in and out."""

from http import HTTPStatus

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_POST

from accounts.directory import gateway
from accounts.directory.entry import Secret
from accounts.directory.errors import PasswordRefused, Reason
from accounts.people.models import Kind, Person
from accounts.signin import activation, answers, step_up, terms, throttle
from accounts.signin.credentials import readings
from accounts.signin.forms import ActivationForm, ConsentForm, SignInForm, sent
from accounts.signin.guard import owes, proof_before
from accounts.signin.onward import onward, wanted
from accounts.signin.sessions import (
    begin,
    drop_what_is_not_of,
    keep,
    keeps,
    person_of,
    signed_in,
)

BACKEND = "accounts.signin.backend.DirectoryBackend"
# Whose initial password was typed at signing in.
_INITIAL_OF = "initial_of"
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_FORM
@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """Activate an account: one page, one POST, then straight into the journey."""
    if request.method != "POST":
        if _needs_no_letter(request):
            return redirect("journey:journey")
        account = request.session.get(_INITIAL_OF, "")
        form = ActivationForm(initial={"account": account})
        return _activation_page(request, form, initial_typed=bool(account))
    form = ActivationForm(request.POST)
    if not form.is_valid():
        return _activation_page(request, form, status=422)
    try:
        person = activation.choose_own_password(
            account=form.cleaned_data["account"],
            initial=form.cleaned_data["initial_password"],
            new=form.cleaned_data["new_password"],
            at=timezone.now(),
        )
    except answers.REFUSALS as refusal:
        status = answers.to_activation(form, refusal)
        return _activation_page(request, form, status=status)
    request.session.pop(_INITIAL_OF, None)
    enter(request, person)
    return redirect("journey:journey")


@never_cache
@_FORM
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with the account that the directory knows."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return _on_with(request)
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    try:
        person = _signed_in(request, form)
    except answers.REFUSALS as refusal:
        status = answers.to_sign_in(form, refusal)
        return _sign_in_page(request, form, status=status)
    if person is None:
        request.session[_INITIAL_OF] = form.cleaned_data["account"]
        return redirect("signin:activate")
    enter(request, person)
    return _on_with(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("journey:start")


@never_cache
@_FORM
@signed_in
def consent(request: HttpRequest) -> HttpResponse:
    """Ask for agreement to the documents in force."""
    form = ConsentForm(sent(request))
    if request.method == "POST" and form.is_valid():
        terms.accept(person=person_of(request).pk, at=timezone.now())
        return redirect("journey:journey")
    status = 422 if form.is_bound else 200
    return render(request, "signin/consent.html", {"form": form}, status=status)


@require_POST
@signed_in
def stay(request: HttpRequest) -> HttpResponse:
    """Put the end of the session off; that somebody pressed the button is enough."""
    begin(request)
    return HttpResponse(status=204)


def change_password_address(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Lead password managers to the form (W3C, a well-known URL for changing)."""
    return redirect("signin:change")


def sent_from_an_old_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a page from before another sign-in; what was typed there is kept."""
    context = {"reason": reason, "kept": keep(request)}
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def enter(request: HttpRequest, person: Person) -> None:
    """Begin a session, under a new key, of somebody whose own password is proved."""
    login(request, person, backend=BACKEND)
    drop_what_is_not_of(person, request)
    begin(request)
    step_up.note_password(request, at=timezone.now())


def _on_with(request: HttpRequest) -> HttpResponse:
    """Lead on; colleagues first to the second factor where a role asks for it.

    The tutors' app is a public page that would only find out when it asks.
    """
    target = onward(request)
    if person_of(request).kind == Kind.STAFF and owes(request):
        return proof_before(target)
    return HttpResponseRedirect(target)


def _needs_no_letter(request: HttpRequest) -> bool:
    """Say whether somebody is signed in whose password is not an initial one."""
    if not request.user.is_authenticated:
        return False
    person = person_of(request)
    return person.kind != Kind.STUDENT or person.has_own_password


def _signed_in(request: HttpRequest, form: SignInForm) -> Person | None:
    """Give the person, or nothing where the right password is still the initial one."""
    account, at = form.cleaned_data["account"], timezone.now()
    with throttle.one_try(account=account, at=at) as attempt:
        person = _authenticated(request, account, form.cleaned_data["password"])
        attempt.succeeded = True
        activation.check_open(person)
        entry = gateway.person(account)
    if person.kind != Kind.STUDENT:
        return person
    if entry is not None and entry.secret is Secret.INITIAL:
        return None
    # A crash between the directory and our own record is healed here.
    return person if person.has_own_password else activation.observed(person, at=at)


@sensitive_variables("typed", "password")
def _authenticated(request: HttpRequest, account: str, typed: str) -> Person:
    for password in readings(typed):
        person = authenticate(request, username=account, password=password)
        if isinstance(person, Person):
            return person
    raise PasswordRefused(Reason.WRONG)


def _activation_page(
    request: HttpRequest,
    form: ActivationForm,
    *,
    status: int = 200,
    initial_typed: bool = False,
) -> HttpResponse:
    context = {
        "form": form.without_secrets() if form.is_bound else form,
        **answers.password_rules(),
        "unavailable": status == answers.UNAVAILABLE,
        "initial_typed": initial_typed,
    }
    return answers.page(request, "signin/activate.html", context, status)


def _sign_in_page(
    request: HttpRequest, form: SignInForm, *, status: int = 200
) -> HttpResponse:
    target = wanted(request)
    context = {
        "form": form.without_secrets() if form.is_bound else form,
        "kept": keeps(request, target=target),
        "next": target,
        "unavailable": status == answers.UNAVAILABLE,
    }
    return answers.page(request, "signin/sign_in.html", context, status)
