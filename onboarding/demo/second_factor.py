"""The demo's colleagues have an authenticator app; the console shows its codes.

The secrets come from the stage's own SECRET_KEY, so that nothing has to keep them.
"""

from base64 import b32encode
from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.factors.authenticators import code_at
from accounts.factors.models import Factor, Kind
from accounts.factors.sealing import seal
from accounts.people.lifecycle import come_to_know
from accounts.people.roles import SECOND_FACTOR
from onboarding.demo.staff import STAFF, Colleague


def equip(*, at: datetime) -> None:
    """Set up the app of everybody who needs one and never had one."""
    for colleague in STAFF:
        if needs_one(colleague):
            _equip(colleague, at)


def needs_one(colleague: Colleague) -> bool:
    """Say whether the colleague's role asks for a second factor."""
    return colleague.role in SECOND_FACTOR


def secret_of(account: str) -> str:
    """Give the key (Base32) that the colleague's app was set up with."""
    digest = salted_hmac("onboarding.demo.second_factor", account).digest()
    return b32encode(digest[:20]).decode()


def code_of(account: str, *, at: datetime) -> str:
    """Give the code that the colleague's app shows at a moment."""
    return code_at(secret=secret_of(account), at=at)


def _equip(colleague: Colleague, at: datetime) -> None:
    person = come_to_know(
        account_name=colleague.account,
        display_name=f"{colleague.given_name} {colleague.family_name}",
        language="",
        at=at,
    )
    if not person.factors.exists():
        secret = seal(secret_of(colleague.account))
        Factor.objects.create(
            person=person, kind=Kind.APP, begun_at=at, confirmed_at=at, secret=secret
        )
