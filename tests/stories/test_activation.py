"""Activating as it goes on an ordinary evening, and not quite so ordinary ones."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.signin.models import Attempts
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import binds, student_dn
from tests.services.chromium import DESKTOP
from tests.stories.conftest import Visit
from tests.stories.newcomers import Newcomer, a_newcomer
from tests.stories.visitor import OWN, Visitor

pytestmark = pytest.mark.story

ONE_ANSWER = (
    "This did not work. Compare user name and initial password with your letter. It may"
    " also be that a newer letter has replaced it, that the initial password has"
    " expired, or that the account is active already: then sign in with your own"
    " password, or get a new letter at the help desk."
)
READY = "Your account is ready."


def is_ready(visitor: Visitor) -> None:
    visitor.arrives_at("/journey/")
    visitor.sees(READY)


def test_after_a_wrong_initial_password_only_the_secrets_are_typed_anew(
    visit: Visit, newcomer: Newcomer
) -> None:
    student = visit()
    wrong = a_newcomer().printed

    student.activates(account=newcomer.account, initial=wrong)

    student.sees(ONE_ANSWER)
    expect(student.field("User name")).to_have_value(newcomer.account)
    expect(student.field("Initial password")).to_have_value("")
    expect(student.field("New password")).to_have_value("")
    student.types(newcomer.printed, "Initial password")
    student.types(OWN, "New password")
    student.agrees()
    student.presses("Activate account")
    is_ready(student)


def test_a_slip_is_said_at_once_and_costs_no_try(
    visit: Visit, newcomer: Newcomer
) -> None:
    student = visit()
    first = "4" if newcomer.secret[0] != "4" else "7"

    student.activates(account=newcomer.account, initial=first + newcomer.secret[1:])

    expect(student.page.get_by_role("alert")).to_be_focused()
    student.sees_not(ONE_ANSWER)
    assert not Attempts.objects.exists()


def test_an_initial_password_that_has_ended_gets_the_same_answer_as_a_wrong_one(
    visit: Visit, newcomer: Newcomer
) -> None:
    ended = a_newcomer(ends_at=timezone.now() - timedelta(minutes=1))
    student = visit(language="en", screen=DESKTOP)

    student.activates(account=ended.account, initial=ended.printed)
    told_when_ended = student.page.get_by_role("alert").inner_text()
    student.activates(account=newcomer.account, initial=ended.printed)
    told_when_wrong = student.page.get_by_role("alert").inner_text()

    assert told_when_ended == told_when_wrong
    student.sees(ONE_ANSWER)


def test_back_after_activation_leads_on_and_shows_no_password(
    visit: Visit, newcomer: Newcomer
) -> None:
    student = visit()
    student.activates(account=newcomer.account, initial=newcomer.printed)
    is_ready(student)

    student.page.go_back()

    is_ready(student)
    expect(student.field("New password")).to_have_count(0)
    student.page.go_forward()
    is_ready(student)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_pressing_twice_is_pressing_once(
    visit: Visit, newcomer: Newcomer, slapd: Slapd, *, javascript: bool
) -> None:
    student = visit(javascript=javascript)
    student.goes_to("/activate/")
    student.fills_in_activation(account=newcomer.account, initial=newcomer.printed)

    student.button("Activate account").dblclick(no_wait_after=True)

    student.arrives_at("/journey/")
    student.sees("Your account")
    assert binds(slapd, student_dn(slapd, newcomer.account), OWN)


def test_the_second_of_two_tabs_harms_nothing(
    visit: Visit, newcomer: Newcomer, slapd: Slapd
) -> None:
    first = visit()
    second = Visitor(first.page.context.new_page(), first.language, first.home)
    for tab, own in ((first, OWN), (second, "lampe fliegt nachts")):
        tab.goes_to("/activate/")
        tab.fills_in_activation(
            account=newcomer.account, initial=newcomer.printed, own=own
        )

    first.presses("Activate account")
    is_ready(first)
    second.presses("Activate account")

    second.sees("You are signed in.")
    dn = student_dn(slapd, newcomer.account)
    assert binds(slapd, dn, OWN)
    assert not binds(slapd, dn, "lampe fliegt nachts")
    second.follows("Go on")
    is_ready(second)
    first.page.reload()
    is_ready(first)


def test_everything_works_without_scripts(visit: Visit, newcomer: Newcomer) -> None:
    student = visit(javascript=False, language="en")

    student.goes_to("/")
    student.follows("Activate your account")
    student.fills_in_activation(
        account=newcomer.account, initial=newcomer.printed.lower().replace("-", " ")
    )
    student.presses("Activate account")
    student.arrives_at("/journey/")
    for _ in range(20):
        if student.page.get_by_text(student.say(READY)).count():
            break
        student.page.wait_for_timeout(500)
        student.page.reload()

    is_ready(student)
