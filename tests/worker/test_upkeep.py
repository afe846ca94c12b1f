"""What is done by the clock."""

from datetime import timedelta
from io import StringIO

import ldap3
import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.catalogue.systems import MOODLE, NAMES
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague, a_student, enrolled
from worker.sweep import sweep
from worker.upkeep import ask_for_news, look_at_everybody, tidy

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


@pytest.fixture
def moodle_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as with MOODLE_URL set, which is read at the start."""
    monkeypatch.setattr("accounts.catalogue.systems.NAMES", (*NAMES, MOODLE))


def reads_mail(person: Person, *, proved: bool = True) -> Person:
    MailAddress.objects.create(
        person=person,
        address=f"{person.account_name}@stud.leuphana.example",
        chosen_at=timezone.now(),
        proved_at=timezone.now() if proved else None,
    )
    return person


def in_moodle(person: Person, **facts: object) -> Sync:
    settled = {"settled_generation": 1, "settled_at": timezone.now(), **facts}
    return Sync.objects.create(person=person, system=MOODLE, **settled)


def test_moodle_is_asked_again_about_those_it_has_not_seen(
    moodle_is_kept: None,
) -> None:
    unseen, seen, parked, early, working = (
        reads_mail(a_student(), proved=number != 3) for number in range(5)
    )
    for one in (unseen, seen, early):
        in_moodle(one)
    in_moodle(parked, last_error="!login_name_taken")
    soon = timezone.now() + timedelta(minutes=5)
    in_moodle(working, settled_generation=0, due_at=soon)
    for key in ("user", "last_seen"):
        Evidence.objects.create(
            person=seen,
            system=MOODLE,
            key=key,
            value="7",
            first_seen_at=timezone.now(),
            seen_at=timezone.now(),
        )

    ask_for_news()

    asked = Sync.objects.filter(generation=2).values_list("person_id", "system")
    assert list(asked) == [(unseen.pk, MOODLE)]


def test_a_system_that_is_not_kept_is_not_asked() -> None:
    in_moodle(reads_mail(a_student()))

    ask_for_news()

    assert not Sync.objects.filter(generation=2).exists()


def test_asking_for_news_of_many_takes_few_questions(
    moodle_is_kept: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = Person.objects.bulk_create(
        Person(person_key=f"Q{n}", account_name=f"lg5{n:05}", created_at=timezone.now())
        for n in range(1000)
    )
    Sync.objects.bulk_create(
        Sync(person=one, system=MOODLE, settled_generation=1) for one in people
    )

    with django_assert_max_num_queries(20):
        ask_for_news()
