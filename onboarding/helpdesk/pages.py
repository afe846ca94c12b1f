"""What a remedy answers: back to the record, or why nothing was done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from onboarding.helpdesk.doors import Visit
from onboarding.helpdesk.refusals import Refused

CONFLICT = 409


def done(
    request: HttpRequest, visit: Visit, what: str, act: Callable[[], None]
) -> HttpResponse:
    """Act, and lead back to the record, which says ``what`` was done."""
    try:
        act()
    except Refused as refused:
        return refusal(request, visit, refused)
    url = reverse("helpdesk:person", args=[visit.person.pk])
    return redirect(f"{url}?done={what}")


def refusal(request: HttpRequest, visit: Visit, refused: Refused) -> HttpResponse:
    """Say why nothing was done."""
    context = {"visit": visit, "refused": str(refused)}
    return render(request, "helpdesk/refused.html", context, status=CONFLICT)
