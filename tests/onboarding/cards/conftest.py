"""Acts at the library's desk."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db.models import QuerySet
from django.test import Client

from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.models import Move, Spot
from onboarding.cards.numbers import check_digit
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import NOW, a_colleague, a_student, enrolled

Acting = Callable[..., Act]


def a_number(serial: int = 37282) -> str:
    digits = f"3110{serial:05}"
    return digits + check_digit(digits)


def given() -> QuerySet[Move]:
    """Give the moves of cards that went to a person."""
    return Move.objects.filter(target=Spot.PERSON)


@pytest.fixture
def cem() -> Person:
    person = a_student(given_names="Cem", family_name="Sondermann")
    enrolled(person)
    return person


@pytest.fixture
def mirjam() -> Person:
    return a_colleague(
        account_name="librarydesk", given_names="Mirjam", family_name="Okonkwo"
    )


@pytest.fixture
def desk(slapd: Slapd, mirjam: Person) -> Client:
    """Give the browser of the colleague at the library's desk."""
    return signed_in(slapd, mirjam)


def signed_in(slapd: Slapd, person: Person) -> Client:
    """Give the browser of a colleague; the directory knows everybody's role."""
    cache.clear()
    staff.seat(slapd)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def act(mirjam: Person) -> Acting:
    def make(
        person: Person,
        *,
        by: Person | None = None,
        at: datetime = NOW,
        id: UUID | None = None,  # noqa: A002 - the field's own name
    ) -> Act:
        return Act(id=id or uuid4(), person=person, by=by or mirjam, at=at)

    return make
