"""Everything here runs on a real directory."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.directory import gateway
from accounts.directory.entry import Entry
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from onboarding.demo.servers.slapd import Slapd
from tests.cast import NOW
from worker.fleet import CONNECTORS, FACTS

Settle = Callable[..., int]


@pytest.fixture
def settle(slapd: Slapd) -> Settle:
    """Give a way to work off everything that is due at a moment."""

    def settle(at: datetime = NOW) -> int:
        total = 0
        while done := settle_batch(connector=CONNECTORS[0], facts=FACTS, at=at):
            total += done
        return total

    return settle


def entry_of(person: Person) -> Entry | None:
    return gateway.person(person.account_name)


def services_of(person: Person) -> frozenset[str]:
    entry = entry_of(person)
    assert entry is not None
    return entry.values.get("entitlements", frozenset())
