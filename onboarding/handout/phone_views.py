"""What phones ask and say: JSON, never kept by any cache, 401 where nobody is."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from accounts.people.roles import Role
from accounts.signin.guard import held, roles_in, roles_of
from accounts.signin.sessions import person_of
from onboarding.cards.handles import handle_of
from onboarding.cards.refusals import ActDiffers
from onboarding.handout import phones
from onboarding.handout.conflicts import decided
from onboarding.handout.models import Phone
from onboarding.handout.outcomes import DONE, SHUT_OUT, in_words
from onboarding.handout.receiving import Sent, receive
from onboarding.handout.roster import roster as todays_list
from onboarding.handout.turns import groups_of, is_over

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
HANDING_OUT = frozenset({Role.TUTOR, Role.COORDINATOR})
# A day in the hall, without a sign-in between two students.
SESSION = int(timedelta(hours=12).total_seconds())
CREATED, UNKNOWN, DIFFERS, GONE, KEPT = 201, 404, 409, 410, 422
UNREADABLE, SIGNED_OUT, FORBIDDEN = 400, 401, 403
MOST_BYTES = 10_000


def phone_asks(*methods: str, late: bool = False) -> Callable[[View[P]], View[P]]:
    """Let in tutors and the coordinator; ``late`` also whoever was one with a phone.

    What such a phone still has is taken, and waits for the coordinator.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                return _said({}, status=SIGNED_OUT)
            person = person_of(request)
            live = request.method not in {"GET", "HEAD"}
            roles = roles_of(person=person, live=live) & HANDING_OUT
            mine = held(request, roles)
            if roles and not mine:
                # The sign-in leads to the second factor, then back into the app.
                return _said({}, status=SIGNED_OUT)
            if not mine and not (late and person.phones.exists()):
                return _said({}, status=FORBIDDEN)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return guarded

    return guard


@phone_asks("GET", "HEAD")
def ready(request: HttpRequest) -> HttpResponse:
    """Say who is signed in, what time it is, and with what token to send."""
    now, person = timezone.now(), person_of(request)
    request.idle = True  # type: ignore[attr-defined]
    return _said(
        {
            "csrf": get_token(request),
            "me": handle_of(person, on=timezone.localdate(now)),
            "name": person.display_name,
            "now": now.isoformat(),
        }
    )


@phone_asks("PUT")
def phone(request: HttpRequest, key: UUID) -> HttpResponse:
    """Enrol this phone, or hear that it is still there."""
    said = _read(request)
    if said is None:
        return _said({}, status=UNREADABLE)
    try:
        here = phones.enrol(
            key=key, person=person_of(request), word=_word(said), at=timezone.now()
        )
    except phones.NotYours:
        return _said({}, status=FORBIDDEN)
    if here.shut_out_at is not None:
        return _gone()
    request.session.set_expiry(SESSION)
    return _emptied(_said({}), request, said)


@phone_asks("GET", "HEAD")
def roster(request: HttpRequest) -> HttpResponse:
    """Give today's list to a phone that is enrolled and not shut out."""
    person = person_of(request)
    here = phones.phone_of(person, request.GET.get("phone", ""))
    if here is None:
        return _said({}, status=UNKNOWN)
    if here.shut_out_at is not None:
        return _gone()
    at = timezone.now()
    return _said(
        {**todays_list(person=person, at=at), "decided": decided(person=person, at=at)}
    )


@phone_asks("PUT", late=True)
def act(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take one act: 201 done, 200 done before, 422 kept for the coordinator."""
    body, person = _read(request), person_of(request)
    if body is None:
        return _said({}, status=UNREADABLE)
    here = phones.phone_of(person, str(body.get("phone", "")))
    if here is None:
        # Somebody else's: it stays there until they sign in again.
        return _said({}, status=FORBIDDEN)
    try:
        return _told(request, key, here, body)
    except ActDiffers as differs:
        more = {"outcome": differs.code, "sentence": in_words(differs.code)}
        return _said(more, status=DIFFERS)


def _told(
    request: HttpRequest, key: UUID, here: Phone, body: dict[str, Any]
) -> HttpResponse:
    sent = Sent(
        id=key,
        phone=here,
        by=person_of(request),
        roles=roles_in(request),
        body=body,
        noted_at=timezone.now(),
    )
    answer = receive(sent)
    told = {
        **answer.more,
        "outcome": answer.outcome,
        "sentence": in_words(answer.outcome),
    }
    if answer.outcome == DONE:
        return _said(told, status=CREATED if answer.new else 200)
    return _said(told, status=GONE if answer.outcome == SHUT_OUT else KEPT)


def _word(said: dict[str, Any]) -> phones.Word:
    waiting = said.get("waiting")
    return phones.Word(
        device=str(said.get("device", ""))[:32],
        waiting=waiting if isinstance(waiting, int) and waiting >= 0 else 0,
        app=str(said.get("app", ""))[:32],
    )


def _read(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
    except ValueError:
        return None
    return _writable(said) if isinstance(said, dict) else None


def _writable(said: Any) -> Any:
    """Give what was said as every database takes it.

    PostgreSQL knows no zero sign and no half of a surrogate pair; an act that it
    refused would come again and again, and hold up all behind it.
    """
    if isinstance(said, str):
        return said.replace("\0", "?").encode(errors="replace").decode()
    if isinstance(said, list):
        return [_writable(one) for one in said]
    if isinstance(said, dict):
        return {_writable(key): _writable(one) for key, one in said.items()}
    return said


def _emptied(
    response: HttpResponse, request: HttpRequest, said: dict[str, Any]
) -> HttpResponse:
    """Have a phone forget everything once the week is over and it has said it all.

    An act that it has not sent yet is worth more than an empty phone.
    """
    now, person = timezone.now(), person_of(request)
    finished = said.get("waiting") == 0 and is_over(at=now)
    if (
        finished
        and Role.COORDINATOR not in roles_in(request)
        and not groups_of(person.account_name, at=now)
    ):
        # W3C, Clear Site Data: what the app keeps; the sign-in stays.
        response["Clear-Site-Data"] = '"storage"'
    return response


def _gone() -> HttpResponse:
    told = {"outcome": SHUT_OUT, "sentence": in_words(SHUT_OUT)}
    return _said(told, status=GONE)


def _said(told: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = JsonResponse(told, status=status)
    response["Cache-Control"] = "no-store"
    return response
