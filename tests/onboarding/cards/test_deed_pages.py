"""Cards that come back, get lost or were wrong, as the desk sees it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.catalogue.systems import PAIA
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.cards import cash, returns, stock
from onboarding.cards.deposits import Settlement, keep_surplus, owed
from onboarding.cards.handout import hand_out
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Card, LedgerEntry, Shift, Spot, Why
from tests.cast import NOW, a_first_year
from tests.onboarding.cards.conftest import Acting, a_number
from tests.onboarding.cards.pages import hidden, text

pytestmark = pytest.mark.django_db

NUMBER, ANOTHER = a_number(), a_number(77)
SHOWN = {"photo_id": "on"}


@pytest.fixture
def owner(cem: Person, act: Acting) -> Person:
    """Give a student with a card and a paid deposit."""
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    return cem


def where(number: str) -> str:
    newest = stock.where(number)
    return newest.target if newest else ""


def says(desk: Client, person: Person, deed: str, said: Mapping[str, str]) -> Any:
    return desk.post(f"/library/{person.pk}/{deed}/", dict(said))


def does(
    desk: Client, person: Person, deed: str, times: int = 1, /, **said: str
) -> tuple[str, Any]:
    """Fill in, confirm, press the button so often; give what was asked and the end."""
    asked = says(desk, person, deed, said)
    assert asked.status_code == 200, text(asked)
    sent = hidden(asked)
    assert "act" in sent, text(asked)
    answers = [says(desk, person, deed, sent) for _ in range(times)]
    return text(asked), answers[-1]


def test_one_look_tells_what_is_the_case_and_offers_one_main_thing(
    desk: Client, owner: Person
) -> None:
    page = desk.get(f"/library/{owner.pk}/")
    html = page.content.decode()

    assert "Has a card; nothing is to be paid." in text(page)
    assert html.split("<main")[1].split("</main>")[0].count("kern-btn--primary") == 1
    assert f'kern-btn--primary" href="/library/{owner.pk}/return/"' in html


def test_the_card_comes_back_and_the_deposit_goes(desk: Client, owner: Person) -> None:
    asked, done = does(desk, owner, "return", 3, why="left", **SHOWN)

    assert "Paid back €10.00" in asked
    assert done.status_code == 302
    assert where(NUMBER) == "returned"
    assert balance(Account.CASH) == 0
    assert LedgerEntry.objects.filter(kind="deposit_refund").count() == 1
    assert "Deposit paid back" in text(desk.get(f"/library/{owner.pk}/"))


def test_no_money_goes_out_without_a_look_at_the_photo_id(
    desk: Client, owner: Person
) -> None:
    answer = says(desk, owner, "return", {"why": "left"})

    assert answer.status_code == 422
    assert "Compare the photo ID" in text(answer)
    assert where(NUMBER) == "person"


@pytest.mark.parametrize("state", ["3", "4", ""])
def test_open_library_fees_hold_the_deposit(
    desk: Client, owner: Person, state: str
) -> None:
    said = {"why": "left"}
    if state:
        Evidence.objects.create(
            person=owner,
            system=PAIA,
            key="state",
            value=state,
            first_seen_at=NOW,
            seen_at=NOW,
        )
    else:
        said["fees_open"] = "on"
    asked, _ = does(desk, owner, "return", 1, **said)

    assert "nothing now: library fees are open" in asked
    assert where(NUMBER) == "returned"
    assert balance(Account.CASH) == 1000
    page = text(desk.get(f"/library/{owner.pk}/"))
    assert "€10.00 are to be paid back." in page
    Evidence.objects.all().delete()
    does(desk, owner, "refund", 2, **SHOWN)
    assert balance(Account.CASH) == 0


def test_a_surplus_goes_back_while_the_card_stays(
    desk: Client, owner: Person, act: Acting
) -> None:
    keep_surplus(act=act(owner), cents=1000)

    asked, _ = does(desk, owner, "refund", 2, **SHOWN)

    assert "Paid back €10.00" in asked
    assert (returns.surplus(owner.pk), where(NUMBER)) == (0, "person")


def test_open_fees_hold_no_surplus(desk: Client, owner: Person, act: Acting) -> None:
    keep_surplus(act=act(owner), cents=500)

    asked, done = does(
        desk, owner, "return", 2, why="left", fees_open="on", photo_id="on"
    )

    assert "€5.00; the deposit not yet: fees are open" in asked
    assert done.status_code == 302
    assert (returns.surplus(owner.pk), returns.refundable(owner.pk)) == (0, 1000)


def test_a_lost_card_is_replaced_for_a_new_deposit_and_the_fee(
    desk: Client, owner: Person
) -> None:
    form = text(desk.get(f"/library/{owner.pk}/replace/"))
    asked, _ = does(
        desk,
        owner,
        "replace",
        2,
        why="stolen",
        card_number=ANOTHER,
        deposit="paid",
        **SHOWN,
    )

    assert "credit on a card that is lost cannot be paid back" in form
    assert "€25.00 received" in asked
    assert (where(NUMBER), where(ANOTHER)) == ("lost", "person")
    assert balance(Account.CASH) == 3500
    assert balance(Account.FORFEITED) == -1000
    assert owed(owner.pk) == 0


def test_a_defective_card_is_replaced_free(desk: Client, owner: Person) -> None:
    asked, _ = does(
        desk, owner, "replace", 1, why="damaged", card_number=ANOTHER, **SHOWN
    )

    assert "nothing: free of charge" in asked
    assert (where(NUMBER), where(ANOTHER)) == ("defective", "person")
    assert (owed(owner.pk), balance(Account.CASH)) == (0, 1000)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({}, "Choose the reason"),
        ({"why": "lost", "card_number": ANOTHER, **SHOWN}, "what becomes of the"),
        ({"why": "lost", "deposit": "paid", **SHOWN}, "Scan or type the number"),
        ({"why": "lost", "card_number": ANOTHER, "deposit": "paid"}, "Compare the pho"),
        (
            {"why": "lost", "card_number": ANOTHER, "deposit": "waived", **SHOWN},
            "Choose why",
        ),
        ({"why": "\0", "card_number": "' OR 1", "deposit": "x"}, "digits only"),
    ],
)
def test_what_is_missing_for_a_replacement_is_said_at_the_field(
    desk: Client, owner: Person, said: dict[str, str], complaint: str
) -> None:
    answer = says(desk, owner, "replace", said)

    assert answer.status_code == 422
    assert complaint in text(answer)
    assert where(NUMBER) == "person"


@pytest.mark.parametrize(
    ("why", "spot"), [("lost", "lost"), ("stolen", "lost"), ("damaged", "defective")]
)
def test_a_loss_is_recorded_without_another_card(
    desk: Client, owner: Person, why: str, spot: str
) -> None:
    does(desk, owner, "lost", 2, why=why)

    assert where(NUMBER) == spot


def test_a_blocked_card_keeps_its_deposit_here(desk: Client, owner: Person) -> None:
    does(desk, owner, "block", why="other")

    page = text(desk.get(f"/library/{owner.pk}/"))
    assert where(NUMBER) == "blocked"
    assert "to be paid back" not in page


def test_a_mistake_is_corrected_and_the_money_named(
    desk: Client, owner: Person
) -> None:
    given = desk.get(f"/library/{owner.pk}/undo/")
    of = hidden(given)["of"]
    asked, done = does(desk, owner, "undo", 2, of=of, why="mistake", here="on")

    assert "€10.00, out of the till, now" in asked
    assert done.status_code == 302
    assert (where(NUMBER), balance(Account.CASH)) == ("stock", 0)
    page = text(desk.get(f"/library/{owner.pk}/"))
    assert "Taken back: Recorded by mistake" in page
    # The counter-entry stands with what it takes back.
    assert page.count("Deposit paid") == 1


def test_what_was_counted_becomes_a_surplus(
    desk: Client, owner: Person, mirjam: Person
) -> None:
    key = Shift.objects.get().key
    cash.count(key=key, act=uuid4(), counted_cents=1000, by=mirjam, at=NOW)
    of = hidden(desk.get(f"/library/{owner.pk}/undo/"))["of"]

    asked, _ = does(desk, owner, "undo", of=of, why="mistake", here="on")

    assert "as a surplus that is paid back next" in asked
    assert "€10.00 are to be paid back." in text(desk.get(f"/library/{owner.pk}/"))


def test_two_people_get_each_others_card(
    desk: Client, owner: Person, act: Acting
) -> None:
    noor = a_first_year(given_names="Noor", family_name="Ohlsen")
    hand_out(act=act(noor), number=ANOTHER, how=Settlement.OPEN)

    asked, done = does(desk, owner, "swap", 3, other=ANOTHER)

    assert "Noor Ohlsen 311…2827" in asked
    assert done.status_code == 302
    assert Card.objects.get(number=ANOTHER).holding.person == owner
    assert Card.objects.get(number=NUMBER).holding.person == noor


@pytest.mark.parametrize("other", ["", "nobody", NUMBER])
def test_a_swap_needs_somebody_else(desk: Client, owner: Person, other: str) -> None:
    assert says(desk, owner, "swap", {"other": other}).status_code == 422


def test_the_second_desk_is_told_and_nothing_is_doubled(
    desk: Client, owner: Person, act: Acting
) -> None:
    sent = hidden(says(desk, owner, "return", {"why": "left", **SHOWN}))
    returns.report(act=act(owner), to=Spot.LOST, reason=Why.LOST)

    answer = says(desk, owner, "return", sent)

    assert answer.status_code == 409
    assert "No card is recorded" in text(answer)
    assert balance(Account.CASH) == 1000


def test_nobody_does_anything_for_themselves(desk: Client, mirjam: Person) -> None:
    Person.objects.filter(pk=mirjam.pk).update(kind="student", person_key="P1")

    page = desk.get(f"/library/{mirjam.pk}/lost/")
    forced = says(desk, mirjam, "lost", {"why": "lost", "act": str(uuid4())})

    assert "This is your own record" in text(page)
    assert forced.status_code == 409


@pytest.mark.parametrize("deed", ["nonsense", "record2", "return-now"])
def test_what_is_no_deed_is_not_there(desk: Client, owner: Person, deed: str) -> None:
    assert desk.get(f"/library/{owner.pk}/{deed}/").status_code == 404


def test_an_act_needs_an_id(desk: Client, owner: Person) -> None:
    answer = says(desk, owner, "lost", {"why": "lost", "act": "1"})

    assert answer.status_code == 404
    assert where(NUMBER) == "person"


def test_a_long_history_takes_as_many_queries_as_a_short_one(
    desk: Client, owner: Person, act: Acting
) -> None:
    counted = []
    for times in (1, 50):
        for _ in range(times):
            keep_surplus(act=act(owner), cents=100)
        desk.get(f"/library/{owner.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(f"/library/{owner.pk}/")
        counted.append(len(queries))

    assert counted[0] == counted[1]
