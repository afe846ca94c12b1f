"""Each target system away at its step: the page says so, and nothing is lost.

Once the system is back, the step ends by itself, or at the next press.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.connectors.contract import Mode
from accounts.due.mark import mark
from accounts.mailbox.models import MailAddress
from accounts.mystudy import account
from accounts.people.models import Person
from accounts.post.models import Mail
from onboarding.applications.models import LibraryRegistration
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.models import Move, Spot
from onboarding.demo import staff
from tests.accounts.directory.entries import binds
from tests.cast import a_colleague
from tests.pictures.arrived_world import a_number
from tests.services.campus import Campus
from tests.services.chromium import DESKTOP
from tests.services.dovecot import lets_in
from tests.stories.conftest import Visit
from tests.stories.newcomers import an_active_student, until
from tests.stories.visitor import OWN, Visitor
from tests.stories.weekdays import (
    FOR_MYSTUDY,
    code_in_the_mailbox,
    comes,
    registers_with_the_library,
    with_a_mailbox,
    with_a_proved_mailbox,
)

pytestmark = [pytest.mark.story, pytest.mark.faults]

# What was put off comes again within half a minute, and the page looks for news.
IN_TIME = 60
CARD = a_number(37283)


@pytest.fixture(autouse=True)
def everything_is_back(campus: Campus) -> Iterator[None]:
    """Leave nothing away for whoever comes next."""
    yield
    campus.slapd.start()
    campus.dovecot.start()


def test_without_the_mail_server_the_address_waits_for_its_mailbox(
    campus: Campus, visit_campus: Visit
) -> None:
    person = an_active_student()
    student = comes(visit_campus(), person, "/mail/address/")
    campus.dovecot.kill()

    student.presses("Take this address")
    student.sees("The mail system does not answer")
    student.sees("Your address is saved. We keep trying; you may close this page.")
    address = MailAddress.objects.get().address

    campus.dovecot.start()
    student.sees("Read your first e-mail", seconds=IN_TIME)
    assert lets_in(campus.dovecot, address, OWN)


def test_without_the_directory_the_address_waits_for_its_mailbox(
    campus: Campus, visit_campus: Visit
) -> None:
    person = an_active_student()
    student = comes(visit_campus(language="en"), person, "/mail/address/")
    campus.slapd.kill()

    student.presses("Take this address")
    student.sees("The mail system does not answer")
    address = MailAddress.objects.get().address

    campus.slapd.start()
    student.sees("Read your first e-mail", seconds=IN_TIME)
    assert lets_in(campus.dovecot, address, OWN)


def test_a_code_that_nobody_takes_arrives_once_somebody_does(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_mailbox(an_active_student())
    student = comes(visit_campus(), person, "/mail/code/")
    campus.post.child.kill()

    student.presses("Send the code")
    student.sees("The code is on its way")
    student.sees(
        "The mail system does not take it at the moment. We keep trying; you may close"
        " this page."
    )

    student.types("1", "Code from the e-mail")
    campus.post.start()
    code = code_in_the_mailbox(campus, MailAddress.objects.get().address)
    until(lambda: Mail.objects.filter(occasion__startswith="code:").get().sent_at)
    # The page tells the news, and does not take away for it what is being typed.
    student.sees("There is news. This page has been brought up to date.")
    expect(student.field("Code from the e-mail")).to_have_value("1")
    student.types(code, "Code from the e-mail")
    student.presses("Confirm")
    student.sees("Your e-mail is ready")


def test_without_the_directory_only_the_passwords_for_mystudy_are_typed_anew(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_proved_mailbox(an_active_student())
    student = comes(visit_campus(), person, "/journey/mystudy/")
    student.types("cem.am.start", "User name for myStudy")
    types_both_passwords(student)
    campus.slapd.kill()

    student.presses("Make account")
    student.sees("What works meanwhile")
    expect(student.field("User name for myStudy")).to_have_value("cem.am.start")

    campus.slapd.start()
    types_both_passwords(student)
    student.presses("Make account")
    student.sees("myStudy is open for you", seconds=IN_TIME)
    dn = f"uid=cem.am.start,ou=mystudy,{campus.slapd.base}"
    assert binds(campus.slapd, dn, FOR_MYSTUDY)


def test_without_moodle_its_page_says_so_and_goes_on_by_itself(
    campus: Campus, visit_campus: Visit
) -> None:
    campus.moodle.door.close()
    person = with_a_mystudy_account(with_a_proved_mailbox(an_active_student()))
    student = comes(visit_campus(language="en"), person, "/journey/moodle/")

    student.sees(
        "Moodle does not answer at the moment. We keep trying, and you may close this"
        " page.",
        seconds=IN_TIME,
    )
    assert not campus.moodle.site.users

    campus.moodle.door.open()
    student.sees("Moodle is ready for you", seconds=IN_TIME)
    assert campus.moodle.site.named(person.account_name) is not None


def test_a_registration_reaches_the_library_without_directory_and_folder(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_proved_mailbox(an_active_student())
    student = comes(visit_campus(), person, "/journey/registration/")
    campus.slapd.kill()
    campus.drop.rename(campus.drop_elsewhere)

    registers_with_the_library(student)
    student.sees("It is on its way to the library, where it arrives by itself.")

    campus.drop_elsewhere.rename(campus.drop)
    until(lambda: campus.handed_over() != [], seconds=IN_TIME)
    student.page.reload()
    student.sees("The library has taken it over.")
    assert [row["person"] for row in campus.handed_over()] == [person.person_key]


def test_without_the_librarys_system_the_page_says_so_and_goes_on_by_itself(
    campus: Campus, visit_campus: Visit
) -> None:
    campus.library.door.close()
    person = with_a_card(registered(an_active_student()))
    student = comes(visit_campus(), person, "/journey/library_account/")

    student.sees(
        "The library’s system does not answer at the moment. We keep asking; the"
        " answer shows here by itself.",
        seconds=IN_TIME,
    )
    student.sees_not(
        "The library does not know your card yet. It links the two by hand, usually"
        " within a working day."
    )

    campus.library.library.link(CARD)
    campus.library.door.open()
    student.sees("The library says that your account works.", seconds=IN_TIME)


def test_at_the_desk_nothing_is_recorded_without_the_directory(
    campus: Campus, visit_campus: Visit, colleagues: None
) -> None:
    person = registered(an_active_student())
    desk = visit_campus(screen=DESKTOP)
    desk.goes_to(f"/library/{person.pk}/")
    desk.signs_in(account="librarydesk", password=staff.PASSWORD)
    desk.types(CARD, "Card number")
    desk.field("The photo ID shows this person.").check()
    desk.page.locator("[name=deposit][value=open]").check()
    desk.presses("Continue")
    campus.slapd.kill()

    desk.presses("Record it")
    desk.sees("The account directory does not answer.")
    assert not Move.objects.filter(target=Spot.PERSON).exists()

    campus.slapd.start()
    desk.follows("Try again")
    desk.arrives_at(f"/library/{person.pk}/")
    desk.types(CARD, "Card number")
    desk.field("The photo ID shows this person.").check()
    desk.page.locator("[name=deposit][value=open]").check()
    desk.presses("Continue")
    desk.presses("Record it")
    desk.sees("Recorded")
    assert Move.objects.get(target=Spot.PERSON).person == person


def types_both_passwords(student: Visitor) -> None:
    student.types(FOR_MYSTUDY, "Password for myStudy")
    student.types(OWN, "Password of your Leuphana account")


def with_a_mystudy_account(person: Person) -> Person:
    account.make(
        person=person,
        mode=Mode.OWN,
        user_name=person.account_name,
        password=FOR_MYSTUDY,
        account_password=OWN,
        at=timezone.now(),
    )
    mark(people=[person.pk], systems=["moodle"], at=timezone.now())
    return person


def registered(person: Person) -> Person:
    LibraryRegistration.objects.create(
        person=person,
        version=1,
        reference="K7P2-XR9W",
        submitted_at=timezone.now(),
        fields=[],
        terms_version="1",
    )
    return person


def with_a_card(person: Person) -> Person:
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=timezone.now())
    hand_out(act=act, number=CARD, how=Settlement.PAID)
    return person
