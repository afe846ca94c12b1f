"""Who gets to which object: a record by whose it is, and nothing that is not there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.people import lifecycle
from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd
from onboarding.helpdesk import approvals
from tests.accounts.directory.entries import add_student, give_role, student_dn
from tests.cast import a_colleague, a_first_year, a_student
from tests.house.addresses import ADDRESSES, HELP_DESK, KEY
from tests.house.doings import World, held_back
from tests.house.test_desk_looks import RECORD, RECORDS
from tests.onboarding.helpdesk.conftest import proved

pytestmark = pytest.mark.django_db

AGENT, LEAD = Role.HELP_DESK, Role.HELP_DESK_LEAD


@pytest.fixture
def world(slapd: Slapd) -> World:
    return World(slapd)


def knocks(client: Client, path: str, *, act: bool) -> set[int]:
    """Knock in every way there is; what takes no POST is no answer."""
    answers = {client.post(path).status_code}
    if not act:
        answers.add(client.get(path).status_code)
    return answers - {405}


# --- A person's record ----------------------------------------------------------------

# What the record's addresses are for.
LOOKS = {f"helpdesk:{one}" for one in ("person", "reason", "status", "work")}
PAPERS = {"helpdesk:note", "helpdesk:bodies", "helpdesk:hand_on"}
REMEDIES = RECORDS.keys() - LOOKS - PAPERS
# In: seen, led on, nothing typed yet, or nothing there to be done.
IN = {200, 302, 409, 422}
NO, NOWHERE, BACK = {403}, {404}, {302}


def somebody(_: World) -> Person:
    return a_first_year()


def hidden(_: World) -> Person:
    return a_student(family_name="Verborgen", confidential=True)


def working(world: World) -> Person:
    person = a_student()
    add_student(world.slapd, person.account_name)
    dn = student_dn(world.slapd, person.account_name)
    give_role(world.slapd, dn, Role.COORDINATOR)
    return person


def closed(_: World) -> Person:
    person, stays = a_student(), a_student()
    lifecycle.close(person=person.pk, into=stays.pk)
    person.refresh_from_db()
    return person


def of_the_staff(world: World) -> Person:
    return world.colleague(Role.FINANCE)


def nobody(_: World) -> Person:
    person = a_student()
    gone = Person(pk=person.pk + 1000)
    gone.account_name = "lg1"
    return gone


Answers = tuple[set[int], set[int], set[int]]
# Whose record it is, and what agent and lead get: looks, papers, remedies.
RECORDS_OF: dict[str, tuple[Callable[[World], Person], dict[Role, Answers]]] = {
    "somebody": (somebody, {AGENT: (IN, IN, IN), LEAD: (IN, IN, IN)}),
    "blocked": (hidden, {AGENT: (NO, NO, NO), LEAD: (IN, IN, IN)}),
    "a colleague": (working, {AGENT: (NO, NO, NO), LEAD: (IN, IN, NO)}),
    "closed": (closed, {AGENT: (IN, BACK, BACK), LEAD: (IN, BACK, BACK)}),
    "staff": (of_the_staff, dict.fromkeys((AGENT, LEAD), (NOWHERE,) * 3)),
    "nobody": (nobody, dict.fromkeys((AGENT, LEAD), (NOWHERE,) * 3)),
}


# The lead's alone.
GUARD = {"helpdesk:guard": ADDRESSES["helpdesk:guard"]}


def wrong_answers(
    client: Client, person: Person, answers: Answers, *, lead: bool = False
) -> dict[str, set[int]]:
    client.post(f"/help-desk/{person.pk}/reason/", {"reason": "counter"})
    looks, papers, remedies = answers
    wrong = {}
    for name, address in (RECORDS | (GUARD if lead else {})).items():
        may = looks if name in LOOKS else papers if name in PAPERS else remedies
        path = address.path.replace(RECORD, f"/help-desk/{person.pk}/")
        given = knocks(client, path, act=address.act)
        if given - may:
            wrong[name] = given
    return wrong


@pytest.mark.parametrize("role", [AGENT, LEAD], ids=str)
@pytest.mark.parametrize("whose", RECORDS_OF)
def test_a_record_opens_by_whose_it_is(world: World, whose: str, role: Role) -> None:
    make, answers = RECORDS_OF[whose]

    lead = role is LEAD
    given = wrong_answers(world.at(role), make(world), answers[role], lead=lead)
    assert given == {}


def test_the_own_record_is_looked_at_and_nothing_else(world: World) -> None:
    person = a_student()
    add_student(world.slapd, person.account_name)
    give_role(world.slapd, student_dn(world.slapd, person.account_name), AGENT)
    client = Client()
    client.force_login(person)
    proved(client)

    assert wrong_answers(client, person, (IN, NO, NO)) == {}


def test_the_tables_name_every_address_of_a_record() -> None:
    assert RECORDS.keys() >= LOOKS | PAPERS
    assert {
        *("helpdesk:new_password", "helpdesk:recovery", "helpdesk:merge"),
        *("helpdesk:look_again", "helpdesk:unlock", "helpdesk:end_sessions"),
        *("helpdesk:resend_code", "helpdesk:move"),
    } == REMEDIES


# --- What hangs on somebody whose record is guarded -----------------------------------


@pytest.mark.parametrize("whose", ["blocked", "a colleague", "closed"])
def test_a_request_is_decided_by_who_may_open_the_record(
    world: World, whose: str
) -> None:
    make, _ = RECORDS_OF[whose]
    person, other = (
        make(world),
        a_colleague(account_name="another-lead", family_name="Onay"),
    )
    asked = approvals.ask(
        kind=approvals.NEW_PASSWORD,
        person=person,
        facts={"check": "in_person"},
        by=other,
        at=timezone.now(),
    )
    path, said = f"/help-desk/approvals/{asked.pk}/", {"decision": "approve"}

    refused = world.at(AGENT).post(path, said).status_code
    asked.refresh_from_db()
    still_open = asked.decided_at is None
    world.at(LEAD).post(path, said)
    asked.refresh_from_db()

    guarded = whose != "closed"
    assert (refused == 302, still_open) == (not guarded, guarded)
    assert asked.approved


@pytest.mark.parametrize("confidential", ["0", "1"])
def test_what_the_import_holds_back_of_blocked_people_is_for_the_lead(
    world: World, confidential: str
) -> None:
    held = held_back(confidential=confidential)
    paths = [
        f"/help-desk/held/{held.pk}/{more}" for more in ("", "reason/", "release/")
    ]

    answers = {
        role: {answer for path in paths for answer in knocks(client, path, act=False)}
        for role in (AGENT, LEAD)
        for client in [world.at(role)]
    }

    assert answers[AGENT] <= (NO if confidential == "1" else IN)
    assert answers[LEAD] <= IN


# --- Everything else that has a number ------------------------------------------------

NOT_THERE = {
    "number": ("/1/", "/987654/"),
    "paper": ("/1.pdf", "/987654.pdf"),
    "key": (KEY, "3f0a6c1e-0000-4000-8000-0000000000ff"),
    "run": ("/letters/a/", "/letters/nowhere/"),
    "semester": ("2026ws", "2099xx"),
}
HAS_AN_OBJECT = re.compile(rf"/1/|/1\.|{KEY}|/letters/a/|/2026ws/")
# What is not there any more is as good as done: back to the list, where one sees.
LED_BACK = {
    *("helpdesk:decide", "enrolment:discard", "handout:shut_out", "handout:end_turn"),
    *("enrolment:letters_file", "handout:take_over"),
}


# Of a run that is only planned nobody but its planner knows: it says "not begun".
NOT_BEGUN = {"enrolment:letters_news"}


def objects() -> list[str]:
    return [
        name
        for name, address in ADDRESSES.items()
        if address.roles and not address.asked and HAS_AN_OBJECT.search(address.path)
    ]


def elsewhere(path: str) -> str:
    for there, not_there in NOT_THERE.values():
        path = path.replace(there, not_there)
    return path


@pytest.mark.parametrize("name", objects())
def test_what_is_not_there_is_nowhere_to_be_found(world: World, name: str) -> None:
    address = ADDRESSES[name]
    for role in sorted(address.roles):
        answers = knocks(world.at(role), elsewhere(address.path), act=address.act)
        if name in LED_BACK:
            assert answers <= {302, 404, 409}, role
        else:
            assert answers == ({200} if name in NOT_BEGUN else {404}), role


def test_the_help_desk_has_no_object_that_is_not_tried() -> None:
    desk = {name for name, one in ADDRESSES.items() if one.roles == HELP_DESK}
    with_one = {name for name in desk if HAS_AN_OBJECT.search(ADDRESSES[name].path)}

    assert with_one - RECORDS.keys() <= set(objects())
