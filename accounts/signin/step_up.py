"""Proving once more who it is, before an act that is worth it.

A session that somebody left open opens no remedy: ``freshly`` asks for the own password
again where it was typed too long ago (STEP_UP_MINUTES, 15 by default), counts wrong
ones like those at signing in, and leads back to where somebody was. What was sent
meanwhile waits in the session, without secrets, and is shown again before it counts.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.directory import gateway, passwords
from accounts.directory.errors import PasswordRefused, Reason
from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import throttle
from accounts.signin.sessions import hold, keeps, kept_whole

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_PASSWORD = "password_at"  # noqa: S105 - the name of a moment
_SHOWING = frozenset({"GET", "HEAD"})
_LEADING_ON = range(300, 400)


def recently_proved(request: HttpRequest) -> bool:
    """Say whether this session's own proof is at most STEP_UP_MINUTES old."""
    return _is_recent(request.session.get(_PASSWORD), at=timezone.now())


def freshly(view: View[P]) -> View[P]:
    """Ask for the own password again where it was proved too long ago.

    Stands below the guard that asks for a sign-in and above ``require_POST``. A form
    shows what was typed by ``initial=kept(request)``; what no page takes up is
    shown for confirmation.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if not recently_proved(request):
            return _led_to_the_proof(request)
        answer = view(request, *args, **kwargs)
        shown = request.method in _SHOWING and not _leads_on(answer)
        if shown and keeps(request, target=request.path):
            return _shown_again(request, kept_whole(request))
        return answer

    return guarded


def note_password(request: HttpRequest, *, at: datetime) -> None:
    """Note that the password was just proved in this session."""
    request.session[_PASSWORD] = int(at.timestamp())


@sensitive_variables("password")
def prove(*, person: Person, password: str, at: datetime) -> None:
    """Prove the own password (normalised) again, counted like signing in.

    Raises throttle.Waiting, PasswordRefused or another DirectoryError.
    """
    with throttle.one_try(account=person.account_name, at=at) as attempt:
        entry = gateway.person(person.account_name)
        attempt.succeeded = passwords.proves(entry=entry, password=password)
    what = "proved_again" if attempt.succeeded else "proof_refused"
    record(what=what, at=at, whom=person.pk, who=person.pk)
    if not attempt.succeeded:
        raise PasswordRefused(Reason.WRONG)


def _leads_on(answer: HttpResponseBase) -> bool:
    return answer.status_code in _LEADING_ON


def _is_recent(moment: int | None, *, at: datetime) -> bool:
    if moment is None:
        return False
    return at.timestamp() - moment <= settings.STEP_UP_LASTS.total_seconds()


def _led_to_the_proof(request: HttpRequest) -> HttpResponseBase:
    hold(request)
    back = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('signin:again')}?{back}")


def _shown_again(
    request: HttpRequest, fields: Mapping[str, list[str]]
) -> HttpResponseBase:
    context = {
        "fields": [(name, one) for name, values in fields.items() for one in values],
        "address": request.get_full_path(),
    }
    return render(request, "signin/once_more.html", context)
