"""One batch: everybody's own outcome, whatever happens to the others."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from accounts.catalogue.entitlement import ALL
from accounts.catalogue.systems import DIRECTORY
from accounts.connectors.contract import Found, Outcome, Step, Subject
from accounts.connectors.directory import Directory
from accounts.directory import bulk
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.people.lifecycle import activate, expect_own_password
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import Enrolment, Status
from tests.accounts.directory.entries import OWN, choose_password, give_initial_password
from tests.accounts.reconciler.conftest import Settle, entry_of, services_of
from tests.cast import NOW, a_colleague, a_student, enrolled
from worker.fleet import FACTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
UNTIL = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)


def a_newcomer(**facts: object) -> Person:
    person = a_student(**facts)
    enrolled(person)
    due(person)
    return person


def due(*people: Person) -> None:
    mark(people=[one.pk for one in people], systems=[DIRECTORY], at=NOW)


def dn_of(slapd: Slapd, person: Person) -> str:
    return f"uid={person.account_name},ou=people,{slapd.base}"


def row_of(person: Person) -> Sync:
    return Sync.objects.get(person=person)


def an_activated(settle: Settle) -> Person:
    person = a_newcomer()
    activate(person=person.pk, at=NOW)
    settle()
    return person


# --- The ways of students ----------------------------------------------------------


def test_a_newcomer_gets_an_entry_that_opens_nothing(settle: Settle) -> None:
    cem = a_newcomer()

    assert settle() == 1

    entry = entry_of(cem)
    assert entry is not None
    assert "entitlements" not in entry.values
    assert row_of(cem).settled
    assert settle() == 0


def test_an_activated_student_may_use_everything(settle: Settle) -> None:
    cem = an_activated(settle)

    assert services_of(cem) == set(ALL)


def test_a_new_initial_password_takes_the_services_away(settle: Settle) -> None:
    cem = an_activated(settle)
    expect_own_password(people=[cem.pk], until=UNTIL, by=None, at=NOW)
    due(cem)

    settle()

    assert services_of(cem) == frozenset()


@pytest.mark.parametrize(("days", "may"), [(1, set(ALL)), (0, set()), (-1, set())])
def test_leaving_counts_from_its_day(settle: Settle, days: int, may: set[str]) -> None:
    cem = an_activated(settle)
    Enrolment.objects.update(
        status=Status.EXMATRICULATED, status_date=(NOW + days * DAY).date()
    )
    due(cem)

    settle()

    assert services_of(cem) == may


def test_a_leaving_day_comes_by_itself(settle: Settle) -> None:
    cem = an_activated(settle)
    leaves = (NOW + DAY).date()
    Enrolment.objects.update(status=Status.EXMATRICULATED, status_date=leaves)
    due(cem)
    settle()
    assert services_of(cem) == set(ALL)

    # The nightly look marks everybody; nothing else happens on the day.
    due(cem)
    settle(at=NOW + DAY)

    assert services_of(cem) == frozenset()


def test_who_leaves_before_coming_is_gone(settle: Settle) -> None:
    cem = a_newcomer()
    settle()
    Enrolment.objects.update(
        status=Status.EXMATRICULATED, status_date=(NOW - DAY).date()
    )
    due(cem)

    settle()

    assert entry_of(cem) is None
    assert row_of(cem).settled


def test_staff_are_none_of_our_business(settle: Settle) -> None:
    ada = a_colleague()
    due(ada)

    assert settle() == 1

    assert entry_of(ada) is None
    assert row_of(ada).settled


# --- What the directory has seen ------------------------------------------------------


def test_a_crash_after_the_own_password_was_set_is_healed_by_looking(
    settle: Settle, slapd: Slapd
) -> None:
    cem = a_newcomer()
    settle()
    expect_own_password(people=[cem.pk], until=UNTIL, by=None, at=NOW)
    give_initial_password(slapd, dn_of(slapd, cem))
    choose_password(slapd, dn_of(slapd, cem), new=OWN)
    # … and here the web process died.
    due(cem)

    settle()

    cem.refresh_from_db()
    assert cem.has_own_password
    assert services_of(cem) == set(ALL)
    entry = entry_of(cem)
    assert entry is not None
    assert entry.ends_at is None
    assert Event.objects.filter(whom=cem, what="account_activated").count() == 1


def test_a_letter_that_we_did_not_write_is_seen(settle: Settle, slapd: Slapd) -> None:
    cem = an_activated(settle)
    give_initial_password(slapd, dn_of(slapd, cem))
    due(cem)

    settle()

    cem.refresh_from_db()
    assert not cem.has_own_password
    assert services_of(cem) == frozenset()


def test_the_password_before_a_letter_is_not_taken_for_the_one_after(
    settle: Settle, slapd: Slapd
) -> None:
    cem = an_activated(settle)
    give_initial_password(slapd, dn_of(slapd, cem))
    choose_password(slapd, dn_of(slapd, cem), new=OWN)
    due(cem)
    settle()
    assert services_of(cem) == set(ALL)
    # The record is written first; the sweep comes before the directory knows.
    expect_own_password(people=[cem.pk], until=UNTIL, by=None, at=NOW)
    due(cem)
    settle()

    cem.refresh_from_db()
    assert not cem.has_own_password
    assert services_of(cem) == frozenset()
    assert row_of(cem).last_error == "initial_password_on_its_way"

    # Then the letter arrives there, and the waiting row is settled.
    give_initial_password(slapd, dn_of(slapd, cem))
    settle(at=NOW + MINUTE)
    assert row_of(cem).settled
    assert services_of(cem) == frozenset()


def test_a_letter_that_never_came_there_is_forgotten(
    settle: Settle, slapd: Slapd
) -> None:
    cem = an_activated(settle)
    give_initial_password(slapd, dn_of(slapd, cem))
    choose_password(slapd, dn_of(slapd, cem), new=OWN)
    due(cem)
    settle()
    expect_own_password(people=[cem.pk], until=UNTIL, by=None, at=NOW)
    due(cem)
    settle()

    settle(at=NOW + 45 * MINUTE)

    cem.refresh_from_db()
    assert cem.has_own_password
    assert services_of(cem) == set(ALL)


def test_the_name_of_an_adopted_entry_is_taken_over(
    settle: Settle, slapd: Slapd
) -> None:
    cem = a_newcomer()
    adopt(slapd, cem, name="lg77")

    settle()

    cem.refresh_from_db()
    assert cem.account_name == "lg77"
    assert entry_of(cem) is not None
    assert row_of(cem).settled


def test_a_name_that_somebody_else_has_needs_a_human(
    settle: Settle, slapd: Slapd
) -> None:
    cem = a_newcomer()
    a_student(account_name="lg77")
    ada = a_newcomer()
    adopt(slapd, cem, name="lg77")

    settle()

    assert row_of(cem).last_error == "!account_name_of_another"
    assert row_of(ada).settled


def adopt(slapd: Slapd, person: Person, *, name: str) -> None:
    code = "urn:schac:personalUniqueCode:de:leuphana.example:Matrikelnummer:"
    slapd.admin().add(
        f"uid={name},ou=people,{slapd.base}",
        ["inetOrgPerson", "schacLinkageIdentifiers"],
        {
            "cn": "Cem",
            "sn": "Sondermann",
            "schacPersonalUniqueCode": code + person.matriculation_no,
        },
    )


def test_an_entry_of_another_person_needs_a_human(settle: Settle) -> None:
    cem = a_newcomer(account_name="lg77")
    settle()
    Person.objects.filter(pk=cem.pk).update(account_name="lg78", matriculation_no="1")
    ada = a_newcomer(account_name="lg77")

    settle()

    assert row_of(ada).last_error == "!entry_of_another"


# --- When things go wrong ----------------------------------------------------------


def test_one_bad_person_is_parked_and_the_others_are_settled(settle: Settle) -> None:
    people = [a_newcomer() for _ in range(12)]
    bad = a_newcomer(given_names="", family_name="")

    settle()

    assert all(row_of(one).settled for one in people)
    row = row_of(bad)
    assert (row.last_error, row.due_at) == ("!refused:objectClassViolation", None)


class Forgetful(Directory):
    """A connector with a fault: it breaks at people of one name."""

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        if any(one.given_names == "Pechvogel" for one in subjects):
            raise ZeroDivisionError
        return super().find(subjects)


def test_a_fault_of_ours_costs_only_whom_it_concerns(slapd: Slapd) -> None:
    people = [a_newcomer() for _ in range(9)]
    unlucky = a_newcomer(given_names="Pechvogel")

    settle_batch(connector=Forgetful(), facts=FACTS, at=NOW)

    assert all(row_of(one).settled for one in people)
    row = row_of(unlucky)
    assert row.last_error == "fault"
    assert row.due_at is not None


def test_a_silent_directory_postpones_everybody_and_loses_nobody(
    settle: Settle, slapd: Slapd
) -> None:
    people = [a_newcomer() for _ in range(3)]
    slapd.kill()

    assert settle() == 0
    assert [row_of(one).last_error for one in people] == ["silent"] * 3
    assert all(row_of(one).due_at is not None for one in people)

    slapd.start()
    assert settle(at=NOW + MINUTE) == 3
    assert all(row_of(one).settled for one in people)


def test_a_directory_that_is_back_is_used_at_once(settle: Settle, slapd: Slapd) -> None:
    waiting = [a_newcomer() for _ in range(3)]
    slapd.kill()
    settle()
    slapd.start()
    another = a_newcomer()

    # Before anybody's wait is over, somebody new is looked at.
    settle()

    assert row_of(another).settled
    assert all(row_of(one).settled for one in waiting)


def test_a_wrong_password_of_ours_parks_nobody(
    settle: Settle, settings: LazySettings
) -> None:
    cem = a_newcomer()
    settings.LDAP_PROVISIONER_PASSWORD = "a wrong one"
    bulk.hang_up()

    assert settle() == 0

    assert row_of(cem).last_error == "silent"
    assert row_of(cem).due_at is not None
    bulk.hang_up()


class Dying(Directory):
    """The worker is killed at one point of its work."""

    def __init__(self, *, before_writing: bool) -> None:
        self._before_writing = before_writing

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        if not self._before_writing:
            super().carry_out(steps)
        raise SystemExit


@pytest.mark.parametrize("before_writing", [True, False])
def test_a_worker_that_dies_loses_and_doubles_nothing(
    settle: Settle, slapd: Slapd, before_writing: bool
) -> None:
    people = [a_newcomer() for _ in range(3)]

    with pytest.raises(SystemExit):
        settle_batch(
            connector=Dying(before_writing=before_writing), facts=FACTS, at=NOW
        )
    assert not any(row_of(one).settled for one in people)
    # Its lease keeps others away, but not for long.
    assert settle() == 0

    assert settle(at=NOW + timedelta(seconds=Directory.lease_seconds)) == 3
    assert all(row_of(one).settled for one in people)
    assert all(entry_of(one) for one in people)


class Interrupted(Directory):
    """Somebody else does something between the look and the write."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        self._act()
        return super().carry_out(steps)


