"""The auditor reads who looked at whom, and takes it along."""

import csv
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.watch.journal import A_PAGE
from tests.cast import a_colleague
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens, text

pytestmark = pytest.mark.django_db

PAGE, FILE = "/watch/journal/", "/watch/journal/journal.csv"


@pytest.fixture
def auditor(desk: Desk) -> Client:
    return desk(a_colleague(account_name="auditor"))


def table(client: Client, **asked: str) -> list[list[str]]:
    content = b"".join(client.get(FILE, asked)).decode("utf-8-sig")
    return list(csv.reader(content.splitlines(), delimiter=";"))[1:]


def act(
    what: str = "looked_again",
    *,
    at: datetime | None = None,
    who: Person | None = None,
    whom: Person | None = None,
    why: str = "",
) -> None:
    Event.objects.create(
        what=what, at=at or timezone.now(), who=who, whom=whom, why=why
    )


def test_a_look_stands_there_with_who_whom_and_why(
    desk: Desk, tarek: Person, cem: Person, auditor: Client
) -> None:
    opens(desk(tarek), cem)

    page = text(auditor.get(PAGE))

    assert f"record_looked_at helpdesk {cem.account_name} Reason: counter" in page
    assert "Sondermann" not in page


def test_each_part_is_found_and_the_file_says_the_same(
    tarek: Person, solveig: Person, cem: Person, auditor: Client
) -> None:
    now = timezone.now()
    day = timezone.localdate(now).isoformat()
    act(at=now, who=tarek, whom=cem)
    act("sessions_ended", at=now, who=solveig, whom=cem)
    act("note_written", at=now - timedelta(days=40), who=tarek, whom=cem)
    for asked, acts in (
        ({"who": "HELPDESK"}, {"looked_again", "note_written"}),
        ({"who": "helpdesk", "what": "note_written"}, {"note_written"}),
        ({"whom": cem.account_name, "first": day}, {"looked_again", "sessions_ended"}),
        ({"whom": cem.account_name, "last": "2020-01-01"}, set()),
    ):
        page = auditor.get(PAGE, asked)

        assert {line.what for line in page.context["lines"]} == acts
        assert {row[1] for row in table(auditor, **asked)} == acts


def test_whoever_reads_stands_there_too(auditor: Client) -> None:
    auditor.get(PAGE, {"who": "auditor"})
    table(auditor)

    facts = list(Event.objects.order_by("pk").values_list("facts", flat=True))
    assert facts == [{"list": "journal", "who": "auditor"}, {"list": "journal_file"}]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"who": "nobody-here"}, "The portal knows no such account."),
        ({"first": "soon"}, "Enter a day, like 5.10.2026."),
        ({"last": "9999-12-31"}, "Enter a day, like 5.10.2026."),
        ({"what": "slept"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_asked_is_told_and_gives_no_file(
    auditor: Client, asked: dict[str, str], sentence: str
) -> None:
    assert sentence in text(auditor.get(PAGE, asked))

    answer = auditor.get(FILE, asked)
    assert answer.status_code == 302
    assert sentence in text(auditor.get(answer["Location"]))
    assert not Event.objects.exists()


def test_a_long_journal_is_read_page_by_page(auditor: Client, cem: Person) -> None:
    for _ in range(A_PAGE + 1):
        act(whom=cem)

    first, second = (
        auditor.get(PAGE, {"whom": cem.account_name, "page": page}) for page in "12"
    )

    assert len(first.context["lines"]) == A_PAGE
    assert len(second.context["lines"]) == 1
    assert "the portal" in text(second)


def test_no_cell_of_the_file_is_a_formula(auditor: Client, tarek: Person) -> None:
    act(who=tarek, why="=HYPERLINK(1)")

    assert table(auditor)[-1][4] == "'=HYPERLINK(1)"
