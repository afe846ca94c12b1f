"""Sessions: thirty idle minutes, renewed by use; what was typed survives their end."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.people.models import Person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# A session is written at most so often, not at every request.
RENEW_AFTER_SECONDS = 60
_SEEN = "seen"
_KEPT = "kept"
_WHOSE = "whose"
_HANDLE = "handle"
_SECRETS = ("password", "code", "secret", "csrf", "initial", _WHOSE)


def renewed_by_use(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the end of a session off whenever somebody does something.

    The status poll sets ``request.idle``, and a page that brings itself up to date says
    so: a page that looks by itself is nobody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        idle = getattr(request, "idle", False) or "X-Renew" in request.headers
        if idle or not request.session.get(_SEEN):
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
    """Ask for a sign-in first; what was sent in vain is kept for whose form it is."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        keep(request)
        return redirect_to_login(request.path)

    return guarded


def whose(person: Person) -> str:
    """Give the mark of a form whose fields are kept: whom it was shown to."""
    return salted_hmac("accounts.signin.sessions", str(person.pk)).hexdigest()


def keep(request: HttpRequest) -> bool:
    """Keep what was sent in vain, secrets excepted, for whom the form was shown to.

    Says whether anything is kept. A form without a mark says nothing of whose it is.
    """
    mark, user = request.POST.get(_WHOSE, ""), request.user
    strange = isinstance(user, Person) and not _is_of(user, mark)
    if not mark or strange or not _harmless(request):
        return False
    return _put(request, mark)


def hold(request: HttpRequest) -> None:
    """Keep what somebody who is signed in sent here too early, secrets excepted.

    A bare press of a button is kept as well.
    """
    _put(request, whose(person_of(request)))


def drop_what_is_not_of(person: Person, request: HttpRequest) -> None:
    """Forget what somebody else sent from this browser."""
    held = request.session.get(_KEPT)
    if held and not _is_of(person, held[_WHOSE]):
        del request.session[_KEPT]


def keeps(request: HttpRequest, *, target: str) -> bool:
    """Say whether something waits that was sent to this page too late."""
    held = request.session.get(_KEPT)
    return held is not None and held["path"] == _path(target)


def kept(request: HttpRequest) -> dict[str, str]:
    """Give what this person sent to this page in vain, once; a field's last value."""
    return {name: values[-1] for name, values in kept_whole(request).items()}


def kept_whole(request: HttpRequest) -> dict[str, list[str]]:
    """Give what this person sent to this page in vain, once, every value of it."""
    drop_what_is_not_of(person_of(request), request)
    held = request.session.get(_KEPT)
    if not held or held["path"] != request.path:
        return {}
    del request.session[_KEPT]
    return dict(held["fields"])


def person_of(request: HttpRequest) -> Person:
    """Give the person who is signed in; only for views that asked for it."""
    assert isinstance(request.user, Person)  # noqa: S101 - `signed_in` saw to it
    return request.user


def _put(request: HttpRequest, mark: str) -> bool:
    if request.method != "POST":
        return False
    fields = _harmless(request)
    request.session[_KEPT] = {"path": request.path, "fields": fields, _WHOSE: mark}
    return True


def _is_of(person: Person, mark: str) -> bool:
    return constant_time_compare(mark, whose(person))


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