def test_who_is_marked_while_at_work_is_looked_at_again(
    settle: Settle, slapd: Slapd
) -> None:
    cem = a_newcomer()

    def act() -> None:
        activate(person=cem.pk, at=NOW)
        due(cem)

    settle_batch(connector=Interrupted(act), facts=FACTS, at=NOW)
    assert services_of(cem) == frozenset()
    assert not row_of(cem).settled

    settle()
    assert services_of(cem) == set(ALL)


def test_a_worker_that_was_too_slow_has_its_people_looked_at_again(
    settle: Settle, slapd: Slapd
) -> None:
    cem = a_newcomer()
    settle()
    activate(person=cem.pk, at=NOW)
    due(cem)
    later = NOW + timedelta(seconds=Directory.lease_seconds)

    def act() -> None:
        # The lease runs out, and another worker settles what has changed since.
        expect_own_password(people=[cem.pk], until=UNTIL, by=None, at=NOW)
        due(cem)
        settle(at=later)
        assert services_of(cem) == frozenset()

    settle_batch(connector=Interrupted(act), facts=FACTS, at=NOW)
    # The late worker has granted what is not due any more …
    assert services_of(cem) == set(ALL)
    assert not row_of(cem).settled

    # … and that is put right.
    settle(at=later)
    assert services_of(cem) == frozenset()


def test_an_end_set_meanwhile_stays(settle: Settle, slapd: Slapd) -> None:
    cem = a_newcomer()
    settle()
    dn = dn_of(slapd, cem)
    give_initial_password(slapd, dn)
    choose_password(slapd, dn, new=OWN)
    activate(person=cem.pk, at=NOW)
    due(cem)

    def act() -> None:
        give_initial_password(slapd, dn, ends="20991130000000Z")

    settle_batch(connector=Interrupted(act), facts=FACTS, at=NOW)

    entry = entry_of(cem)
    assert entry is not None
    assert entry.ends_at == datetime(2099, 11, 30, tzinfo=UTC)
