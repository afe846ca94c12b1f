"""Colleagues at the help desk, and people who need them."""

from typing import Protocol

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.helpdesk.merging import Pair
from tests.cast import a_colleague, a_student, enrolled


class Desk(Protocol):
    """Signs somebody in at a desk."""

    def __call__(
        self, person: Person, *, language: str = "en", fresh: bool = True
    ) -> Client: ...


def proved(client: Client) -> None:
    """Have the own password typed a moment ago."""
    session = client.session
    session["password_at"] = int(timezone.now().timestamp())
    session.save()


@pytest.fixture
def tarek() -> Person:
    """Give the agent."""
    return a_colleague(
        account_name="helpdesk", given_names="Tarek", family_name="Aydın"
    )


@pytest.fixture
def solveig() -> Person:
    """Give the lead."""
    return a_colleague(
        account_name="helpdesk-lead", given_names="Solveig", family_name="Brandt"
    )


@pytest.fixture
def cem() -> Person:
    person = a_student(given_names="Cem", family_name="Sondermann")
    enrolled(person)
    return person


@pytest.fixture
def desk(slapd: Slapd) -> Desk:
    cache.clear()
    staff.seat(slapd)

    def sit_down(person: Person, *, language: str = "en", fresh: bool = True) -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(person)
        if fresh:
            proved(client)
        return client

    return sit_down


@pytest.fixture
def pair(desk: Desk, cem: Person) -> Pair:
    closes = a_student(given_names="Cem", family_name="Sondermann")
    enrolled(closes, programme="Informatik")
    return Pair(stays=cem, closes=closes)
