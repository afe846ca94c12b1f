"""Sessions: thirty idle minutes, renewed by use; what was typed survives their end."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from accounts.people.models import Person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# A session is written at most so often, not at every request.
RENEW_AFTER_SECONDS = 60
_SEEN = "seen"
_KEPT = "kept"
_HANDLE = "handle"
_SECRETS = ("password", "code", "secret", "csrf", "initial")


def renewed_by_use(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the end of a session off whenever somebody does something.

    The status poll sets ``request.idle``: a page that looks by itself is nobody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "idle", False) or not request.session.get(_SEEN):
            return response
        now = int(timezone.now().timestamp())
        if now - request.session[_SEEN] > RENEW_AFTER_SECONDS:
            request.session[_SEEN] = now
        return response

    return middleware


def begin(request: HttpRequest) -> None:
    """Note the start of a signed-in session, so that use renews it."""
    request.session[_SEEN] = int(timezone.now().timestamp())


def handle(request: HttpRequest) -> str:
    """Give a random name for this browser's session that outlives a sign-in.

    Codes are bound to it; the session's own key changes when somebody signs in.
    """
    if _HANDLE not in request.session:
        request.session[_HANDLE] = secrets.token_urlsafe(24)
    return str(request.session[_HANDLE])


def signed_in(view: View[P]) -> View[P]:
    """Ask for a sign-in first; what was sent in vain is kept, secrets excepted."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        hold(request)
        return redirect_to_login(request.path)

    return guarded


def hold(request: HttpRequest) -> None:
    """Keep what was sent here in vain, secrets excepted, until ``kept`` takes it up."""
    if request.method == "POST" and (fields := _harmless(request)):
        request.session[_KEPT] = {"path": request.path, "fields": fields}


def keeps(request: HttpRequest, *, target: str) -> bool:
    """Say whether something waits that was sent to this page too late."""
    held = request.session.get(_KEPT)
    return held is not None and held["path"] == _path(target)


def kept(request: HttpRequest) -> dict[str, str]:
    """Give what was sent to this page in vain, once; the last value of each field."""
    return {name: values[-1] for name, values in kept_whole(request).items()}


def kept_whole(request: HttpRequest) -> dict[str, list[str]]:
    """Give what was sent to this page in vain, once, with every value of a field."""
    held = request.session.get(_KEPT)
    if not held or held["path"] != request.path:
        return {}
    del request.session[_KEPT]
    return dict(held["fields"])


def person_of(request: HttpRequest) -> Person:
    """Give the person who is signed in; only for views that asked for it."""
    assert isinstance(request.user, Person)  # noqa: S101 - `signed_in` saw to it
    return request.user


def _path(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError:
        return ""


def _harmless(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: [str(value)[:1000] for value in values[:50]]
        for name, values in list(request.POST.lists())[:50]
        if not any(secret in name.lower() for secret in _SECRETS)
    }
