"""The guards of this room's pages, and what a session says of the second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.factors.keeping import may_begin
from accounts.people.models import Person
from accounts.people.roles import SECOND_FACTOR
from accounts.signin import second
from accounts.signin.guard import roles_of
from accounts.signin.sessions import person_of, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# For so long somebody may set up a new factor who used the code of the way back.
_BACK, _BACK_LASTS = "way_back", 30 * 60


def asked_of(view: View[P]) -> View[P]:
    """Let in who has a role that asks for a second factor, proved or not yet."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if roles_of(person=person_of(request)).isdisjoint(SECOND_FACTOR):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(signed_in(guarded))


def may_add(request: HttpRequest) -> bool:
    """Say whether a factor may be added in this session."""
    return may_begin(
        person=person_of(request),
        proved=second.recently_proved(request),
        back=is_back(request),
    )


def come_back(request: HttpRequest) -> None:
    """Note that the code of the way back was used in this session."""
    request.session[_BACK] = (person_of(request).pk, _seconds())


def is_back(request: HttpRequest) -> bool:
    """Say whether the code of the way back was used in this session, lately."""
    whose, at = request.session.get(_BACK, (None, 0))
    return bool(whose == person_of(request).pk and _seconds() - at <= _BACK_LASTS)


def enter_as_staff(request: HttpRequest, person: Person) -> None:
    """Make this session one of the staff, under a new key."""
    request.session.cycle_key()
    request.session.pop(_BACK, None)
    second.note_proof(request.session, person=person, at=timezone.now())


def _seconds() -> int:
    return int(timezone.now().timestamp())
