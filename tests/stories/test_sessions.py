"""Sessions that end while somebody is at work."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from tests.stories.conftest import Visit
from tests.stories.newcomers import an_active_student
from tests.stories.visitor import OWN

pytestmark = pytest.mark.story

ADDRESS = "ada@mail.example"


def test_what_was_typed_outlives_the_session(visit: Visit) -> None:
    person = an_active_student()
    student = visit()
    student.goes_to("/recovery/")
    student.signs_in(account=person.account_name)
    student.arrives_at("/recovery/")
    student.types(ADDRESS, "Private e-mail address")
    student.types(OWN, "Password of your Leuphana account")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    student.presses("Send me a code")

    student.sees(
        "Please sign in; then you are back where you were. What you had sent is saved."
    )
    student.signs_in(account=person.account_name)
    student.arrives_at("/recovery/")
    expect(student.field("Private e-mail address")).to_have_value(ADDRESS)


def test_after_signing_out_back_shows_nothing_personal(visit: Visit) -> None:
    person = an_active_student()
    student = visit(language="en")
    student.goes_to("/sign-in/")
    student.signs_in(account=person.account_name)
    student.arrives_at("/journey/")

    student.presses("Sign out")
    student.arrives_at("/")
    student.page.go_back()

    student.sees_not(person.account_name)
    expect(student.page.get_by_role("heading", level=1)).to_have_text(
        student.say("Sign in")
    )
