"""The facts as they are gathered: whom which steps concern, with few questions."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY, MAILBOX
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.lifecycle import activate, expect_own_password
from accounts.people.models import Person
from accounts.signin.models import RecoveryAddress
from onboarding.enrolment.models import (
    Cohort,
    Enrolment,
    GroupPlace,
    School,
    Status,
    TutorGroup,
)
from onboarding.journey import ticks
from onboarding.journey.facts import Facts, facts_of
from onboarding.journey.path import journey
from onboarding.journey.step import Standing
from tests.cast import NOW, a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

# In the semester, at noon.
AT = NOW + timedelta(days=40)
EVERYBODY = {
    *("activation", "recovery", "mail"),
    *("registration", "card", "deposit", "library_account"),
}
TEACHING = {"mystudy", "moodle"}
GONE = {"status": Status.WITHDRAWN, "status_date": date(2026, 10, 2)}


def asked(person: Person) -> Facts:
    return facts_of(Person.objects.get(pk=person.pk), at=AT)


@pytest.mark.parametrize(
    ("programmes", "more"),
    [
        pytest.param([{}], TEACHING, id="College"),
        pytest.param([{"school": School.GRADUATE}], TEACHING, id="Graduate School"),
        pytest.param(
            [{"school": School.GRADUATE, "degree": "Promotion"}],
            TEACHING,
            id="doctoral",
        ),
        pytest.param([{"degree": "exchange"}], TEACHING, id="exchange"),
        pytest.param([{"school": School.PROFESSIONAL}], set(), id="Professional"),
        pytest.param(
            [{"school": School.PROFESSIONAL}, {"degree": "B.A."}],
            TEACHING,
            id="two programmes",
        ),
        pytest.param([{"status": Status.LEAVE}], TEACHING, id="on leave"),
        pytest.param([GONE], None, id="withdrawn"),
        pytest.param(
            [GONE, {"degree": "MBA", "school": School.PROFESSIONAL}],
            set(),
            id="withdrawn from one of two",
        ),
        pytest.param(
            [{**GONE, "status_date": date(2027, 3, 31)}], TEACHING, id="leaves later"
        ),
        pytest.param([], None, id="no programme"),
    ],
)
def test_everybody_has_the_steps_that_concern_them(
    programmes: list[dict[str, Any]], more: set[str] | None
) -> None:
    person = a_student()
    for programme in programmes:
        enrolled(person, **programme)

    way = journey(asked(person))

    mine = set() if more is None else EVERYBODY | more
    assert {one.step.key for one in way.stations} == mine


@pytest.mark.parametrize(
    ("programme", "studies"),
    [({}, True), ({"status": Status.LEAVE}, True), (GONE, False)],
)
def test_who_has_left_does_not_study(
    programme: dict[str, object], studies: bool
) -> None:
    person = a_student()
    enrolled(person, **programme)

    assert asked(person).studies is studies


def test_a_fresh_student_has_nothing_yet() -> None:
    person = a_student()
    enrolled(person)

    known = asked(person)

    assert not known.activated
    assert not known.own_password
    assert known.account.settled
    assert known.recovery_address == ""
    assert known.group is None
    assert known.ticks == frozenset()
    assert known.mail.address == ""


def test_what_is_known_of_somebody_is_told() -> None:
    person = a_student(activated_at=NOW)
    complicate(person)

    known = asked(person)

    assert known.own_password
    assert known.schools == {School.COLLEGE, School.PROFESSIONAL}
    assert known.recovery_address == "cem@mail.example"
    assert known.group == 4
    assert known.ticks == {"moodle", "library_account"}
    assert known.mail.address == "cem@stud.leuphana.example"
    assert known.mail.former == ("emil@stud.leuphana.example",)
    assert known.mail.proved_at == NOW
    assert known.account.working
    assert not known.work.settled


def test_an_initial_password_after_the_own_is_told() -> None:
    person = a_student(activated_at=NOW, initial_password_until=AT)
    enrolled(person)

    known = asked(person)

    assert known.activated
    assert not known.own_password


def test_nobody_is_told_what_is_another_persons() -> None:
    complicate(a_student(activated_at=NOW))
    person = a_student()
    enrolled(person)

    known = asked(person)

    assert known.recovery_address == known.mail.address == ""
    assert known.group is None
    assert known.ticks == frozenset()
    assert known.work.version == ""


def test_the_number_of_questions_is_fixed() -> None:
    fresh, full = a_student(), a_student(activated_at=NOW)
    enrolled(fresh)
    complicate(full)

    assert questions(fresh) == questions(full) <= 7


def questions(person: Person) -> int:
    person = Person.objects.get(pk=person.pk)
    with CaptureQueriesContext(connection) as queries:
        facts_of(person, at=AT)
    return len(queries)


def complicate(person: Person) -> None:
    """Give somebody much of everything."""
    enrolled(person)
    enrolled(person, degree="MBA", school=School.PROFESSIONAL)
    enrolled(person, degree="B.A.", **GONE)
    RecoveryAddress.objects.create(
        person=person, address="cem@mail.example", proved_at=NOW
    )
    group = TutorGroup.objects.create(number=4)
    GroupPlace.objects.create(person=person, group=group)
    Cohort.objects.create(code="2026ws", opening_from=date(2026, 10, 5))
    mark(people=[person.pk], systems=[DIRECTORY, MAILBOX], at=NOW)
    Sync.objects.filter(system=MAILBOX).update(settled_generation=1)
    for step in ("moodle", "library_account", "mail"):
        ticks.tick(person=person, step=step, at=NOW)
    ticks.take_back(person=person, step="mail", at=NOW)
    for name, retired in (("emil", NOW), ("cem", None)):
        MailAddress.objects.create(
            person=person,
            address=f"{name}@stud.leuphana.example",
            chosen_at=NOW if retired is None else NOW - timedelta(days=1),
            proved_at=NOW,
            retired_at=retired,
        )


@pytest.mark.parametrize(
    ("degrees", "doctoral"),
    [(["Dr."], True), (["B.Sc."], False), (["Dr.", "M.A."], False), ([], False)],
)
def test_a_doctorate_alone_makes_a_doctoral_student(
    degrees: list[str], *, doctoral: bool
) -> None:
    person = a_student()
    for degree in degrees:
        enrolled(person, degree=degree)

    assert facts_of(person, at=AT).doctoral is doctoral


def test_facts_are_those_of_the_day() -> None:
    person = a_student()
    enrolled(person, **{**GONE, "status_date": timezone.localdate(AT)})

    assert not asked(person).studies
    before = facts_of(Person.objects.get(pk=person.pk), at=AT - timedelta(days=1))
    assert before.studies
    assert Enrolment.objects.count() == 1


# --- The account, once it was ready ---------------------------------------------------


def activated(person: Person, *, settled_at: datetime | None) -> None:
    """Have somebody activate now, and the directory looked after at a moment."""
    activate(person=person.pk, at=NOW)
    mark(people=[person.pk], systems=[DIRECTORY], at=NOW)
    Sync.objects.update(settled_at=settled_at)


def account(person: Person) -> tuple[bool, Standing]:
    known = asked(person)
    return known.account.working, journey(known).stations[0].now.standing


def test_what_is_looked_after_later_takes_no_ready_account_back() -> None:
    cem = a_student()
    enrolled(cem)
    activated(cem, settled_at=NOW + timedelta(seconds=1))

    # A change of name, or the look of every night.
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW + timedelta(days=1))

    assert account(cem) == (True, Standing.DONE)


def test_an_account_is_not_ready_before_its_services_are() -> None:
    cem = a_student()
    enrolled(cem)
    # The entry was made before there was a password.
    activated(cem, settled_at=NOW - timedelta(days=9))

    assert account(cem) == (True, Standing.WAITING)


def test_after_another_letter_the_services_are_waited_for_again() -> None:
    cem = a_student()
    enrolled(cem)
    activated(cem, settled_at=NOW + timedelta(seconds=1))
    later = NOW + timedelta(days=3)
    expect_own_password(people=[cem.pk], until=AT, by=None, at=later)
    assert asked(cem).own_password is False

    activate(person=cem.pk, at=later + timedelta(hours=1))
    mark(people=[cem.pk], systems=[DIRECTORY], at=later + timedelta(hours=1))

    assert account(cem) == (True, Standing.WAITING)
