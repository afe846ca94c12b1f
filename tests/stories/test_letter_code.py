"""The letter's QR code spares the typing, and its secret stays in the browser."""

import pytest
from playwright.sync_api import expect

from onboarding.enrolment.letter_words import scanned_address
from tests.services.chromium import Browse
from tests.services.portal import Portal
from tests.stories.newcomers import Newcomer
from tests.stories.relay import relayed
from tests.stories.visitor import OWN, Visitor

pytestmark = pytest.mark.story


def test_the_scanned_secret_fills_the_field_and_is_sent_by_the_student_alone(
    portal: Portal, browse: Browse, newcomer: Newcomer
) -> None:
    address = scanned_address(account_name=newcomer.account, secret=newcomer.printed)
    path = "/activate" + address.partition("/activate")[2]

    with relayed(to=portal.port) as line:
        student = Visitor(page=browse(), language="de", home=line.url)
        student.goes_to(path)

        expect(student.field("User name")).to_have_value(newcomer.account)
        expect(student.field("Initial password")).to_have_value(newcomer.secret)
        student.sees("Your letter has filled in your user name and initial password.")
        student.arrives_at("/activate/")
        student.page.reload()
        # All that the portal has heard so far: neither what was scanned nor a part.
        assert newcomer.account.encode() not in line.asked
        assert newcomer.secret[:6].encode() not in line.asked

        student.goes_to(path)
        student.types(OWN, "New password")
        student.agrees()
        student.presses("Activate account")
        student.arrives_at("/journey/")
        assert b"POST /activate/" in line.asked
