"""Closing, taking over, and what Finance reads, as colleagues see it."""

import csv
import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.cards import cash
from onboarding.cards.deposits import Settlement, keep_surplus, owed
from onboarding.cards.handout import hand_out, undo
from onboarding.cards.ledger import balance
from onboarding.cards.models import (
    Account,
    CashDecision,
    LedgerEntry,
    Reason,
    Shift,
    ShiftCount,
    ShiftHandOver,
)
from onboarding.demo.servers.slapd import Slapd
from tests.cast import NOW, a_colleague, a_first_year
from tests.onboarding.cards.conftest import Acting, a_number, signed_in
from tests.onboarding.cards.pages import hidden, text

pytestmark = pytest.mark.django_db

CLOSING, TILLS = "/library/closing/", "/finance/tills/"
NUMBER = a_number()
PERIOD = "?first=2026-09-01&last=2026-09-30"


@pytest.fixture
def finance(slapd: Slapd) -> Client:
    wessel = a_colleague(account_name="finance", family_name="Wessel")
    return signed_in(slapd, wessel)


@pytest.fixture
def till(cem: Person, act: Acting) -> Shift:
    """Give the desk's till with ten euros in it."""
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    return Shift.objects.get()


@pytest.fixture
def counted(till: Shift, mirjam: Person) -> Shift:
    cash.count(key=till.key, act=uuid4(), counted_cents=900, by=mirjam, at=NOW)
    return till


def press(client: Client, path: str, asked: Any, times: int = 1) -> Any:
    sent = hidden(asked)
    assert "act" in sent, text(asked)
    return [client.post(path, sent) for _ in range(times)][-1]


def test_the_till_is_counted_blind_and_then_told(desk: Client, till: Shift) -> None:
    before = desk.get(CLOSING)
    asked = desk.post(CLOSING, {"counted": "9,50 €"})
    done = press(desk, CLOSING, asked, 3)
    after = text(desk.get(done.headers["Location"]))

    for page in (before, asked):
        assert "10.00" not in page.content.decode()
        assert "1000" not in page.content.decode()
    assert "€9.50" in text(asked)
    assert ShiftCount.objects.get().counted_cents == 950
    assert "€9.50 €10.00 €0.50 too little not yet" in after
    assert "No cash has come or gone" in after


def test_a_second_button_does_not_count_the_next_till(
    desk: Client, till: Shift, act: Acting
) -> None:
    asked = desk.post(CLOSING, {"counted": "10"})
    press(desk, CLOSING, asked)
    hand_out(act=act(a_first_year()), number=a_number(2), how=Settlement.PAID)

    assert press(desk, CLOSING, asked).status_code == 302
    assert ShiftCount.objects.count() == 1


def test_two_colleagues_close_one_till_once(desk: Client, till: Shift) -> None:
    one, two = (desk.post(CLOSING, {"counted": amount}) for amount in ("10", "9"))
    press(desk, CLOSING, one)

    answer = press(desk, CLOSING, two)

    assert answer.status_code == 409
    assert "counted already" in text(answer)
    assert ShiftCount.objects.get().counted_cents == 1000


@pytest.mark.parametrize("typed", ["", "ten", "-1", "1,5", "1.000,00", "1e3", "'", "٣"])
def test_an_amount_is_euros_and_cents(desk: Client, till: Shift, typed: str) -> None:
    assert desk.post(CLOSING, {"counted": typed}).status_code == 422
    assert not ShiftCount.objects.exists()


def test_without_a_till_nothing_is_counted(desk: Client, till: Shift) -> None:
    for sent in ({"till": "x"}, {"till": str(uuid4())}, {"till": str(till.key)}):
        forced = {"act": str(uuid4()), **sent}
        assert desk.post(CLOSING, forced).status_code == 404


def test_finance_takes_the_cash_over_once(finance: Client, counted: Shift) -> None:
    path = f"{TILLS}{counted.pk}/"
    listed = text(finance.get(TILLS))
    asked = finance.get(path)
    done = press(finance, path, asked, 3)

    assert f"Take over {counted} of 15 September 2026" in listed
    assert "€1.00 too little" in listed
    assert "€9.00" in text(asked)
    assert done.status_code == 302
    assert ShiftHandOver.objects.get().cents == 900
    assert balance(Account.CASH) == 0
    again = finance.post(path, {"act": str(uuid4())})
    assert again.status_code == 409
    assert "taken over already" in text(again)


def test_nobody_takes_over_what_they_counted(desk: Client, counted: Shift) -> None:
    page = text(desk.get(TILLS))
    forced = desk.post(f"{TILLS}{counted.pk}/", {"act": str(uuid4())})

    assert "by a second person" in page
    assert forced.status_code == 409
    assert not ShiftHandOver.objects.exists()


def test_an_open_till_says_nothing_and_is_not_taken_over(
    finance: Client, till: Shift
) -> None:
    page = text(finance.get(TILLS))

    assert "still open" in page
    assert "10.00" not in page
    assert finance.get(f"{TILLS}{till.pk}/").status_code == 404
    forced = finance.post(f"{TILLS}{till.pk}/", {"act": str(uuid4())})
    assert forced.status_code == 409


