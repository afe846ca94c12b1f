"""The back button, after the ordinary slip."""

import pytest

from tests.stories.conftest import Visit
from tests.stories.newcomers import Newcomer
from tests.stories.visitor import OWN

pytestmark = pytest.mark.story


def test_back_after_a_slip_and_a_success_leads_on(
    visit: Visit, newcomer: Newcomer
) -> None:
    student = visit()
    first = "4" if newcomer.secret[0] != "4" else "7"
    student.activates(account=newcomer.account, initial=first + newcomer.secret[1:])
    student.types(newcomer.printed, "Initial password")
    student.types(OWN, "New password")
    student.agrees()
    student.presses("Activate account")
    student.arrives_at("/journey/")

    student.page.go_back()

    student.arrives_at("/journey/")
    student.sees("Your account is ready.")
