"""E-mail in mail programs: what to type, what to load, a password of its own."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.directory.connection import in_a_hurry
from accounts.directory.errors import DirectoryError
from accounts.mailbox import client_settings, own_password
from accounts.mailbox.forms import MailPasswordForm
from accounts.mailbox.pages import my_standing, page, students
from accounts.signin import answers
from accounts.signin.forms import OwnershipForm, sent
from accounts.signin.sessions import person_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
# Settings are public and change seldom.
_PUBLIC_SECONDS = 3600


@require_safe
@students
def client(request: HttpRequest) -> HttpResponse:
    """Show what a mail program has to know, ready to copy."""
    standing = my_standing(request)
    if not standing.address:
        return redirect("mailbox:mail")
    return page(
        request,
        "settings",
        standing,
        incoming=client_settings.incoming(),
        outgoing=client_settings.outgoing(),
        # By name: a template would call the class itself.
        safety={one.name: one for one in client_settings.Safety},
        own_password=_has_own_password(request),
    )


@require_GET
@students
def apple(request: HttpRequest) -> HttpResponse:
    """Give the settings as a profile for Apple's devices, without a password."""
    standing = my_standing(request)
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
    if not my_standing(request).address:
        return redirect("mailbox:mail")
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
    return _password_page(request, form=form, removal=_removal(), status=status)


@sensitive_post_parameters()
@require_POST
@students
def remove_password(request: HttpRequest) -> HttpResponse:
    """Take the own password away: the account's opens e-mail again."""
    removal, status = _removal(request.POST), answers.MISTAKEN
    if removal.is_valid():
        try:
            own_password.remove(
                person=person_of(request),
                account_password=removal.cleaned_data["password"],
                at=timezone.now(),
            )
        except answers.REFUSALS as refusal:
            status = answers.to_change(removal, refusal)
        else:
            return redirect("mailbox:settings")
    return _password_page(
        request, form=MailPasswordForm(), removal=removal, status=status
    )


@require_safe
@cache_control(public=True, max_age=_PUBLIC_SECONDS)
def autoconfig(_request: HttpRequest) -> HttpResponse:
    """Give mail programs their settings: public, the same for every address."""
    return HttpResponse(
        client_settings.autoconfig(), content_type=client_settings.AUTOCONFIG_TYPE
    )


def _removal(typed: QueryDict | None = None) -> OwnershipForm:
    return OwnershipForm(typed, prefix="removal")


def _password_page(
    request: HttpRequest, *, form: Form, removal: Form, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "removal": removal,
        # Whoever is told that the removal did not work has one to remove.
        "own_password": removal.is_bound or _has_own_password(request),
        "unavailable": status == answers.UNAVAILABLE,
        **answers.password_rules(),
    }
    return answers.page(request, "mailbox/password.html", context, status)


def _has_own_password(request: HttpRequest) -> bool | None:
    """Say whether there is one; nothing where the directory does not answer."""
    try:
        with in_a_hurry():
            return own_password.is_set(person_of(request))
    except DirectoryError:
        return None


def _same() -> str:
    return _("Choose another password than the one of your Leuphana account.")
