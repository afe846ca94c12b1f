"""Two accounts of one person become one; nothing is lost, and nothing is deleted."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.directory import gateway
from accounts.directory.connection import hang_up
from accounts.journal.models import Event
from accounts.people import lifecycle
from accounts.people.models import Person
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, owed
from onboarding.cards.handout import hand_out
from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Holding, LedgerEntry, Move, OpenDeposit
from onboarding.cards.returns import refundable, surplus, take_in
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.merging import aliases
from onboarding.enrolment.models import GroupPlace, TutorGroup
from onboarding.helpdesk import approvals, merge_seen, merging
from onboarding.helpdesk.agents import Agent
from onboarding.helpdesk.merge_seen import suspicions
from onboarding.helpdesk.merging import MergedBefore, Pair, TwoCards
from onboarding.helpdesk.refusals import Refused, TooMuchToday
from onboarding.helpdesk.seen import twins_of
from tests.cast import a_colleague, a_student, export, export_row
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.merges import agreed, merge
from tests.onboarding.helpdesk.pages import opens, text
from tests.onboarding.helpdesk.people import an_active_student, settle
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]


def gets_a_card(person: Person, number: str, how: Settlement) -> None:
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=timezone.now())
    hand_out(act=act, number=number, how=how)


def books(*people: Person) -> list[int]:
    return [balance(one, person=who) for who in people for one in Account]


def everything() -> list[Any]:
    return [
        list(table.objects.order_by("pk").values())
        for table in (Person, Holding, Move, LedgerEntry, OpenDeposit, Event)
    ]


def test_card_money_programmes_and_group_move(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    stays, closes = pair.stays, pair.closes
    group = TutorGroup.objects.create(number=7)
    GroupPlace.objects.create(person=closes, group=group)
    gets_a_card(closes, "31150000000017", Settlement.PAID)
    before = books(closes)
    rows = LedgerEntry.objects.count()

    assert merge(pair, tarek, solveig) == stays

    closes.refresh_from_db()
    assert closes.merged_into == stays
    assert Holding.objects.get().person == stays
    assert Move.objects.filter(person=closes).count() == 1
    assert books(stays) == before
    assert set(books(closes)) == {0}
    assert LedgerEntry.objects.count() == 3 * rows
    assert OpenDeposit.objects.get().person == stays
    assert refundable(stays.pk) > 0
    assert (owed(stays.pk), surplus(stays.pk)) == (0, 0)
    assert {one.programme for one in stays.enrolments.all()} == {
        "Umweltwissenschaften",
        "Informatik",
    }
    assert not closes.enrolments.exists()
    assert GroupPlace.objects.get().person == stays
    told = Event.objects.filter(what__in=("account_merged", "account_closed"))
    assert {one.whom_id for one in told} == {stays.pk, closes.pk}


@pytest.mark.parametrize(
    "settled",
    [
        (Settlement.PAID, Settlement.PAID),
        (Settlement.OPEN, Settlement.PAID),
        (Settlement.PAID, Settlement.OPEN),
        (Settlement.OPEN, Settlement.OPEN),
    ],
)
def test_nobody_owes_or_has_two_deposits(
    pair: Pair,
    tarek: Person,
    solveig: Person,
    settled: tuple[Settlement, Settlement],
) -> None:
    stays, closes = pair.stays, pair.closes
    mine, theirs = settled
    gets_a_card(stays, "31150000000017", mine)
    gets_a_card(closes, "31150000000025", theirs)
    Holding.objects.filter(person=closes).delete()
    cash = balance(Account.CASH)

    merge(pair, tarek, solveig)

    assert balance(Account.CASH) == cash
    assert OpenDeposit.objects.get().person == stays
    twice = mine is theirs is Settlement.PAID
    assert (surplus(stays.pk) > 0) is twice
    assert set(books(closes)) == {0}
    unpaid = mine is theirs is Settlement.OPEN
    assert (owed(stays.pk) > 0) is unpaid
    assert -balance(Account.DEPOSITS, person=stays) > 0


def test_two_cards_in_hand_are_not_merged(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    gets_a_card(pair.stays, "31150000000017", Settlement.PAID)
    agreed(pair, tarek, solveig)
    gets_a_card(pair.closes, "31150000000025", Settlement.PAID)
    before = everything()

    with pytest.raises(TwoCards):
        merging.merge_approved(
            person=pair.stays, agent=Agent(tarek, lead=False), at=timezone.now()
        )

    assert everything() == before
    act = Act(id=uuid4(), person=pair.closes, by=a_colleague(), at=timezone.now())
    take_in(act=act)
    merging.merge_approved(
        person=pair.stays, agent=Agent(tarek, lead=False), at=timezone.now()
    )
    assert surplus(pair.stays.pk) > 0


def test_a_crash_in_the_middle_changes_nothing(
    pair: Pair, tarek: Person, solveig: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    gets_a_card(pair.closes, "31150000000017", Settlement.PAID)
    agreed(pair, tarek, solveig)
    before = everything()

    def crash(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lifecycle, "close", crash)
    with pytest.raises(KeyboardInterrupt):
        merging.merge_approved(
            person=pair.stays, agent=Agent(tarek, lead=False), at=timezone.now()
        )

    assert everything() == before
    monkeypatch.undo()
    merging.merge_approved(
        person=pair.stays, agent=Agent(tarek, lead=False), at=timezone.now()
    )


def test_pressed_by_several_at_once_it_happens_once(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    gets_a_card(pair.closes, "31150000000017", Settlement.PAID)
    agreed(pair, tarek, solveig)

    def press(_: int) -> str:
        try:
            stays = merging.merge_approved(
                person=pair.stays, agent=Agent(tarek, lead=False), at=timezone.now()
            )
        except Refused as refused:
            return type(refused).__name__
        finally:
            connection.close()
            hang_up()
        return str(stays)

    with ThreadPoolExecutor(3) as crowd:
        answers = list(crowd.map(press, range(3)))

    assert answers == [str(pair.stays)] * 3
    assert Move.objects.filter(reason="merged").count() == 1
    assert Event.objects.filter(what="account_merged").count() == 1


def test_without_a_second_agent_or_twice_nothing_is_merged(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    agent = Agent(tarek, lead=False)
    with pytest.raises(approvals.NotApproved):
        merging.merge_approved(person=pair.stays, agent=agent, at=timezone.now())

    merge(pair, tarek, solveig)
    pair.closes.refresh_from_db()

    with pytest.raises(MergedBefore):
        agreed(pair, tarek, solveig)


def test_merges_count_among_the_acts_of_a_day(
    pair: Pair, tarek: Person, solveig: Person, settings: Any
) -> None:
    settings.HELP_DESK_REMEDIES_A_DAY = 0

    with pytest.raises(TooMuchToday):
        merge(pair, tarek, solveig)

    pair.closes.refresh_from_db()
    assert pair.closes.merged_into is None


def test_a_later_import_goes_to_the_account_that_stays(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    stays, closes = pair.stays, pair.closes
    merge(pair, tarek, solveig)
    said = export_row(
        person_key=str(closes.person_key),
        account_name=closes.account_name,
        matriculation_no=closes.matriculation_no,
        programme="Informatik",
        semester_no="2",
    )
    own = export_row(
        person_key=str(stays.person_key),
        account_name=stays.account_name,
        matriculation_no=stays.matriculation_no,
    )
    for rows in ([said], [own, said], [said, own]):
        reading = Reading(BytesIO(export(*rows)), name="", today=date(2026, 9, 15))
        with Cohort(reading, aliases=aliases()) as cohort:
            counts = apply(cohort=cohort, by=None, at=timezone.now())
        assert counts["refused"] == counts["new"] == counts["held"] == 0
        assert not closes.enrolments.exists()
    stays.refresh_from_db()
    assert stays.enrolments.get(programme="Informatik").semester_no == 2
    assert stays.enrolments.count() == 2
    assert stays.matriculation_no == own["matriculation_no"]
    assert stays.account_name == pair.stays.account_name


def test_the_directory_closes_it_and_sign_in_says_so(
    slapd: Slapd, desk: Desk, cem: Person, tarek: Person, solveig: Person
) -> None:
    closes = an_active_student(given_names="Cem", family_name="Sondermann")
    entry = gateway.person(closes.account_name)
    assert entry is not None
    assert entry.values["entitlements"]

    merge(Pair(stays=cem, closes=closes), tarek, solveig)
    settle()

    entry = gateway.person(closes.account_name)
    assert entry is not None
    assert not entry.values.get("entitlements")
    client = desk(tarek)
    client.logout()
    sent = {"account": closes.account_name, "password": OWN}
    right = client.post("/sign-in/", sent)
    wrong = client.post("/sign-in/", {**sent, "password": "quite-another-one-7"})
    assert (right.status_code, wrong.status_code) == (422, 422)
    assert f"merged with your other one, {cem.account_name}" in text(right)
    assert "merged" not in text(wrong)


def test_two_agents_merge_in_the_browser(
    desk: Desk, pair: Pair, tarek: Person, solveig: Person
) -> None:
    stays, closes = pair.stays, pair.closes
    agent, lead = desk(tarek), desk(solveig)
    opens(agent, stays)
    address = f"/help-desk/{stays.pk}/merge/"

    unseen = agent.get(address)
    none = agent.post(address, {"other": "nobody"})
    seen = agent.post(address, {"other": closes.account_name})
    unchecked = agent.post(address, {"other": closes.account_name, "press": "ask"})
    asked = agent.post(
        address,
        {
            "other": closes.account_name,
            "stays": stays.account_name,
            "check_made": "in_person",
            "document": "passport",
            "press": "ask",
        },
    )
    waiting = agent.get(address)
    approval = approvals.standing(kind=approvals.MERGE, person=stays, at=timezone.now())
    assert approval is not None
    listed = lead.get("/help-desk/approvals/")
    approvals.decide(approval=approval.pk, by=solveig, approved=True, at=timezone.now())
    done = agent.post(address, {"press": "approved"})

    assert "Informatik" not in text(unseen)
    looks_at_the_other = Event.objects.filter(whom=closes, what="record_looked_at")
    assert looks_at_the_other.filter(who=tarek, why="counter").count() == 1
    assert none.status_code == 409
    assert seen.status_code == 200
    assert "Informatik" in text(seen)
    # The names are the same, the programmes are not; words say so, not colour alone.
    assert re.findall(r"(\w+) different", text(seen)) == ["number", "Studies"]
    assert unchecked.status_code == 422
    assert asked.status_code == 302
    assert f"{closes.account_name} is closed" in text(waiting)
    assert f"{closes.account_name} is closed" in text(listed)
    assert done.headers["Location"] == f"/help-desk/{stays.pk}/?done=merged"
    page = text(opens(agent, closes))
    assert "This account is closed" in page
    assert agent.post(f"/help-desk/{closes.pk}/unlock/").status_code == 302


@pytest.mark.parametrize("asked_at", ["stays", "closes"])
def test_a_second_press_leads_where_the_first_one_did(  # noqa: PLR0917
    desk: Desk, pair: Pair, tarek: Person, solveig: Person, asked_at: str, settings: Any
) -> None:
    agreed(pair, tarek, solveig, asked_at=getattr(pair, asked_at))
    agent, colleague = desk(tarek), desk(solveig)
    address = f"/help-desk/{getattr(pair, asked_at).pk}/merge/"
    for client in (agent, colleague):
        opens(client, pair.stays)
        opens(client, pair.closes)

    first = agent.post(address, {"press": "approved"})
    # The second press is no second merge of the day.
    settings.HELP_DESK_REMEDIES_A_DAY = 1
    second = agent.post(address, {"press": "approved"})
    not_hers = colleague.post(address, {"press": "approved"})

    stays = f"/help-desk/{pair.stays.pk}/?done=merged"
    assert [one.headers["Location"] for one in (first, second)] == [stays, stays]
    assert not_hers.headers.get("Location") != stays
    assert Event.objects.filter(what="account_merged").count() == 1


def test_whatever_the_spelling_or_order_of_a_name_it_is_suspected(
    desk: Desk, cem: Person
) -> None:
    spellings = (("Zoë", "Müller"), ("ZOE", "Mueller"), ("Mueller", "Zoé"))
    people = [a_student(given_names=one, family_name=two) for one, two in spellings]
    a_student(given_names="Zoë", family_name="Müller", birth_date="2001-01-01")
    twins = [a_student(family_name=name, matriculation_no="3999") for name in "AB"]
    a_student(family_name="C", matriculation_no="", birth_date="")
    a_student(family_name="C", matriculation_no="", birth_date="")
    Person.objects.update(name_key="")
    key_everybody = import_module("accounts.people.migrations.0005_name_key")
    key_everybody.key_everybody(apps, None)

    found = suspicions(lead=False)

    assert [one.people for one in found.shown] == [tuple(twins), tuple(people)]
    assert [one.same_number for one in found.shown] == [True, False]
    assert not found.more
    assert twins_of(people[0]) == tuple(people[1:])
    assert twins_of(twins[1]) == (twins[0],)
    assert twins_of(cem) == ()


def test_the_list_of_suspected_accounts_ends_and_says_so(
    desk: Desk, solveig: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_seen, "MOST", 2)
    people = [a_student(family_name=name) for name in "AABBCC"]

    with CaptureQueriesContext(connection) as asked:
        found = suspicions(lead=True)
    page = text(desk(solveig).get("/help-desk/suspected/"))

    assert [one.people for one in found.shown] == [
        tuple(people[:2]),
        tuple(people[2:4]),
    ]
    assert found.more
    assert len(asked) <= 4
    assert people[3].account_name in page
    assert people[5].account_name not in page
    assert "There are more" in page


def test_suspected_pairs_are_listed_for_lead_and_registrar(
    desk: Desk, pair: Pair, tarek: Person, solveig: Person
) -> None:
    hidden = [a_student(family_name="Verborgen", confidential=True) for _ in range(2)]

    page = text(desk(solveig).get("/help-desk/suspected/"))

    assert pair.closes.account_name in page
    assert hidden[0].account_name in page
    assert desk(tarek).get("/help-desk/suspected/").status_code == 403
    merge(pair, tarek, solveig)
    assert pair.closes.account_name not in text(
        desk(solveig).get("/help-desk/suspected/")
    )
