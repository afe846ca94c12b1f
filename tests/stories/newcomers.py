"""Students on the evening their letter came, prepared without a browser."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.directory import passwords
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people import lifecycle
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from accounts.signin.activation import choose_own_password
from accounts.signin.credentials import make_initial_password, printed
from tests.cast import a_student, enrolled
from tests.stories.visitor import OWN
from worker.fleet import CONNECTORS, FACTS

VALID = timedelta(days=60)


@dataclass(frozen=True)
class Newcomer:
    """A student and what stands on the letter."""

    person: Person
    secret: str

    @property
    def account(self) -> str:
        return self.person.account_name

    @property
    def printed(self) -> str:
        return printed(self.secret)


def until(true: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait for something that other processes bring about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It did not come to pass."
        time.sleep(0.1)


def all_settled() -> bool:
    return all(one.settled for one in Sync.objects.all())


def settle() -> None:
    """Do what the worker does, with or without it."""

    def once() -> bool:
        while settle_batch(connector=CONNECTORS[0], facts=FACTS, at=timezone.now()):
            pass
        return all_settled()

    until(once)


def a_newcomer(*, ends_at: datetime | None = None, **facts: Any) -> Newcomer:
    """Create a student with an entry and a letter; nothing is activated."""
    person = a_student(**facts)
    enrolled(person)
    mark(people=[person.pk], systems=[DIRECTORY], at=timezone.now())
    settle()
    secret = make_initial_password()
    ends_at = ends_at or timezone.now() + VALID
    lifecycle.expect_own_password(
        people=[person.pk], until=ends_at, by=None, at=timezone.now()
    )
    passwords.set_initial_password(
        account_name=person.account_name, secret=secret, ends_at=ends_at
    )
    return Newcomer(person, secret)


def an_active_student(**facts: Any) -> Person:
    """Create a student who chose a password (OWN) and is all set up."""
    newcomer = a_newcomer(**facts)
    person = choose_own_password(
        account=newcomer.account, initial=newcomer.secret, new=OWN, at=timezone.now()
    )
    settle()
    return person
