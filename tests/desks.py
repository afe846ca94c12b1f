"""Colleagues with their second factor: every test that lets one in goes through here.

No setting switches the second factor off. Whom a test lets in by ``force_login``, past
the password, is let in past the second factor too; whoever signs in by the page types
the code of the demo's authenticator app.
"""

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.factors.models import Factor
from accounts.people.models import Person
from accounts.signin import second
from onboarding.demo.second_factor import code_of, equip, needs_one
from onboarding.demo.staff import STAFF

_by_force = Client.force_login


def let_the_proved_in() -> None:
    """Have ``force_login`` stand for all that is proved when somebody signs in."""
    setattr(Client, _by_force.__name__, _with_everything_proved)


def without_a_second_factor(client: Client) -> None:
    """Leave somebody signed in as after the password alone."""
    session = client.session
    second.forget_proof(session)
    session.save()


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


def _with_everything_proved(
    self: Client, user: Any, backend: str | None = None
) -> None:
    _by_force(self, user, backend)
    if isinstance(user, Person):
        session = self.session
        second.note_proof(session, person=user, at=timezone.now())
        session.save()
