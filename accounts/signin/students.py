"""The guard of pages that are a student's own."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.people.models import Kind
from accounts.signin import terms
from accounts.signin.sessions import person_of, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def students(view: View[P]) -> View[P]:
    """Let in students who agreed to what is in force; asks no directory."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        person = person_of(request)
        if person.kind != Kind.STUDENT:
            return redirect("journey:journey")
        if terms.missing(person=person.pk):
            return redirect("signin:consent")
        return view(request, *args, **kwargs)

    return never_cache(signed_in(guarded))