def test_the_accounts_stand_on_both_sides_alike(
    finance: Client, counted: Shift, act: Acting
) -> None:
    page = text(finance.get("/finance/"))

    assert "In the tills €9.00" in page
    assert "Deposits of cards in hand €10.00" in page
    assert "Cash differences €1.00" in page
    assert "All accounts €10.00 €10.00" in page


def test_who_paid_too_much_is_a_task_without_a_name(
    finance: Client, cem: Person, act: Acting
) -> None:
    keep_surplus(act=act(cem), cents=1000)

    page = text(finance.get("/finance/"))

    assert f"{cem.account_name} €10.00 L26-00001" in page
    assert "Sondermann" not in page


def test_finance_decides_when_tutors_take_cash(finance: Client) -> None:
    path = "/finance/tutors-cash/"
    now = timezone.localtime()
    said = {
        "tutors": "on",
        "begins_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    press(finance, path, finance.post(path, said), 3)
    assert cash.allowed(at=timezone.now())
    assert CashDecision.objects.count() == 1
    assert "tutors take cash from" in text(finance.get("/finance/"))

    press(finance, path, finance.post(path, {"tutors": "off"}), 2)

    assert not cash.allowed(at=timezone.now())
    assert "tutors take no cash" in text(finance.get("/finance/"))
    assert Event.objects.filter(what="tutors_cash_decided").count() == 2


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"tutors": "maybe"},
        {"tutors": "on"},
        {"tutors": "on", "begins_at": "2026-09-15T10:00", "ends_at": "soon"},
        {
            "tutors": "on",
            "begins_at": "2026-09-15T10:00",
            "ends_at": "2026-09-15T09:00",
        },
    ],
)
def test_a_period_has_two_ends(finance: Client, said: dict[str, str]) -> None:
    assert finance.post("/finance/tutors-cash/", said).status_code == 422
    assert not CashDecision.objects.exists()


def test_finance_waives_with_a_reason(
    finance: Client, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)
    path = "/finance/waive/"
    said = {"account": f" {cem.account_name.upper()} ", "reason": "scholarship"}
    asked = finance.post(path, said)
    done = press(finance, path, asked, 2)

    assert "€10.00" in text(asked)
    assert "Sondermann" not in text(asked)
    assert done.status_code == 302
    assert owed(cem.pk) == 0
    entry = LedgerEntry.objects.get(kind="deposit_waiver")
    assert entry.reason == Reason.SCHOLARSHIP
    assert finance.post(path, {**said, "reason": ""}).status_code == 422
    assert finance.post(path, {**said, "account": "x"}).status_code == 422
    nothing = press(finance, path, finance.post(path, said))
    assert nothing.status_code == 409


def test_a_period_is_added_up_and_taken_along(
    *, finance: Client, counted: Shift, act: Acting, cem: Person, tmp_path: Path
) -> None:
    first = act(a_first_year(account_name="=cmd"))
    hand_out(act=first, number=a_number(2), how=Settlement.PAID)
    undo(act=act(first.person), of=first.id)

    page = text(finance.get(f"/finance/period/{PERIOD}"))
    answer: Any = finance.get(f"/finance/period/entries.csv{PERIOD}")
    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    paper = tmp_path / "sums.pdf"
    paper.write_bytes(finance.get(f"/finance/period/sums.pdf{PERIOD}").content)
    pdftotext = shutil.which("pdftotext")
    assert pdftotext
    printed = subprocess.run(
        [pdftotext, "-layout", paper, "-"], check=True, capture_output=True, text=True
    ).stdout

    assert "Deposit paid 2 €20.00 €10.00" in page
    assert len(rows) == 1 + LedgerEntry.objects.count()
    assert {len(row) for row in rows} == {12}
    assert "\r\n" in table
    assert "'=cmd" in {row[5] for row in rows}
    assert cem.account_name in table
    assert "311…2827" in table
    assert rows[-1][-1] == "L26-00002"
    for private in (NUMBER, "Sondermann", str(cem.matriculation_no)):
        assert private not in table
    for word in ("Deposits and fees", "€20.00", "Cash differences"):
        assert word in printed


@pytest.mark.parametrize(
    "query",
    ["", "?first=x&last=y", "?first=2026-09-30&last=2026-09-01", "?first=%00&last=1"],
)
def test_a_period_that_is_none(finance: Client, query: str) -> None:
    for file in ("entries.csv", "sums.pdf"):
        assert finance.get(f"/finance/period/{file}{query}").status_code == 404
    assert finance.get(f"/finance/period/{query}").status_code in {200, 422}


def test_long_lists_take_as_many_queries_as_short_ones(
    finance: Client, act: Acting, mirjam: Person
) -> None:
    counted = []
    for many in (1, 49):
        for serial in range(many):
            student = a_first_year()
            number = a_number(100 * many + serial)
            hand_out(act=act(student), number=number, how=Settlement.PAID)
            keep_surplus(act=act(student), cents=100)
            key = Shift.objects.latest("pk").key
            cash.count(key=key, act=uuid4(), counted_cents=0, by=mirjam, at=NOW)
        queries = []
        for path in ("/finance/", TILLS, f"/finance/period/{PERIOD}"):
            finance.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                finance.get(path)
            queries.append(len(asked))
        counted.append(queries)

    assert counted[0] == counted[1]
