"""What two agents answer for: asked by one, decided by another, done by the first."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd
from onboarding.demo.staff import PASSWORD
from onboarding.helpdesk import approvals
from onboarding.helpdesk.approvals import (
    AskedByAnother,
    NotApproved,
    NotYours,
    TooLate,
)
from onboarding.helpdesk.models import Approval
from tests.accounts.directory.entries import add_student, give_role, student_dn
from tests.cast import a_colleague, a_student
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import text

pytestmark = pytest.mark.django_db

KIND = approvals.NEW_PASSWORD
FACTS = {"check": "video", "document": "passport"}
HOUR = timedelta(minutes=61)


@pytest.fixture(autouse=True)
def _seated(desk: Desk) -> None:
    """Have the roles in the directory."""


@pytest.fixture
def asked(tarek: Person, cem: Person) -> Approval:
    return ask(cem, tarek)


@pytest.fixture
def later() -> Iterator[None]:
    with time_machine.travel(timezone.now() + HOUR):
        yield


def ask(person: Person | None, by: Person, **facts: Any) -> Approval:
    return approvals.ask(
        kind=KIND, person=person, facts={**FACTS, **facts}, by=by, at=timezone.now()
    )


def decide(one: Approval, by: Person, *, approved: bool = True) -> Approval:
    return approvals.decide(
        approval=one.pk, by=by, approved=approved, at=timezone.now()
    )


def use(person: Person, by: Person, **facts: Any) -> Approval:
    return approvals.use(
        kind=KIND, person=person, by=by, at=timezone.now(), facts=facts or None
    )


def acts(person: Person) -> list[tuple[str, str]]:
    rows = Event.objects.filter(whom=person).order_by("pk")
    return [(one.what, one.who.account_name) for one in rows if one.who]


def test_what_a_second_agent_approved_is_used_once_by_who_asked(
    asked: Approval, tarek: Person, solveig: Person, cem: Person
) -> None:
    decide(asked, solveig)

    with pytest.raises(NotApproved):
        use(cem, solveig)
    assert use(cem, tarek).facts == FACTS
    with pytest.raises(NotApproved):
        use(cem, tarek)
    assert acts(cem) == [
        ("approval_asked", "helpdesk"),
        ("approval_given", "helpdesk-lead"),
    ]


def test_what_nothing_came_of_can_be_used_again(
    asked: Approval, tarek: Person, solveig: Person, cem: Person
) -> None:
    decide(asked, solveig)
    approvals.give_back(use(cem, tarek))

    assert use(cem, tarek).pk == asked.pk


def test_whoever_asks_does_not_decide_and_the_database_knows_it(
    asked: Approval, tarek: Person, cem: Person
) -> None:
    with pytest.raises(NotYours):
        decide(asked, tarek)
    with pytest.raises(NotApproved):
        use(cem, tarek)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(
            decided_by=tarek, decided_at=timezone.now(), approved=True
        )


def test_who_has_no_role_at_the_desk_decides_nothing(asked: Approval) -> None:
    for account in ("librarydesk", "nobody-here"):
        with pytest.raises(NotYours):
            decide(asked, a_colleague(account_name=account))


@pytest.mark.parametrize("name", [("Aydın", "Tarek"), ("TAREK", "AYDIN")])
def test_a_second_account_of_who_asked_is_no_second_agent(
    desk: Desk, slapd: Slapd, asked: Approval, cem: Person, name: tuple[str, str]
) -> None:
    given_names, family_name = name
    again = a_student(given_names=given_names, family_name=family_name)
    add_student(slapd, again.account_name)
    give_role(slapd, student_dn(slapd, again.account_name), Role.HELP_DESK)

    listed = text(desk(again).get("/help-desk/approvals/"))

    assert "Cem Sondermann" in listed
    assert "A colleague decides." in listed
    with pytest.raises(NotYours):
        decide(asked, again)
    assert acts(cem) == [("approval_asked", "helpdesk")]


def test_nobody_decides_about_another_account_of_theirs(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    hers = a_student(given_names="Solveig", family_name="Brandt")
    asked = ask(hers, tarek)

    with pytest.raises(NotYours):
        decide(asked, solveig)
    assert "Solveig Brandt" in text(desk(solveig).get("/help-desk/approvals/"))


@pytest.mark.parametrize("second", ["stays", "closes"])
def test_a_merge_is_decided_by_who_may_open_both_records(
    desk: Desk, tarek: Person, solveig: Person, cem: Person, second: str
) -> None:
    hidden = a_student(confidential=True)
    both = {"stays": cem.account_name, "closes": cem.account_name}
    facts = {**FACTS, **both, second: hidden.account_name}
    asked = approvals.ask(
        kind=approvals.MERGE, person=cem, facts=facts, by=solveig, at=timezone.now()
    )
    other_lead = a_colleague(account_name="helpdesk-lead-2", family_name="Onay")

    listed = text(desk(tarek).get("/help-desk/approvals/"))

    assert hidden.account_name not in listed
    with pytest.raises(NotYours):
        decide(asked, tarek)
    with pytest.raises(NotYours):
        decide(asked, other_lead)


def test_a_record_for_the_lead_is_decided_by_the_lead(
    tarek: Person, solveig: Person, desk: Desk
) -> None:
    hidden = a_student(family_name="Verborgen", confidential=True)
    one = ask(hidden, solveig)

    with pytest.raises(NotYours):
        decide(one, tarek)
    assert "Verborgen" not in text(desk(tarek).get("/help-desk/approvals/"))


def test_a_declined_request_opens_nothing_and_may_be_asked_anew(
    asked: Approval, tarek: Person, solveig: Person, cem: Person
) -> None:
    decide(asked, solveig, approved=False)

    with pytest.raises(NotApproved):
        use(cem, tarek)
    with pytest.raises(TooLate):
        decide(asked, solveig)
    assert ask(cem, tarek).pk != asked.pk


@pytest.mark.usefixtures("asked")
def test_nobody_decides_late(solveig: Person, asked: Approval, later: None) -> None:
    with pytest.raises(TooLate):
        decide(asked, solveig)


def test_what_was_approved_lapses(
    asked: Approval, tarek: Person, solveig: Person, cem: Person
) -> None:
    decide(asked, solveig)

    with time_machine.travel(timezone.now() + HOUR), pytest.raises(NotApproved):
        use(cem, tarek)


def test_asked_twice_is_one_request_and_other_facts_are_another(
    asked: Approval, tarek: Person, solveig: Person, cem: Person
) -> None:
    assert ask(cem, tarek).pk == asked.pk
    other = ask(cem, tarek, document="identity_card")
    assert other.pk != asked.pk
    with pytest.raises(TooLate):
        decide(asked, solveig)
    decide(other, solveig)
    with pytest.raises(NotApproved):
        use(cem, tarek, **FACTS)


@pytest.mark.usefixtures("asked")
def test_a_colleague_who_asks_for_the_same_is_told_who_has(
    solveig: Person, cem: Person
) -> None:
    with pytest.raises(AskedByAnother, match="Tarek Aydın"):
        ask(cem, solveig)


def test_acts_for_many_are_told_apart_by_their_facts(
    tarek: Person, solveig: Person
) -> None:
    one, other = ask(None, tarek, count=60), ask(None, tarek, count=312)
    decide(other, solveig)

    with pytest.raises(NotApproved):
        approvals.use(
            kind=KIND, person=None, by=tarek, at=timezone.now(), facts=one.facts
        )
    used = approvals.use(
        kind=KIND, person=None, by=tarek, at=timezone.now(), facts=other.facts
    )
    assert used.pk == other.pk


def test_the_page_says_what_is_asked_for_whom_and_how_checked(
    asked: Approval, desk: Desk, tarek: Person, solveig: Person
) -> None:
    lead = desk(solveig)
    start = text(lead.get("/help-desk/"))
    page = text(lead.get("/help-desk/approvals/"))
    own = text(desk(tarek).get("/help-desk/approvals/"))

    assert "1 request of a colleague" in start
    assert "request of a colleague" not in text(desk(tarek).get("/help-desk/"))
    for said in (
        "A new initial password for this account",
        "Cem Sondermann",
        "seen by video, with a second agent: Passport",
        "Tarek Aydın",
        "Approve",
    ):
        assert said in page
    assert "A colleague decides." in own
    assert "Approve" not in own


def test_a_decision_asks_for_the_own_password_again_and_is_then_made_with_one_press(
    asked: Approval, desk: Desk, tarek: Person, solveig: Person
) -> None:
    lead = desk(solveig, fresh=False)
    address = f"/help-desk/approvals/{asked.pk}/"

    first = lead.post(address, {"decision": "approve"})
    again = lead.post(first.headers["Location"], {"password": PASSWORD})
    shown = lead.get(again.headers["Location"])
    asked.refresh_from_db()
    assert asked.decided_at is None
    assert 'value="approve"' in shown.content.decode()

    done = lead.post(address, {"decision": "approve"})
    asked.refresh_from_db()
    assert done.headers["Location"] == "/help-desk/approvals/?done=approve"
    assert (asked.approved, asked.decided_by) == (True, solveig)
    page = desk(tarek).get("/help-desk/approvals/")
    assert "approved; go on with it until" in text(page)
    assert asked.person is not None
    assert f'href="/help-desk/{asked.person.pk}/new-password/"' in page.content.decode()


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("approve", "You agreed. Your colleague can go on now."),
        ("decline", "You declined. Your colleague sees it, and your reason"),
    ],
)
def test_who_decided_reads_what_was_decided(
    asked: Approval, desk: Desk, solveig: Person, decision: str, said: str
) -> None:
    lead = desk(solveig)
    before = text(lead.get("/help-desk/approvals/"))

    after = lead.post(
        f"/help-desk/approvals/{asked.pk}/", {"decision": decision}, follow=True
    )

    assert said not in before
    assert said in text(after)
    assert "Nothing waits." in text(after)


def test_the_asker_presses_in_vain_and_so_does_who_comes_late(
    asked: Approval, desk: Desk, tarek: Person, solveig: Person
) -> None:
    address = f"/help-desk/approvals/{asked.pk}/"
    own = desk(tarek).post(address, {"decision": "approve"})
    odd = desk(solveig).post(address, {"decision": "perhaps"})
    desk(solveig).post(address, {"decision": "decline"})
    late = desk(solveig).post(address, {"decision": "approve"})

    assert (own.status_code, odd.status_code, late.status_code) == (409, 404, 409)
    assert "Somebody else of the desk decides this" in text(own)
    assert "open no longer" in text(late)


def test_a_long_list_costs_the_database_what_a_short_one_does(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    def questions(requests: int) -> int:
        for _ in range(requests):
            ask(a_student(), tarek)
        lead.get("/help-desk/approvals/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lead.get("/help-desk/approvals/")
        return len(queries)

    lead = desk(solveig)
    assert questions(1) == questions(10)
