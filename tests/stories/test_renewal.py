"""News comes into a page that stands open, and takes nothing from whoever uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.catalogue.systems import MAILBOX
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import MailedCode, Purpose
from tests.cast import a_first_year
from tests.services.chromium import DESKTOP
from tests.stories.conftest import Visit
from tests.stories.counter import Agent
from tests.stories.newcomers import an_active_student
from tests.stories.test_desk import signed_in
from tests.stories.weekdays import comes

pytestmark = pytest.mark.story

LATER = timedelta(hours=1)
# Milliseconds within which a page looks for news once more.
AGAIN = 30_000
NEWS = "There is news. This page has been brought up to date."
CODE = "Code from the e-mail"
STAYS = "window.sameWindow = true"
STAYED = "window.sameWindow === true"


@pytest.fixture
def agent(visit: Visit, colleagues: None) -> Agent:
    agent = Agent(signed_in(visit(language="en", screen=DESKTOP), "helpdesk"))
    agent.follows("Help desk")
    return agent


@pytest.mark.timeout(300)
def test_news_of_a_record_leaves_the_next_search_as_it_is_being_typed(
    agent: Agent,
) -> None:
    quentin = under_way(a_first_year(family_name="Quentin"))
    a_first_year(given_names="Tove", family_name="Verlegen")
    page = opens(agent, quentin)
    field = page.locator("[data-search]")
    with held_back(page, page.url):
        with page.expect_request(page.url):
            settled(quentin)
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.type("verl")
    agent.sees(NEWS)
    expect(field).to_have_value("verl")
    expect(field).to_be_focused()
    assert page.evaluate(STAYED)

    page.keyboard.type("egen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    agent.sees("Tove Verlegen")


@pytest.mark.timeout(300)
def test_news_of_a_record_leaves_what_is_open_and_where_the_keyboard_is(
    agent: Agent,
) -> None:
    quentin = under_way(a_first_year(activated_at=timezone.now()))
    page = opens(agent, quentin)
    folded = page.locator("details[data-read]").first
    agent.keys.opens(folded.locator("summary"))
    mailbox = page.get_by_role("row").filter(has_text="Mailbox")
    expect(mailbox).not_to_contain_text("every night")

    settled(quentin)
    agent.sees(NEWS)
    expect(mailbox).to_contain_text("every night")
    expect(folded).to_have_attribute("open", "")
    expect(folded.locator("summary")).to_be_focused()
    # Nobody asks any more: there is nothing left to wait for.
    expect(page.locator("[data-poll]")).to_have_count(1)
    assert page.evaluate(STAYED)


@pytest.mark.timeout(300)
def test_a_trouble_that_is_over_stays_while_somebody_reads_it(agent: Agent) -> None:
    quentin = under_way(a_first_year(activated_at=timezone.now()))
    page = opens(agent, quentin)
    folded = page.locator("details#trouble-no_address")
    folded.locator("summary").click()

    MailAddress.objects.create(
        person=quentin, address="cem@leuphana.example", chosen_at=timezone.now()
    )
    settled(quentin)
    asks_for_itself_twice(page)
    expect(folded.locator("blockquote").first).to_be_visible()
    folded.locator("summary").click()

    expect(folded).to_have_count(0, timeout=AGAIN)
    assert page.evaluate(STAYED)


@pytest.mark.timeout(300)
def test_a_record_in_another_language_waits_until_nobody_types(agent: Agent) -> None:
    quentin = under_way(a_first_year(family_name="Quentin"))
    page = opens(agent, quentin)
    page.keyboard.press("/")
    page.keyboard.type("verl")
    page.context.add_cookies(
        [{"name": "django_language", "value": "de", "url": page.url}]
    )

    settled(quentin)
    asks_for_itself_twice(page)
    expect(page.locator("[data-search]")).to_have_value("verl")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.locator("[data-search]").blur()

    expect(page.locator("html")).to_have_attribute("lang", "de", timeout=30_000)


@pytest.mark.timeout(300)
def test_a_code_stays_while_it_is_typed_though_another_window_was_quicker(
    visit: Visit,
) -> None:
    student = comes(visit(language="en"), expecting_a_code(), "/mail/code/")
    student.types("12", CODE)

    MailAddress.objects.update(proved_at=timezone.now())
    asks_for_itself_twice(student.page)
    expect(student.field(CODE)).to_have_value("12")

    student.types("", CODE)
    student.field(CODE).blur()
    student.sees("Your e-mail is ready", seconds=30)


@pytest.mark.timeout(300)
def test_what_the_buttons_of_a_renewed_page_do_they_do_still(visit: Visit) -> None:
    person = under_way(an_active_student())
    student = comes(visit(language="en"), person, "/journey/")
    page = student.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(STAYS)

    settled(person)
    student.sees(NEWS)
    page.get_by_role("button", name="Copy").click()

    student.sees("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == person.account_name
    assert page.evaluate(STAYED)


def opens(agent: Agent, person: Person) -> Page:
    agent.finds(person.account_name)
    agent.opens()
    agent.keys.page.evaluate(STAYS)
    return agent.keys.page


def under_way(person: Person) -> Person:
    """Let a system be at work, with nobody to look for a while."""
    facts = {"generation": 2, "settled_generation": 1, "failures": 0, "last_error": ""}
    Sync.objects.update_or_create(
        person=person,
        system=MAILBOX,
        defaults={**facts, "due_at": timezone.now() + LATER},
    )
    return person


def settled(person: Person) -> None:
    Sync.objects.filter(person=person).update(
        settled_generation=F("generation"), settled_at=timezone.now(), due_at=None
    )


def expecting_a_code() -> Person:
    """Give somebody whose mailbox is ready, and whose code is on its way."""
    person, at = an_active_student(), timezone.now()
    settled(under_way(person))
    address = MailAddress.objects.create(
        person=person, address="cem@leuphana.example", chosen_at=at
    )
    code = MailedCode.objects.create(
        person=person,
        purpose=Purpose.PROVE_MAILBOX,
        address=address.address,
        asked_at=at,
        good_until=at + LATER,
    )
    Mail.objects.create(
        person=person,
        message="code_prove_mailbox",
        address=address.address,
        occasion=f"code:{code.pk}",
        asked_at=at,
        due_at=at + LATER,
    )
    return person


@contextmanager
def held_back(page: Page, address: str) -> Iterator[None]:
    """Keep the next answer from an address until the end."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold, times=1)
    yield
    for one in held:
        one.continue_()


def asks_for_itself_twice(page: Page) -> None:
    """Wait until a page has had news, and has had to leave them."""
    for _ in range(2):
        page.wait_for_event("request", lambda one: one.url == page.url, timeout=AGAIN)
