"""The lead of the help desk gives a colleague a way back."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.directory import gateway
from accounts.factors import keeping
from accounts.factors.forms import ResetForm
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import kept, person_of
from accounts.signin.step_up import freshly


@dataclass(frozen=True)
class Colleague:
    """Somebody, as directory and portal know them."""

    person: Person
    name: str


@never_cache
@staff(Role.HELP_DESK_LEAD)
@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("code")
def reset(request: HttpRequest) -> HttpResponse:
    """Ask whom and how it was checked, show who it is, then do it."""
    form = ResetForm(sent(request), initial=kept(request))
    if not (form.is_bound and form.is_valid()):
        return _form_page(request, form)
    colleague = _found(form.cleaned_data["account"])
    if colleague is None:
        form.add_error(
            "account", _("Nobody of this name has set up a second factor here.")
        )
        return _form_page(request, form)
    if colleague.person.pk == person_of(request).pk:
        form.add_error("account", _("Another lead does this for you."))
        return _form_page(request, form)
    context = {"form": form, "colleague": colleague}
    if "sure" not in request.POST:
        return render(request, "factors/reset_sure.html", context)
    code = _done(request, colleague, form.cleaned_data["check"])
    return render(request, "factors/reset_done.html", {**context, "code": code})


def _done(request: HttpRequest, colleague: Colleague, check: str) -> str:
    try:
        return keeping.help_back(
            person=colleague.person,
            by=person_of(request),
            check=check,
            at=timezone.now(),
        )
    except keeping.NotAllowed as own:
        raise PermissionDenied from own


def _found(account: str) -> Colleague | None:
    person = Person.objects.filter(account_name=account).first()
    if person is None or not person.factors.exists():
        return None
    entry = gateway.person(account)
    name = entry.one("display_name") if entry else ""
    return Colleague(person, name or person.display_name)


def _form_page(request: HttpRequest, form: ResetForm) -> HttpResponse:
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "factors/reset.html", {"form": form}, status=status)
