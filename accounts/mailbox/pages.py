"""Who is let in to the pages of e-mail, and what all of them are told."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.mailbox.standing import Code, Ready, Standing, standing_of
from accounts.people.models import Kind
from accounts.signin import terms
from accounts.signin.sessions import person_of, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Studies(Protocol):
    """Whether a person (id) is a student on a day: a room above knows."""

    def __call__(self, person_id: int, /, *, on: date) -> bool:
        """Say it."""
        ...


def students(view: View[P]) -> Callable[..., Any]:
    """Let in students whose account is active; send everybody else on their way."""

    @never_cache
    @signed_in
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        person = person_of(request)
        if person.kind != Kind.STUDENT or not person.has_own_password:
            return redirect("journey:journey")
        if terms.missing(person=person.pk):
            return redirect("signin:consent")
        return view(request, *args, **kwargs)

    return guarded


def my_standing(request: HttpRequest) -> Standing:
    """Say how far whoever is signed in is with e-mail."""
    return standing_of(person_of(request).pk)


def page(
    request: HttpRequest,
    name: str,
    standing: Standing,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """Show a page of this room."""
    context = {
        "standing": standing,
        "ready": {one.name: one for one in Ready},
        "codes": {one.name: one for one in Code},
        "web_mail": settings.MAIL_WEB_URL,
        **more,
    }
    return render(request, f"mailbox/{name}.html", context, status=status)
