"""What happened to an account, told to its owner."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.journal.record import record
from accounts.people.models import Person
from accounts.signin import terms
from onboarding.journey.acts import TOLD
from onboarding.journey.history import LINES_A_PAGE, history, told
from tests.cast import NOW, a_colleague, a_student, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def cem() -> Person:
    person = a_student(activated_at=timezone.now())
    enrolled(person)
    terms.accept(person=person.pk, at=timezone.now())
    return person


@pytest.fixture
def tab(cem: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cem)
    return client


def lines(person: Person) -> list[tuple[str, str, str]]:
    page = history(person=person.pk, page=None)
    with override("en"):
        return [
            (one.sentence, str(one.who), str(one.why or ""))
            for one in map(told, page.object_list)
        ]


def test_each_act_says_what_who_and_why_and_the_newest_comes_first(
    cem: Person,
) -> None:
    desk = a_colleague(given_names="Ada", family_name="Freytag").pk
    me = cem.pk
    record(what="enrolment_new", at=NOW, whom=me)
    record(
        what="letter_failed", at=NOW + timedelta(hours=1), whom=me, who=desk, why="left"
    )
    record(what="account_activated", at=NOW + timedelta(hours=2), whom=me, who=me)
    record(
        what="card_handed_out",
        at=NOW + timedelta(hours=3),
        whom=me,
        who=desk,
        facts={"place": "tutor"},
    )

    assert lines(cem) == [
        ("You got your Leuphana Card.", "By your Opening Week tutor", ""),
        (
            "Your account was activated, with a password that you chose.",
            "By you",
            "",
        ),
        (
            "A letter for you could not be made out.",
            "By student administration",
            "You were not enrolled at that moment.",
        ),
        (
            "Student administration told us that you study here.",
            "By student administration",
            "",
        ),
    ]


def test_facts_that_are_keys_have_words(cem: Person) -> None:
    record(what="step_ticked", at=NOW, whom=cem.pk, facts={"step": "moodle"})
    record(what="mail_address_chosen", at=NOW, whom=cem.pk, facts={"address": "c@x"})
    record(what="mail_address_changed", at=NOW, whom=cem.pk)

    assert [sentence for sentence, _, _ in lines(cem)] == [
        "You changed your e-mail address to …. The one before stays yours.",
        "You chose the e-mail address c@x.",
        "You said that a step is done: Open Moodle.",
    ]


def test_a_row_of_another_version_is_shown_all_the_same(cem: Person) -> None:
    record(what="taken_to_the_moon", at=NOW, whom=cem.pk, facts={"%": 1})

    assert lines(cem)[0][0].startswith("Something was noted")


def test_no_page_names_a_colleague_or_what_belongs_to_others(
    cem: Person, tab: Client
) -> None:
    desk = a_colleague(given_names="Adamantia", family_name="Freytag")
    facts = {"run": "run-of-letters"}
    record(what="letter_issued", at=NOW, whom=cem.pk, who=desk.pk, facts=facts)
    record(what="mailbox_proved", at=NOW, whom=a_student().pk)
    record(what="cohort_applied", at=NOW, who=desk.pk)

    page = tab.get("/journey/history/").content.decode()

    assert "A letter with a new initial password" in page
    others = ("Adamantia", "Freytag", desk.account_name, "run-of", "mailbox", "cohort")
    for foreign in others:
        assert foreign not in page


def test_what_stands_in_facts_is_no_markup(cem: Person, tab: Client) -> None:
    bad = {"address": "<script>x</script>"}
    record(what="mail_address_chosen", at=NOW, whom=cem.pk, facts=bad)

    assert "<script>x" not in tab.get("/journey/history/").content.decode()


def test_a_long_history_has_pages_and_costs_what_a_short_one_does(
    cem: Person, tab: Client
) -> None:
    counted = []
    for more in (1, 3 * LINES_A_PAGE):
        for number in range(more):
            at = NOW + timedelta(minutes=number)
            record(what="password_changed", at=at, whom=cem.pk, who=cem.pk)
        with CaptureQueriesContext(connection) as queries:
            page = tab.get("/journey/history/")
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert page.content.decode().count("You changed your password.") == LINES_A_PAGE
    last = tab.get("/journey/history/?page=99").content.decode()
    assert last.count("You changed your password.") == 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_act_is_told_in_both_languages(
    cem: Person, tab: Client, language: str
) -> None:
    tab.cookies["django_language"] = language
    for number, act in enumerate(TOLD):
        at = NOW + timedelta(minutes=number)
        record(what=act, at=at, whom=cem.pk, who=cem.pk)

    pages = [tab.get(f"/journey/history/?page={page}") for page in (1, 2)]

    assert {page.status_code for page in pages} == {200}
    assert all(f'lang="{language}"' in page.content.decode() for page in pages)
