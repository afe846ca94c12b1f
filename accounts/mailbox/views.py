"""E-mail, one thing a page: an address, the mailbox, the code, settings, a password."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.directory.errors import DirectoryError
from accounts.mailbox import addresses, client_settings, own_password, proof
from accounts.mailbox.forms import AddressForm, CodeForm, MailPasswordForm
from accounts.mailbox.standing import Code, Ready, Standing, standing_of
from accounts.people.models import Kind
from accounts.signin import answers, codes, terms
from accounts.signin.forms import sent
from accounts.signin.sessions import handle, person_of, signed_in

View = Callable[[HttpRequest], HttpResponse]
_FORM = require_http_methods(["GET", "HEAD", "POST"])
# Settings are public and change seldom.
_PUBLIC_SECONDS = 3600


def students(view: View) -> Callable[..., Any]:
    """Let in students whose account is active; send everybody else on their way."""

    @never_cache
    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        person = person_of(request)
        if person.kind != Kind.STUDENT or not person.has_own_password:
            return redirect("journey:journey")
        if terms.missing(person=person.pk):
            return redirect("signin:consent")
        return view(request)

    return guarded


@require_safe
@students
def mail(request: HttpRequest) -> HttpResponse:
    """Lead to the one thing that is next, or say what we are doing."""
    standing = _standing(request)
    if standing.ready in {Ready.NO_ADDRESS, Ready.TAKEN}:
        return redirect("mailbox:address")
    if standing.proved:
        return _page(request, "ready", standing, may_change=_may_change(request))
    if standing.ready is Ready.YES:
        return redirect("mailbox:code")
    return _page(request, "waiting", standing)


@_FORM
@students
def address(request: HttpRequest) -> HttpResponse:
    """Let the student choose an address; afterwards there is none to choose."""
    person = person_of(request)
    if not addresses.may_choose(person):
        return redirect("mailbox:mail")
    lost = False
    if request.method == "POST":
        try:
            addresses.choose(
                person=person,
                address=request.POST.get("address", ""),
                at=timezone.now(),
            )
        except addresses.AddressRefused:
            lost = bool(request.POST.get("address"))
        else:
            return redirect("mailbox:mail")
    offer = addresses.offer(person)
    form = AddressForm(sent(request), offered=offer.addresses)
    if lost and form.is_valid():
        form.add_error("address", _("Please choose an address again."))
    status = answers.MISTAKEN if form.is_bound else 200
    return _page(
        request, "address", _standing(request), status=status, form=form, offer=offer
    )


@_FORM
@students
def code(request: HttpRequest) -> HttpResponse:
    """Take the code that was sent to the mailbox; looking at the page uses none up."""
    standing = _standing(request)
    if standing.proved or not standing.address:
        return redirect("mailbox:mail")
    form = CodeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            proof.prove(
                person=person_of(request),
                typed=form.cleaned_data["code"],
                session=handle(request),
                at=timezone.now(),
            )
        except codes.CodeRefused:
            form.add_error("code", _refused())
        else:
            return redirect("mailbox:mail")
    if not form.is_bound and standing.ready is not Ready.YES:
        return redirect("mailbox:mail")
    status = answers.MISTAKEN if form.is_bound else 200
    return _page(request, "code", standing, status=status, form=form)


@require_POST
@students
def send(request: HttpRequest) -> HttpResponse:
    """Send a code, where there is a mailbox to send it to."""
    try:
        asked = proof.ask_for_code(
            person=person_of(request), session=handle(request), at=timezone.now()
        )
    except proof.NotReady:
        return redirect("mailbox:mail")
    if asked:
        return redirect("mailbox:code")
    standing = _standing(request)
    form = CodeForm()
    return _page(
        request, "code", standing, status=answers.TOO_SOON, form=form, too_soon=True
    )


@require_safe
@students
def client(request: HttpRequest) -> HttpResponse:
    """Show what a mail program has to know, ready to copy."""
    standing = _standing(request)
    if not standing.address:
        return redirect("mailbox:mail")
    return _page(
        request,
        "settings",
        standing,
        incoming=client_settings.incoming(),
        outgoing=client_settings.outgoing(),
        safety=client_settings.Safety,
        own_password=_has_own_password(request),
    )


@require_GET
@students
def apple(request: HttpRequest) -> HttpResponse:
    """Give the settings as a profile for Apple's devices, without a password."""
    standing = _standing(request)
    if not standing.address:
        return redirect("mailbox:mail")
    profile = client_settings.apple_profile(
        address=standing.address, name=person_of(request).display_name
    )
    response = HttpResponse(profile, content_type=client_settings.APPLE_TYPE)
    response["Content-Disposition"] = (
        'attachment; filename="leuphana-mail.mobileconfig"'
    )
    return response


@sensitive_post_parameters()
@_FORM
@students
def password(request: HttpRequest) -> HttpResponse:
    """Set an own password for e-mail, or a new one."""
    form = MailPasswordForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            own_password.choose(
                person=person_of(request),
                account_password=form.cleaned_data["password"],
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except own_password.SameAsAccount:
            form.add_error("new_password", _same())
        except answers.REFUSALS as refusal:
            status = answers.to_change(form, refusal)
        else:
            return redirect("mailbox:settings")
    context = {
        "form": form,
        "own_password": _has_own_password(request),
        **answers.password_rules(),
    }
    return answers.page(request, "mailbox/password.html", context, status)


@require_POST
@students
def remove_password(request: HttpRequest) -> HttpResponse:
    """Take the own password away: the account's opens e-mail again."""
    own_password.remove(person=person_of(request), at=timezone.now())
    return redirect("mailbox:settings")


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell a waiting page whether there is news."""
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    standing = _standing(request)
    etag = f'"{standing.version}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        facts = {"version": standing.version, "settled": not standing.waits}
        answer = JsonResponse(facts)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_safe
@cache_control(public=True, max_age=_PUBLIC_SECONDS)
def autoconfig(_request: HttpRequest) -> HttpResponse:
    """Give mail programs their settings: public, the same for every address."""
    return HttpResponse(
        client_settings.autoconfig(), content_type=client_settings.AUTOCONFIG_TYPE
    )


def _standing(request: HttpRequest) -> Standing:
    return standing_of(person_of(request).pk)


def _may_change(request: HttpRequest) -> bool:
    return addresses.may_choose(person_of(request))


def _has_own_password(request: HttpRequest) -> bool | None:
    """Say whether there is one; nothing where the directory does not answer."""
    try:
        return own_password.is_set(person_of(request))
    except DirectoryError:
        return None


def _page(
    request: HttpRequest,
    name: str,
    standing: Standing,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {
        "standing": standing,
        "ready": {one.name: one for one in Ready},
        "codes": {one.name: one for one in Code},
        "web_mail": settings.MAIL_WEB_URL,
        **more,
    }
    return render(request, f"mailbox/{name}.html", context, status=status)


def _refused() -> str:
    return _(
        "This code is not valid. Only the newest one counts, for fifteen minutes and"
        " five tries, in the browser that asked for it. You can ask for another one."
    )


def _same() -> str:
    return _("Choose another password than the one of your Leuphana account.")
