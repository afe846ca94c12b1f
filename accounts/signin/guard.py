"""Who of the staff may see a page: roles are groups in the directory, read live.

A role whose work opens more than names (``SECOND_FACTOR``) holds in a session only
once a second factor was proved in it. Every page of the staff asks here, and nowhere
else: ``staff`` and ``with_roles`` lead to the proof, ``roles_in`` gives what holds.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.directory import gateway
from accounts.directory.errors import DirectoryUnavailable
from accounts.people.models import Person
from accounts.people.roles import SECOND_FACTOR, Role
from accounts.signin import second
from accounts.signin.sessions import hold, person_of, signed_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

# How old a role may be where nobody asks anew; pages and acts of the staff do.
OLDEST_SECONDS = 60
_SHOWING = frozenset({"GET", "HEAD", "OPTIONS"})


def staff(*allowed: Role) -> Callable[[View[P]], View[P]]:
    """Let in who has one of these roles; raises DirectoryUnavailable.

    A role that was taken away is gone with the next request. Where the directory is
    down, pages that only show go by what it said within the last minute.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            mine = _now(request) & frozenset(allowed)
            if not mine:
                raise PermissionDenied
            if not held(request, mine):
                return to_the_proof(request)
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def with_roles(view: View[P]) -> View[P]:
    """Let in who is signed in, after the proof where a role of theirs asks for it."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if owes(request):
            return to_the_proof(request)
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def roles_in(request: HttpRequest, *, live: bool = False) -> frozenset[Role]:
    """Give the roles that hold in this session; raises DirectoryUnavailable."""
    return held(request, roles_of(person=person_of(request), live=live))


def held(request: HttpRequest, roles: frozenset[Role]) -> frozenset[Role]:
    """Give those of somebody's roles that hold in this session."""
    return roles if second.proved(request) else roles - SECOND_FACTOR


def owes(request: HttpRequest) -> bool:
    """Say whether a role of theirs waits for the proof; raises DirectoryUnavailable."""
    roles = roles_of(person=person_of(request))
    return held(request, roles) != roles


def roles_of(*, person: Person, live: bool = False) -> frozenset[Role]:
    """Give a person's roles, live or at most a minute old; raises DirectoryUnavailable.

    Whoever has no entry any more has no role. Whether a role holds in a session says
    ``roles_in``.
    """
    key = f"roles:{person.pk}"
    known: frozenset[Role] | None = None if live else cache.get(key)
    if known is None:
        known = _ask(person.account_name)
        cache.set(key, known, OLDEST_SECONDS)
    return known


def to_the_proof(request: HttpRequest) -> HttpResponse:
    """Lead to the second factor, and back here; keep what was sent."""
    hold(request)
    return proof_before(request.get_full_path())


def proof_before(target: str) -> HttpResponse:
    """Lead to the second factor, and then to a page of ours."""
    back = urlencode({"next": target}, safe="/")
    return redirect(f"{reverse('factors:step')}?{back}")


def _now(request: HttpRequest) -> frozenset[Role]:
    person = person_of(request)
    try:
        return roles_of(person=person, live=True)
    except DirectoryUnavailable:
        if request.method not in _SHOWING:
            raise
        return roles_of(person=person)


def _ask(account_name: str) -> frozenset[Role]:
    name = gateway.name_of(account_name)
    if not name:
        return frozenset()
    groups = gateway.roles_of(name)
    return frozenset(role for role in Role if role.value in groups)
