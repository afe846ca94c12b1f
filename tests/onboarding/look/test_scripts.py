import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.catalogue.systems import MAILBOX
from accounts.due.mark import mark
from tests.services.chromium import DESKTOP, Browse
from tests.services.portal import Portal
from tests.stories.newcomers import an_active_student
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.story

BROUGHT = "#account=lg012345&secret=7KMX-4TQP-H2WN"


@pytest.fixture
def activation(browse: Browse, portal: Portal) -> Page:
    page = browse(language="en")
    page.goto(portal.url + "/activate/")
    return page


def met(page: Page) -> list[str]:
    rules = page.locator(".rule--met").all()
    return [rule.get_attribute("data-rule") or "" for rule in rules]


def test_the_letters_code_fills_the_fields_and_reaches_no_server(
    browse: Browse, portal: Portal
) -> None:
    page = browse()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.headers}"))

    page.goto(portal.url + "/activate/" + BROUGHT)

    expect(page.locator("#id_account")).to_have_value("lg012345")
    expect(page.locator("#id_initial_password")).to_have_value("7KMX-4TQP-H2WN")
    expect(page).to_have_url(portal.url + "/activate/")
    assert not any("7KMX" in request for request in sent)


def test_rules_are_ticked_while_somebody_types(activation: Page) -> None:
    activation.fill("#id_account", "LG012345")
    activation.fill("#id_initial_password", "7KMX-4TQP-H2WN")

    activation.fill("#id_new_password", "lg012345 ist kurz")
    assert met(activation) == ["length", "ascii", "initial"]
    activation.fill("#id_new_password", "drei grüne Vögel")
    assert met(activation) == ["length", "account", "initial"]
    activation.fill("#id_new_password", "7kmx 4tqp h2wn")
    assert met(activation) == ["length", "ascii", "account"]
    activation.fill("#id_new_password", "kurz")
    assert met(activation) == ["ascii", "account", "initial"]
    activation.fill("#id_new_password", "kiesel tanzt barfuss")

    status = activation.locator(".rules [role=status]")
    expect(status).to_have_text("4 of 4 rules are met.")


def test_a_password_is_shown_on_a_press_and_sent_hidden(activation: Page) -> None:
    secret = activation.locator("#id_new_password")
    secret.fill("kiesel tanzt barfuss")

    activation.get_by_role("button", name="Show: New password").click()
    expect(secret).to_have_attribute("type", "text")
    activation.get_by_role("button", name="Hide: New password").click()

    expect(secret).to_have_attribute("type", "password")


def test_what_went_wrong_is_read_first(activation: Page) -> None:
    activation.get_by_role("button", name="Activate account").click()

    expect(activation).to_have_title("Error: Activate your account – Leuphana Start")
    summary = activation.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Enter your user name.").click()
    expect(activation.locator("#id_account")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_the_language_changes_on_the_same_page(
    browse: Browse, portal: Portal, *, javascript: bool
) -> None:
    page = browse(language="en", screen=DESKTOP, javascript=javascript)
    page.goto(portal.url + "/help/?from=letter")

    page.get_by_role("button", name="Deutsch").click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(portal.url + "/help/?from=letter")


def test_news_hold_nobody_up_who_is_on_the_way_to_another_page(
    portal: Portal, browse: Browse
) -> None:
    student = an_active_student()
    portal.worker.stop()
    mark(people=[student.pk], systems=[MAILBOX], at=timezone.now())
    page = browse(language="en")
    visitor = Visitor(page=page, language="en", home=portal.url)
    visitor.goes_to("/sign-in/")
    visitor.signs_in(account=student.account_name)
    looks: list[Route] = []
    pages: list[Route] = []
    held_back(page, "**/journey/status.json", into=looks)
    held_back(page, "**/journey/history/", into=pages)
    visitor.goes_to("/journey/")
    comes(page, looks)

    page.evaluate("location.assign('/journey/history/')")
    comes(page, pages)
    looks[0].fulfill(json={"changed": True, "version": "news", "settled": False})
    page.wait_for_timeout(500)
    pages[0].continue_()

    expect(page).to_have_url(portal.url + "/journey/history/")


def held_back(page: Page, address: str, *, into: list[Route]) -> None:
    def hold(asked: Route) -> None:
        into.append(asked)

    page.route(address, hold)


def comes(page: Page, asked: list[Route]) -> None:
    """Wait until the browser has asked for something that is held back."""
    for _ in range(100):
        if asked:
            return
        page.wait_for_timeout(100)
    raise AssertionError("Nobody asked.")
