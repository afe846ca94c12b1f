"""The colleagues' authenticator apps, for whoever signs in by the page."""

from django.utils import timezone

from accounts.factors.models import Factor
from onboarding.demo.second_factor import code_of, equip, needs_one
from onboarding.demo.staff import STAFF


def asks_for_a_code(account: str) -> bool:
    """Say whether this is a colleague of the demo whose role asks for one."""
    return any(one.account == account and needs_one(one) for one in STAFF)


def equipped(account: str) -> None:
    """Give a colleague the app, as if it had been set up long ago."""
    equip(at=timezone.now())
    # Each test has a code that nobody used a moment ago.
    Factor.objects.filter(person__account_name=account).update(last_step=0)


def code(account: str) -> str:
    """Give the code that the colleague's app shows now."""
    return code_of(account, at=timezone.now())
