"""Colleagues with their second factor: every test that lets one in goes through here.

No setting switches the second factor off. Whom a test lets in by ``force_login``, past
the password, is let in past the second factor too; whoever signs in by the page types
a code of the demo's authenticator app (``tests.codes``).
"""

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from accounts.signin import second

_by_force = Client.force_login


def let_the_proved_in() -> None:
    """Have ``force_login`` stand for all that is proved when somebody signs in."""
    setattr(Client, _by_force.__name__, _with_everything_proved)


def without_a_second_factor(client: Client) -> None:
    """Leave somebody signed in as after the password alone."""
    session = client.session
    second.forget_proof(session)
    session.save()


def _with_everything_proved(
    self: Client, user: Any, backend: str | None = None
) -> None:
    _by_force(self, user, backend)
    if isinstance(user, Person):
        session = self.session
        second.note_proof(session, person=user, at=timezone.now())
        session.save()
