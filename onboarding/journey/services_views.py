"""The catalogue of services: anybody may read it, students see what is for them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.service import Group
from accounts.catalogue.shown import service
from accounts.signin.sessions import person_of
from onboarding.journey.services import ACCOUNTS, Reader, reader_of, sections, ways


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """List the services, with what each is for."""
    reader = _reader(request)
    # The Professional School has a platform for each programme.
    elsewhere = bool(reader.schools) and not reader.schools & COLLEGE_AND_GRADUATE
    context = {"sections": sections(reader), "elsewhere": elsewhere}
    return render(request, "services/everything.html", context)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Say what a service is for, what opens it, where it is, and who helps."""
    found = service(key)
    if found is None:
        raise Http404
    context = {
        "service": found,
        "body": found.group is Group.HELP,
        "account": ACCOUNTS[found.account],
        "support": service(found.support),
        "ways": ways(found, language=get_language() or ""),
        "for_you": _reader(request).needs(found),
        "guide": f"services/guides/{found.key}.html" if found.guide else "",
    }
    return render(request, "services/one.html", context)


def _reader(request: HttpRequest) -> Reader:
    return reader_of(person_of(request) if request.user.is_authenticated else None)
