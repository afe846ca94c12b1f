"""Whether a second factor was proved in a session; what it is, knows accounts.factors.

A session is its owner's from the password on, and becomes one of the staff only here.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from accounts.people.models import Person

_PROVED = "second_factor"


def proved(request: HttpRequest) -> bool:
    """Say whether whoever is signed in proved a second factor in this session."""
    return _within(request, settings.SECOND_FACTOR_LASTS)


def recently_proved(request: HttpRequest) -> bool:
    """Say whether that was at most STEP_UP_MINUTES ago, however long it lasts."""
    return _within(request, settings.STEP_UP_LASTS)


def note_proof(session: SessionBase, *, person: Person, at: datetime) -> None:
    """Note that this person just proved a second factor in this session."""
    session[_PROVED] = (person.pk, int(at.timestamp()))


def forget_proof(session: SessionBase) -> None:
    """Have the second factor proved anew."""
    session.pop(_PROVED, None)


def _within(request: HttpRequest, lasts: timedelta) -> bool:
    whose, at = request.session.get(_PROVED, (None, 0))
    age = timezone.now().timestamp() - at
    mine = whose is not None and whose == request.user.pk
    return bool(mine and age <= lasts.total_seconds())
