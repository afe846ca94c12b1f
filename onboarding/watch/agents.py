"""Who may look at the board."""

from django.http import HttpRequest

from accounts.people.roles import Role
from onboarding.helpdesk.agents import DESK

# Figures for all of these; the people behind them for the desk alone.
WATCHING = (*DESK, Role.COORDINATOR, Role.AUDITOR)


def note_renewal(request: HttpRequest) -> None:
    """Note whether a page asks by itself: then the session ends as if nobody had."""
    request.idle = "X-Renew" in request.headers  # type: ignore[attr-defined]
