"""What people see while a server is away, and after it has come back."""

import time

import pytest
from playwright.sync_api import expect

from accounts.signin.models import Attempts
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import binds, student_dn
from tests.services.portal import Portal
from tests.stories.conftest import Visit
from tests.stories.newcomers import Newcomer, an_active_student
from tests.stories.test_activation import ONE_ANSWER
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.story, pytest.mark.faults]

READY = "Your account is ready."
SWITCHING_ON = (
    "Your password is in force. We are switching on your services; that usually takes a"
    " few seconds."
)


def test_a_directory_that_is_away_during_activation_costs_only_the_typing(
    visit: Visit, newcomer: Newcomer, slapd: Slapd
) -> None:
    student = visit()
    student.goes_to("/activate/")
    student.fills_in_activation(account=newcomer.account, initial=newcomer.printed)
    slapd.kill()

    student.presses("Activate account")

    student.sees("What works meanwhile")
    student.sees_not(ONE_ANSWER)
    expect(student.field("User name")).to_have_value(newcomer.account)
    assert not Attempts.objects.filter(failures__gt=0).exists()

    slapd.start()
    student.types(newcomer.printed, "Initial password")
    student.types(OWN, "New password")
    student.agrees()
    student.presses("Activate account")
    student.arrives_at("/journey/")
    student.sees(READY)


def test_a_directory_that_is_away_is_nobodys_wrong_password(
    visit: Visit, slapd: Slapd, portal: Portal
) -> None:
    person = an_active_student()
    student = visit(language="en")
    student.goes_to("/sign-in/")
    slapd.kill()

    student.signs_in(account=person.account_name)
    student.sees("What works meanwhile")
    assert not Attempts.objects.filter(failures__gt=0).exists()

    slapd.start()
    student.signs_in(account=person.account_name)
    student.arrives_at("/journey/")


def test_without_redis_nobody_waits_long(
    visit: Visit, newcomer: Newcomer, redis: Redis
) -> None:
    redis.kill()
    student = visit()
    began = time.monotonic()

    student.activates(account=newcomer.account, initial=newcomer.printed)
    student.arrives_at("/journey/")
    answered = time.monotonic() - began
    student.sees(READY)

    # Wide: it is a second, unless something waits for Redis until it gives up.
    assert answered < 10


def test_without_a_worker_the_page_says_whose_turn_it_is_and_goes_on_by_itself(
    visit: Visit, newcomer: Newcomer, portal: Portal, slapd: Slapd
) -> None:
    portal.worker.kill()
    student = visit()

    student.activates(account=newcomer.account, initial=newcomer.printed)
    student.arrives_at("/journey/")
    student.sees(SWITCHING_ON)
    student.sees("We are on it")
    assert binds(slapd, student_dn(slapd, newcomer.account), OWN)

    portal.start()
    student.sees(READY)
    student.sees_not(SWITCHING_ON)
