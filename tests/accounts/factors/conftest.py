"""Colleagues in the directory who sign in as people do: password, then second step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo import staff
from onboarding.demo.second_factor import code_of
from onboarding.demo.servers.slapd import Slapd
from tests.codes import equipped

HALF_A_MINUTE = timedelta(seconds=30)
WRONG = "1234567"


@dataclass
class Colleague:
    """Somebody of the staff at a browser."""

    account: str
    client: Client

    @property
    def person(self) -> Person:
        return Person.objects.get(account_name=self.account)

    def signs_in(self, **more: str) -> Any:
        sent = {"account": self.account, "password": staff.PASSWORD, **more}
        return self.client.post("/sign-in/", sent)

    def code(self, later: timedelta = timedelta()) -> str:
        return code_of(self.account, at=timezone.now() + later)

    def proves(self, code: str, **more: str) -> Any:
        return self.client.post("/sign-in/second/", {"code": code, **more})

    def is_in(self, page: str = "/sign-in/second/own/") -> bool:
        return bool(self.client.get(page).status_code == 200)


Come = Callable[[Role], Colleague]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def come(slapd: Slapd) -> Come:
    """Let the colleague with a role come, with an app that was set up long ago."""
    staff.seat(slapd)

    def come(role: Role) -> Colleague:
        account = next(one.account for one in staff.STAFF if one.role is role)
        equipped(account)
        return Colleague(account, Client(headers={"accept-language": "en"}))

    return come


@pytest.fixture
def arrive(come: Come) -> Come:
    """Let the colleague come who never set anything up."""

    def arrive(role: Role) -> Colleague:
        one = come(role)
        one.person.factors.all().delete()
        return one

    return arrive
