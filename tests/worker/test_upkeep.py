"""What is done by the clock."""

from io import StringIO

import ldap3
import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.catalogue.systems import NAMES
from accounts.due.models import Sync
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague, a_student, enrolled
from worker.sweep import sweep
from worker.upkeep import look_at_everybody, tidy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]


def test_everybody_is_looked_at_in_every_system() -> None:
    people = [a_student().pk for _ in range(1203)]
    a_colleague()

    look_at_everybody()
    look_at_everybody()

    due = Sync.objects.filter(due_at__lte=timezone.now(), generation=2)
    for system in NAMES:
        mine = due.filter(system=system).values_list("person_id", flat=True)
        assert sorted(mine) == people
    assert Sync.objects.count() == len(people) * len(NAMES)


def test_nobody_waits_for_it_to_end(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Person.objects.bulk_create(
        Person(person_key=f"Q{n}", account_name=f"lg5{n:05}", created_at=timezone.now())
        for n in range(1000)
    )

    with django_assert_max_num_queries(20 * len(NAMES)) as asked:
        look_at_everybody()

    # Each 500 people are a transaction of their own.
    begun = [one["sql"] for one in asked.captured_queries if "BEGIN" in one["sql"]]
    assert len(begun) == 2


def test_drift_is_found_whoever_caused_it(slapd: Slapd) -> None:
    cem = a_student()
    enrolled(cem)
    look_at_everybody()
    sweep()
    dn = f"uid={cem.account_name},ou=people,{slapd.base}"
    slapd.admin().modify(dn, {"sn": [(ldap3.MODIFY_REPLACE, ["Wrong"])]})

    look_at_everybody()
    sweep()

    said = StringIO()
    call_command("plan", stdout=said)
    assert said.getvalue() == f"Sum: none {len(NAMES)}\n"


def test_tidying_up_twice_is_harmless() -> None:
    tidy()
    tidy()
