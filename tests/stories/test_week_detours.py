"""What happens beside the straight way through the week."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from accounts.catalogue.cohort import cohort_code_of
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.signin.models import MailedCode
from onboarding.demo import staff
from onboarding.enrolment.models import Cohort, Enrolment, GroupPlace, TutorGroup
from tests.services.campus import Campus
from tests.services.chromium import DESKTOP
from tests.services.dovecot import lets_in
from tests.stories.conftest import Visit
from tests.stories.newcomers import an_active_student, until
from tests.stories.visitor import OWN, Visitor
from tests.stories.weekdays import (
    code_in_the_mailbox,
    comes,
    with_a_mailbox,
    with_a_proved_mailbox,
)

pytestmark = pytest.mark.story

FOR_MAIL = "sieben Birken am Kanal"


def test_of_two_codes_only_the_newer_one_counts(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_mailbox(an_active_student())
    address = MailAddress.objects.get().address
    student = comes(visit_campus(), person, "/mail/code/")
    student.presses("Send the code")
    first = code_in_the_mailbox(campus, address)

    asks_for_another(student)
    student.sees("A code has just been sent")
    # In the other language, too, there is a way back from here.
    student.page.get_by_role("button", name="English").click()
    student.page.get_by_role("link", name="To the page with the button").click()
    student.arrives_at("/mail/code/")
    MailedCode.objects.update(asked_at=F("asked_at") - timedelta(minutes=2))
    student.page.get_by_text("Nothing arrived?").click()
    student.page.get_by_role("button", name="Send another code").click()
    until(lambda: code_in_the_mailbox(campus, address) != first)

    code = student.page.get_by_label("Code from the e-mail")
    for typed, answer in (
        (first, "This code is not valid."),
        (code_in_the_mailbox(campus, address), "Your e-mail is ready"),
    ):
        code.fill(typed)
        student.page.get_by_role("button", name="Confirm").click()
        expect(student.page.get_by_text(answer).first).to_be_visible()


def asks_for_another(student: Visitor) -> None:
    student.page.get_by_text(student.say("Nothing arrived?")).click()
    student.presses("Send another code")


def test_a_new_name_brings_a_new_address_and_the_old_one_stays(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_proved_mailbox(an_active_student())
    before = MailAddress.objects.get().address
    Person.objects.filter(pk=person.pk).update(family_name="Öztürk")
    student = comes(visit_campus(language="en"), person, "/journey/mail/")

    student.follows("Choose a new address")
    student.presses("Take this address")
    student.sees("Your e-mail is ready")
    student.sees("Your earlier addresses")

    now = "cem.oeztuerk@stud.leuphana.example"
    expect(student.page.get_by_text(now).first).to_be_visible()
    expect(student.page.get_by_text(before)).to_be_visible()
    until(lambda: lets_in(campus.dovecot, now, OWN))
    for address in (now, before):
        campus.dovecot.deliver(address=address, mail=b"Subject: Hello\r\n\r\nHello\r\n")


def test_an_own_password_opens_e_mail_and_nothing_else_does(
    campus: Campus, visit_campus: Visit
) -> None:
    person = with_a_proved_mailbox(an_active_student())
    address = MailAddress.objects.get().address
    student = comes(visit_campus(), person, "/mail/password/")

    student.types(OWN, "Password of your Leuphana account")
    student.types(FOR_MAIL, "New password")
    student.presses("Set password")
    student.arrives_at("/mail/settings/")
    student.sees("your own one for e-mail")
    assert lets_in(campus.dovecot, address, FOR_MAIL)
    assert not lets_in(campus.dovecot, address, OWN)

    student.goes_to("/mail/password/")
    student.field("Password of your Leuphana account").first.fill(OWN)
    student.presses("Remove this password")
    student.sees("the one of your Leuphana account")
    assert lets_in(campus.dovecot, address, OWN)


def test_who_needs_the_card_earlier_gets_it_at_the_desk(
    campus: Campus, visit_campus: Visit, colleagues: None
) -> None:
    person = in_a_group(an_active_student())
    student = comes(visit_campus(), person, "/journey/card/")
    desk = visit_campus(screen=DESKTOP)
    desk.goes_to(f"/library/{person.pk}/")
    desk.signs_in(account="librarydesk", password=staff.PASSWORD)
    desk.sees_not("needs it earlier")

    student.presses("I need it earlier")
    student.sees("You get your card at the library service desk.")
    desk.page.reload()
    expect(desk.page.get_by_text(desk.say("needs it earlier"))).to_be_visible()

    student.presses("I take that back")
    student.sees("It does not fit?")
    desk.page.reload()
    desk.sees_not("needs it earlier")


def in_a_group(person: Person) -> Person:
    today = timezone.localdate()
    Enrolment.objects.filter(person=person).update(study_start=today)
    Cohort.objects.create(
        code=cohort_code_of(today),
        opening_from=today,
        opening_until=today + timedelta(days=3),
    )
    group = TutorGroup.objects.create(number=41, meeting_point="Foyer")
    GroupPlace.objects.create(person=person, group=group)
    return person
