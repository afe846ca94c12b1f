"""A tutor in the hall, with a phone."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.people.models import Person
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague
from tests.onboarding.handout.hall import Hall, PhoneInHand, make_hall

SignIn = Callable[[Person], Client]


@pytest.fixture
def seats(slapd: Slapd, db: None) -> None:
    cache.clear()
    staff.seat(slapd)


@pytest.fixture
def hall(seats: None) -> Hall:
    return make_hall()


@pytest.fixture
def sign_in(seats: None) -> SignIn:
    def sign_in(person: Person) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def phone(hall: Hall, sign_in: SignIn) -> PhoneInHand:
    """Give the tutor's phone, enrolled."""
    phone = PhoneInHand(sign_in(hall.tutor))
    assert phone.enrols() == 200
    return phone


@pytest.fixture
def coordinator(seats: None) -> Person:
    return a_colleague(account_name="coordinator", given_names="Pia")
