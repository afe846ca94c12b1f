"""Colleagues set up what they prove beside the password, and use it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from accounts.factors.models import Factor
from onboarding.demo import staff
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from tests.services.chromium import PHONE, Complaints
from tests.services.portal import Portal, address_of_the_test_database, running
from tests.services.smtp import Postbox
from tests.stories.conftest import Visit
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.story

ACCOUNT = "auditor"
REFUSED = "This passkey was not accepted. Please try once more."
# A phone that knows its owner's finger (W3C, Web Authentication 2, 11.2).
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """Chromium's virtual authenticator."""

    def __init__(self, page: Page) -> None:
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        made = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
        self.name = made["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        told = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.name})
        keys: list[dict[str, Any]] = told["credentials"]
        return keys

    def is_a_copy_from(self, count: int) -> None:
        """Go on with a counter of before, as a copy of the device would."""
        (key,) = self.keys()
        mine = {"authenticatorId": self.name}
        self.line.send(
            "WebAuthn.removeCredential", {**mine, "credentialId": key["credentialId"]}
        )
        copy = {**key, "signCount": count}
        self.line.send("WebAuthn.addCredential", {**mine, "credential": copy})

    def knows_its_owner(self, verified: str) -> None:
        told = {"authenticatorId": self.name, "isUserVerified": verified == "yes"}
        self.line.send("WebAuthn.setUserVerified", told)


@pytest.fixture
def by_name(
    transactional_db: None,
    static_files: object,
    slapd: Slapd,
    redis: Redis,
    smtp: Postbox,
) -> Iterator[Portal]:
    """Give a portal at an address with a name: at others there are no passkeys."""
    portal = Portal(database_url=address_of_the_test_database(), host="localhost")
    running["by_name"] = portal
    portal.start()
    yield portal
    running.pop("by_name").stop()


@pytest.fixture
def auditor(
    by_name: Portal,
    colleagues: None,
    new_context: CreateContextCallback,
    complaints: Complaints,
) -> Visitor:
    context = new_context(
        viewport={"width": PHONE.width, "height": PHONE.height}, locale="en-GB"
    )
    page = context.new_page()
    page.on("console", complaints.hear)
    page.on("pageerror", complaints.crash)
    return Visitor(page=page, language="en", home=by_name.url)


def types_the_password(visitor: Visitor, account: str = ACCOUNT) -> None:
    visitor.goes_to("/sign-in/?next=/desks/")
    visitor.types(account, "User name")
    visitor.types(staff.PASSWORD, "Password")
    visitor.page.get_by_role("main").get_by_role(
        "button", name=visitor.say("Sign in"), exact=True
    ).click()


def leaves(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=visitor.say("Sign out")).click()
    visitor.page.wait_for_url(f"{visitor.home}/")


def count() -> int:
    return Factor.objects.get(person__account_name=ACCOUNT).sign_count


@pytest.mark.timeout(180)
def test_a_passkey_is_set_up_used_and_its_copy_refused(auditor: Visitor) -> None:
    device = Device(auditor.page)
    types_the_password(auditor)
    auditor.sees("Set up a second factor")
    auditor.presses("Set up a passkey")
    auditor.arrives_at("/desks/")
    first = count()

    leaves(auditor)
    types_the_password(auditor)
    with auditor.page.expect_request("**/second/passkey/") as sent:
        auditor.presses("Use the passkey")
    auditor.arrives_at("/desks/")
    assert count() > first

    # What was said once is good for nothing a second time.
    leaves(auditor)
    types_the_password(auditor)
    auditor.sees("Second step")
    answer = parse_qs(sent.value.post_data or "")["answer"][0]
    auditor.page.evaluate(
        """answer => {
            const form = document.querySelector("[data-passkey] form");
            form.elements.answer.value = answer;
            form.submit();
        }""",
        answer,
    )
    auditor.sees(REFUSED)

    device.is_a_copy_from(first)
    with auditor.page.expect_navigation():
        auditor.presses("Use the passkey")
    auditor.sees(REFUSED)
    auditor.goes_to("/desks/")
    auditor.sees("Second step")


@pytest.mark.timeout(180)
def test_a_device_that_does_not_know_its_owner_opens_nothing(auditor: Visitor) -> None:
    device = Device(auditor.page)
    types_the_password(auditor)
    auditor.sees("Set up a second factor")
    device.knows_its_owner("no")
    auditor.presses("Set up a passkey")

    auditor.sees("The device gave no passkey. Try once more, or take the authenticator")
    assert not Factor.objects.exists()

    device.knows_its_owner("yes")
    auditor.presses("Set up a passkey")
    auditor.arrives_at("/desks/")


@pytest.mark.timeout(180)
def test_a_second_device_opens_too_and_the_first_may_go(auditor: Visitor) -> None:
    Device(auditor.page)
    types_the_password(auditor)
    auditor.presses("Set up a passkey")
    auditor.arrives_at("/desks/")

    auditor.follows("Your second factor")
    auditor.sees("The only one cannot be removed")
    auditor.follows("Set up another one")
    sets_an_app_up(auditor)
    auditor.arrives_at("/sign-in/second/own/")
    auditor.page.get_by_role("button", name="Remove: Passkey").click()

    expect(auditor.page.get_by_role("heading", name="Passkey")).to_have_count(0)
    auditor.sees("The only one cannot be removed")
    kept = Factor.objects.filter(removed_at=None).values_list("kind", flat=True)
    assert list(kept) == ["app"]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_an_app_is_set_up_with_and_without_scripts(
    visit: Visit, colleagues: None, javascript: object
) -> None:
    visitor = visit(language="de", javascript=bool(javascript))
    types_the_password(visitor)
    visitor.sees("Set up a second factor")

    sets_an_app_up(visitor)

    visitor.arrives_at("/desks/")


def sets_an_app_up(visitor: Visitor) -> None:
    visitor.presses("Set up an app")
    key = visitor.page.locator("code.copyable__text").inner_text()
    visitor.types(pyotp.TOTP(key.replace(" ", "")).now(), "Code from the app")
    visitor.presses("Confirm the app")
