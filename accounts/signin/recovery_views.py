"""A lost password, a changed one, and the private address that helps."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.people.models import Kind, Person
from accounts.signin import addresses, answers, change, codes
from accounts.signin.forms import (
    CodeForm,
    ForgottenForm,
    NewPasswordForm,
    OwnershipForm,
    PasswordChangeForm,
    RecoveryForm,
    sent,
)
from accounts.signin.models import Purpose, RecoveryAddress
from accounts.signin.sessions import handle, kept, person_of, signed_in, whose
from accounts.signin.views import enter

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_FORM
@sensitive_post_parameters()
@signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the own password, which ends all other sessions."""
    form = PasswordChangeForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        person = person_of(request)
        try:
            change.change(
                person=person,
                old=form.cleaned_data["password"],
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except answers.REFUSALS as refusal:
            status = answers.to_change(form, refusal)
        else:
            person.refresh_from_db()
            enter(request, person)
            return redirect("signin:changed")
    context = {"form": form, **answers.password_rules()}
    return answers.page(request, "signin/password_change.html", context, status)


@never_cache
@signed_in
def changed(request: HttpRequest) -> HttpResponse:
    """Say that the password was changed, and what follows."""
    return render(request, "signin/password_changed.html")


@never_cache
@_FORM
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a code to the proved private address; the answer is always the same."""
    form = ForgottenForm(sent(request))
    if request.method == "POST" and form.is_valid():
        change.ask_for_new(
            account=form.cleaned_data["account"],
            session=handle(request),
            at=timezone.now(),
        )
        return redirect("signin:new_password")
    status = answers.MISTAKEN if form.is_bound else 200
    return render(
        request, "signin/password_forgotten.html", {"form": form}, status=status
    )


@never_cache
@_FORM
@sensitive_post_parameters()
def new_password(request: HttpRequest) -> HttpResponse:
    """Take the mailed code and the new password together."""
    form = NewPasswordForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            person = change.recover(
                typed=form.cleaned_data["code"],
                session=handle(request),
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except codes.CodeRefused:
            form.add_error("code", _code_refused())
        except answers.REFUSALS as refusal:
            status = answers.to_recovery(form, refusal)
        else:
            enter(request, person)
            return redirect("signin:changed")
    context = {"form": form, **answers.password_rules()}
    return answers.page(request, "signin/password_new.html", context, status)


@never_cache
@_FORM
@sensitive_post_parameters()
@signed_in
def recovery(request: HttpRequest) -> HttpResponse:
    """Take the private address that a code may be sent to, or drop it."""
    person = person_of(request)
    if person.kind != Kind.STUDENT:
        # The staff's passwords are kept elsewhere.
        return redirect("journey:journey")
    proved = RecoveryAddress.objects.filter(person=person).first()
    removing = request.method == "POST" and "remove" in request.POST
    removal = OwnershipForm(request.POST if removing else None, prefix="removal")
    suggestion = person.private_email if proved is None else ""
    form = RecoveryForm(
        None if removing else sent(request),
        initial={"address": suggestion, **kept(request)},
        own_domain=settings.MAIL_DOMAIN,
    )
    if request.method != "POST":
        status = 200
    elif removing:
        status = _removed(person, removal)
    else:
        status = _asked_for(request, form)
    if not status:
        return redirect("signin:recovery" if removing else "signin:recovery_code")
    context = {
        "form": form,
        "removal": removal,
        "proved": proved,
        "whose": whose(person),
    }
    return answers.page(request, "signin/recovery.html", context, status)


@never_cache
@_FORM
@signed_in
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Take the code that was mailed to the private address."""
    address = request.session.get("proving")
    if not address:
        return redirect("signin:recovery")
    form = CodeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            code = codes.use(
                typed=form.cleaned_data["code"],
                purpose=Purpose.PROVE_ADDRESS,
                session=handle(request),
                person=person_of(request),
                at=now,
            )
        except codes.CodeRefused:
            form.add_error("code", _code_refused())
        else:
            addresses.prove(code=code, at=now)
            del request.session["proving"]
            return redirect("journey:journey")
    status = answers.MISTAKEN if form.is_bound else 200
    context = {"form": form, "address": address}
    return render(request, "signin/recovery_code.html", context, status=status)


def _removed(person: Person, form: OwnershipForm) -> int:
    """Drop the address; give the HTTP status of a refusal, or zero."""
    if not form.is_valid():
        return answers.MISTAKEN
    password = form.cleaned_data["password"]
    try:
        addresses.remove(person=person, account_password=password, at=timezone.now())
    except answers.REFUSALS as refusal:
        return answers.to_change(form, refusal)
    return 0


def _asked_for(request: HttpRequest, form: RecoveryForm) -> int:
    """Have a code sent; give the HTTP status of a refusal, or zero."""
    if not form.is_valid():
        return answers.MISTAKEN
    address = form.cleaned_data["address"]
    try:
        asked = addresses.ask_for_code(
            person=person_of(request),
            account_password=form.cleaned_data["password"],
            address=address,
            session=handle(request),
            at=timezone.now(),
        )
    except answers.REFUSALS as refusal:
        return answers.to_change(form, refusal)
    if not asked:
        form.add_error(None, _too_many())
        return answers.TOO_SOON
    request.session["proving"] = address
    return 0


def _too_many() -> str:
    return _(
        "A code has just been sent. Please wait a minute before you ask for another"
        " one; there are six an hour at most."
    )


def _code_refused() -> str:
    return _(
        "This code is not valid. Only the newest one counts, for fifteen minutes and"
        " five tries, in the browser that asked for it. You can ask for another one."
    )
