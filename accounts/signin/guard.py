"""Who of the staff may see a page: roles are groups in the directory, read live."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.directory import gateway
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin.sessions import person_of, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# How old a role may be on a page that only shows; acts read it live.
OLDEST_SECONDS = 60
_SHOWING = frozenset({"GET", "HEAD", "OPTIONS"})


def staff(*allowed: Role) -> Callable[[View[P]], View[P]]:
    """Let in who has one of these roles; raises DirectoryUnavailable."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            live = request.method not in _SHOWING
            if roles_of(person=person_of(request), live=live).isdisjoint(allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def roles_of(*, person: Person, live: bool = False) -> frozenset[Role]:
    """Give a person's roles, live or at most a minute old; raises DirectoryUnavailable.

    Whoever has no entry any more has no role.
    """
    key = f"roles:{person.pk}"
    known: frozenset[Role] | None = None if live else cache.get(key)
    if known is None:
        known = _ask(person.account_name)
        cache.set(key, known, OLDEST_SECONDS)
    return known


def _ask(account_name: str) -> frozenset[Role]:
    name = gateway.name_of(account_name)
    if not name:
        return frozenset()
    groups = gateway.roles_of(name)
    return frozenset(role for role in Role if role.value in groups)
