"""Invented people as the directory knows them, for every test of this room."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.directory import gateway, passwords
from accounts.people import lifecycle
from accounts.people.models import Person
from accounts.signin.activation import choose_own_password
from accounts.signin.credentials import make_initial_password
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_colleague, add_student
from tests.cast import a_student, enrolled


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Compare with the sentences as they stand in the code."""
    with override("en"):
        yield


OWN = "kiesel tanzt barfuss"


@dataclass
class Somebody:
    """A person, and the password that opens the entry now."""

    person: Person
    password: str = ""

    @property
    def account(self) -> str:
        return self.person.account_name


@pytest.fixture
def student(slapd: Slapd) -> Callable[..., Somebody]:
    """Make students with an entry that no password opens yet."""

    def make(**facts: Any) -> Somebody:
        person = a_student(**facts)
        enrolled(person)
        add_student(slapd, person.account_name)
        return Somebody(person)

    return make


@pytest.fixture
def newcomer(student: Callable[..., Somebody]) -> Callable[..., Somebody]:
    """Make students who hold a letter."""

    def make(*, ends_in: timedelta = timedelta(days=60), **facts: Any) -> Somebody:
        somebody = student(**facts)
        somebody.password = a_letter(somebody.person, ends_in=ends_in)
        return somebody

    return make


@pytest.fixture
def active(newcomer: Callable[..., Somebody]) -> Callable[..., Somebody]:
    """Make students who have chosen a password."""

    def make(**facts: Any) -> Somebody:
        somebody = newcomer(**facts)
        somebody.person = choose_own_password(
            account=somebody.account,
            initial=somebody.password,
            new=OWN,
            at=timezone.now(),
        )
        somebody.password = OWN
        return somebody

    return make


@pytest.fixture
def colleague(slapd: Slapd) -> Callable[[str], str]:
    """Make entries of the staff; the password is the one of the directory's tests."""

    def make(uid: str) -> str:
        return add_colleague(slapd, uid)

    return make


def a_letter(person: Person, *, ends_in: timedelta = timedelta(days=60)) -> str:
    """Give a person an initial password, as a letter does."""
    now, initial = timezone.now(), make_initial_password()
    lifecycle.expect_own_password(
        people=[person.pk], until=now + ends_in, by=None, at=now
    )
    passwords.set_initial_password(
        account_name=person.account_name, secret=initial, ends_at=now + ends_in
    )
    return initial


def opens(account: str, password: str) -> bool:
    """Say whether this password opens the entry of this name."""
    entry = gateway.person(account)
    return entry is not None and passwords.proves(entry=entry, password=password)
