"""Why something is stuck, in words, out of the facts; and what to say."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import ldap3
import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.catalogue.systems import MAILBOX
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.mystudy.models import MyStudyAccount
from accounts.people.models import Person
from accounts.signin import throttle
from onboarding.cards.acts import Act
from onboarding.cards.ledger import post
from onboarding.cards.models import Kind, Shift
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.letters import order_letter
from onboarding.enrolment.models import Enrolment
from onboarding.helpdesk.seen import seen
from onboarding.helpdesk.troubles.known import troubles
from onboarding.helpdesk.troubles.trouble import Trouble
from tests.accounts.directory.entries import student_dn
from tests.cast import a_colleague, a_student, enrolled
from tests.onboarding.helpdesk.people import (
    a_beginner,
    an_active_student,
    settle,
    with_a_letter,
)

pytestmark = pytest.mark.django_db

Scene = Callable[[Slapd], Person]


def of(person: Person) -> dict[str, Trouble]:
    person.refresh_from_db()
    return {one.key: one for one in troubles(seen(person, at=timezone.now()))}


def no_letter(_: Slapd) -> Person:
    return a_beginner()


def letter_unused(_: Slapd) -> Person:
    person, _letter = with_a_letter()
    return person


def initial_expired(_: Slapd) -> Person:
    person, _letter = with_a_letter(ended=True)
    return person


def letter_ordered(_: Slapd) -> Person:
    person, _letter = with_a_letter()
    order_letter(person=person, by=a_colleague(), at=timezone.now(), run="one")
    return person


def active(_: Slapd) -> Person:
    return an_active_student()


def no_entry(_: Slapd) -> Person:
    person = a_student()
    enrolled(person)
    return person


def directory_silent(slapd: Slapd) -> Person:
    person = no_entry(slapd)
    slapd.child.freeze()
    return person


def waiting(_: Slapd) -> Person:
    person, _letter = with_a_letter()
    for _try in range(3):
        with throttle.one_try(account=person.account_name, at=timezone.now()):
            pass
    return person


def locked_for_good(slapd: Slapd) -> Person:
    person = an_active_student()
    admin = slapd.admin()
    lock = {"pwdAccountLockedTime": [(ldap3.MODIFY_REPLACE, ["000001010000Z"])]}
    admin.modify(student_dn(slapd, person.account_name), lock)
    admin.unbind()
    return person


def locked(slapd: Slapd) -> Person:
    person = an_active_student()
    admin = slapd.admin()
    now = timezone.now().strftime("%Y%m%d%H%M%SZ")
    lock = {"pwdAccountLockedTime": [(ldap3.MODIFY_REPLACE, [now])]}
    admin.modify(student_dn(slapd, person.account_name), lock)
    admin.unbind()
    return person


def entry_stuck(_: Slapd) -> Person:
    person = an_active_student()
    Sync.objects.filter(person=person, system="directory").update(
        last_error="!several_entries", failures=1, due_at=None, generation=99
    )
    return person


def _with_address(**facts: object) -> Person:
    person = an_active_student()
    MailAddress.objects.create(
        person=person,
        address=f"{person.account_name}@stud.leuphana.example",
        chosen_at=timezone.now(),
        **facts,
    )
    return person


def _mailbox(person: Person, **facts: object) -> Person:
    Sync.objects.update_or_create(person=person, system=MAILBOX, defaults=facts)
    return person


def no_address(_: Slapd) -> Person:
    return an_active_student()


def mailbox_not_ready(_: Slapd) -> Person:
    return _mailbox(_with_address(), generation=99, failures=3, last_error="not_ready")


def mailbox_stuck(_: Slapd) -> Person:
    return _mailbox(
        _with_address(), generation=99, failures=1, last_error="!refused:other"
    )


def address_taken(_: Slapd) -> Person:
    return _mailbox(
        _with_address(), generation=99, failures=1, last_error="!address_taken"
    )


def code_missing(_: Slapd) -> Person:
    return _mailbox(_with_address(), generation=1, settled_generation=1)


def mystudy_waits(_: Slapd) -> Person:
    return an_active_student()


def mystudy_exists(_: Slapd) -> Person:
    person = an_active_student()
    MyStudyAccount.objects.create(
        person=person, user_name="cem.s", made_at=timezone.now(), made_here=False
    )
    return person


def no_card(_: Slapd) -> Person:
    return an_active_student()


def paid_twice(_: Slapd) -> Person:
    person, by = an_active_student(), a_colleague()
    at = timezone.now()
    shift = Shift.objects.create(
        key=uuid4(),
        place="desk",
        by=by,
        series="L26",
        float_cents=0,
        opened_at=at,
        noted_at=at,
    )
    act = Act(id=uuid4(), person=person, by=by, at=at)
    post(act=act, kind=Kind.SURPLUS_IN, cents=1000, shift=shift)
    return person


def withdrawn(_: Slapd) -> Person:
    person = an_active_student()
    gone = timezone.localdate() - timedelta(days=1)
    Enrolment.objects.filter(person=person).update(status="withdrawn", status_date=gone)
    return person


def starts_later(_: Slapd) -> Person:
    person = an_active_student()
    ahead = timezone.localdate() + timedelta(days=100)
    Enrolment.objects.filter(person=person).update(study_start=ahead)
    return person


def exchange(_: Slapd) -> Person:
    person = an_active_student()
    Enrolment.objects.filter(person=person).update(degree="exchange")
    return person


def under_age(_: Slapd) -> Person:
    born = timezone.localdate().year - 16
    return an_active_student(birth_date=f"{born}-06-01")


def chosen_name(_: Slapd) -> Person:
    return an_active_student(chosen_name="Robin")


def name_changed(_: Slapd) -> Person:
    person = _with_address(made_by_rule=True)
    Person.objects.filter(pk=person.pk).update(family_name="Anders")
    return person


def two_accounts(_: Slapd) -> Person:
    a_student(given_names="Zoë", family_name="Ünal", birth_date="2005-05-05")
    return an_active_student(
        given_names="Zoe", family_name="Uenal", birth_date="2005-05-05"
    )


SCENES: tuple[Scene, ...] = (
    no_letter,
    letter_unused,
    initial_expired,
    letter_ordered,
    active,
    no_entry,
    waiting,
    locked_for_good,
    locked,
    entry_stuck,
    no_address,
    mailbox_not_ready,
    mailbox_stuck,
    address_taken,
    code_missing,
    mystudy_waits,
    mystudy_exists,
    no_card,
    paid_twice,
    withdrawn,
    starts_later,
    exchange,
    under_age,
    chosen_name,
    name_changed,
    two_accounts,
)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: str(scene.__name__))
def test_each_trouble_is_seen_and_said_in_both_languages(
    slapd: Slapd, scene: Scene
) -> None:
    person = scene(slapd)

    found = of(person)

    assert scene.__name__ in found
    trouble = found[scene.__name__]
    for words in (trouble.because, trouble.german, trouble.english):
        assert words
        assert "%" not in words
    assert trouble.german != trouble.english
    with override("de"):
        assert trouble.english == of(person)[scene.__name__].english


def test_who_does_not_study_is_offered_no_password(slapd: Slapd) -> None:
    person = withdrawn(slapd)
    Person.objects.filter(pk=person.pk).update(family_name="Other", chosen_name="X")

    assert set(of(person)) == {"withdrawn"}


def test_a_silent_directory_is_said_to_be_one(slapd: Slapd) -> None:
    person = directory_silent(slapd)
    try:
        assert "directory_silent" in of(person)
    finally:
        slapd.child.thaw()


def test_what_is_stuck_stands_before_what_is_good_to_know(slapd: Slapd) -> None:
    person = letter_unused(slapd)
    Person.objects.filter(pk=person.pk).update(chosen_name="Robin")

    found = list(of(person).values())

    assert [one.mild for one in found] == sorted(one.mild for one in found)
    assert found[0].key == "letter_unused"


def test_nobody_else_is_taken_for_a_second_self(slapd: Slapd) -> None:
    same = {"given_names": "Zoë", "family_name": "Ünal"}
    a_student(**same, birth_date="2001-01-01")
    a_student(given_names="Zoë Ida", family_name="Ünal", birth_date="2005-05-05")
    a_student(**same, birth_date="")
    person = an_active_student(**same, birth_date="2005-05-05")

    assert "two_accounts" not in of(person)


def test_the_same_number_is_a_suspicion_whatever_the_name(slapd: Slapd) -> None:
    twin = a_student(matriculation_no="3999999", family_name="Anders")
    person = an_active_student(matriculation_no="3999999")

    assert twin.account_name in of(person)["two_accounts"].because


def test_settled_people_have_nothing_that_is_stuck(slapd: Slapd) -> None:
    person = _with_address(proved_at=timezone.now())
    _mailbox(person, generation=1, settled_generation=1)
    settle()

    assert [one.key for one in of(person).values() if not one.mild] == []
