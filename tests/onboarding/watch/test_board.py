"""The board counts, leads to people, and says no more than each role may know."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY, MAILBOX, MYSTUDY
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.reconciler.brake import REASON
from accounts.reconciler.models import Pulse
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import GroupPlace, School, TutorGroup
from onboarding.watch import figures
from onboarding.watch.scope import Scope
from onboarding.watch.work import State
from tests.cast import a_colleague, a_first_year, a_student, enrolled
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import text

pytestmark = pytest.mark.django_db

PEOPLE = "/watch/people"


def parked(person: Person, *, system: str = DIRECTORY, error: str = "refused") -> None:
    Sync.objects.create(
        person=person,
        system=system,
        failures=1,
        last_error=f"!{error}",
        failing_since=timezone.now() - timedelta(hours=3),
    )


def waiting(person: Person, *, system: str = MAILBOX, hours: int = 1) -> None:
    Sync.objects.create(
        person=person,
        system=system,
        failures=4,
        last_error="no_answer",
        due_at=timezone.now() + timedelta(minutes=4),
        failing_since=timezone.now() - timedelta(hours=hours),
    )


def active(**facts: object) -> Person:
    return a_first_year(activated_at=timezone.now(), **facts)


def names(page: str) -> list[str]:
    return re.findall(r'<a href="/help-desk/\d+/">([^<]+)</a>', page)


def test_the_board_counts_steps_systems_and_sentences(desk: Desk) -> None:
    a_first_year()
    for _ in range(2):
        parked(active(), error="several_entries")
    waiting(active(), hours=5)

    board = figures.board(Scope(cohort="2026ws"), at=timezone.now())
    (activation, *_) = board.steps
    counted = {standing.value: number for standing, number in activation.cells}
    said = [(one.system, one.kind, one.people, one.parked) for one in board.troubles]
    directory = next(one for one in board.systems if one.key == DIRECTORY)

    assert (board.everybody, board.not_begun, board.stuck) == (4, 1, 2)
    assert counted == {"done": 1, "here": 1, "waiting": 0, "problem": 2, "later": 0}
    assert said == [
        (DIRECTORY, "several_entries", 2, True),
        (MAILBOX, "silent", 1, False),
    ]
    assert (directory.parked, directory.waiting, directory.well) == (2, 0, False)
    assert [one.system for one in board.oldest] == [MAILBOX, DIRECTORY, DIRECTORY]


def test_a_step_waits_since_a_moment_only_where_somebody_waits_in_it() -> None:
    past, now = active(), timezone.now()
    MailAddress.objects.create(
        person=past, address="past@mail.example", chosen_at=now, proved_at=now
    )
    waiting(past)

    def mail() -> figures.StepRow:
        board = figures.board(Scope(), at=timezone.now())
        return next(one for one in board.steps if one.key == "mail")

    assert mail().since is None
    stuck = active()
    MailAddress.objects.create(
        person=stuck, address="stuck@mail.example", chosen_at=now
    )
    waiting(stuck, hours=5)
    assert mail().since is not None


@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("no_answer", State.AWAY),
        ("no_mail_server", State.AWAY),
        ("not_ready", State.AGAIN),
        ("!refused", State.LOOK),
        (f"!{REASON}", State.HELD),
        ("", State.WELL),
    ],
)
def test_a_system_is_put_in_one_word(error: str, state: State) -> None:
    Sync.objects.create(
        person=active(),
        system=MAILBOX,
        failures=1 if error else 0,
        last_error=error,
        due_at=None if error.startswith("!") else timezone.now(),
    )
    board = figures.board(Scope(), at=timezone.now())

    assert {one.key: one.state for one in board.systems}[MAILBOX] is state


@pytest.mark.parametrize(
    ("word", "state", "said"),
    [
        ("no_answer", State.AWAY, "The system does not answer."),
        ("!not_as_agreed", State.LOOK, "in a way that was not agreed"),
        ("", State.WELL, ""),
    ],
)
def test_a_system_that_is_away_is_told_though_nobody_waits_for_it(
    desk: Desk, tarek: Person, word: str, state: State, said: str
) -> None:
    now = timezone.now()
    since = now if word else None
    Pulse.objects.create(system=MYSTUDY, asked_at=now, word=word, silent_since=since)

    board = figures.board(Scope(), at=now)
    page = text(desk(tarek).get("/watch/"))

    assert {one.key: one.state for one in board.systems}[MYSTUDY] is state
    assert said in page
    assert "Nobody is at work" not in page


def test_the_board_says_when_the_worker_is_gone(desk: Desk, tarek: Person) -> None:
    long_ago = timezone.now() - timedelta(minutes=6)
    Pulse.objects.create(system=MYSTUDY, asked_at=long_ago, word="")

    assert "Nobody is at work" in text(desk(tarek).get("/watch/"))


def test_schools_and_groups_stand_side_by_side_with_the_numbers_of_their_boards() -> (
    None
):
    group = TutorGroup.objects.create(number=7)
    for one in (active(), a_first_year()):
        GroupPlace.objects.create(person=one, group=group)
    other = a_first_year()
    GroupPlace.objects.create(person=other, group=TutorGroup.objects.create(number=8))
    parked(active())
    professional = a_student()
    enrolled(professional, school=School.PROFESSIONAL)
    # Began in a summer, too: no school of this winter's for that.
    enrolled(other, school=School.GRADUATE, study_start="2026-04-01", degree="M.Sc.")

    board = figures.board(Scope(cohort="2026ws"), at=timezone.now())
    shares = [*board.schools, *board.groups]
    alone = [figures.board(one.scope, at=timezone.now()) for one in shares]

    assert [one.scope.school for one in board.schools] == [
        School.COLLEGE,
        School.PROFESSIONAL,
    ]
    assert {one.scope.group for one in board.groups} == {7, 8}
    assert [
        (one.everybody, one.not_begun, one.complete, one.stuck) for one in shares
    ] == [(one.everybody, one.not_begun, one.complete, one.stuck) for one in alone]
    assert all(one.groups == () for one in alone if one.everybody == 1)


def test_who_activated_within_the_hour_is_counted() -> None:
    now = timezone.now()
    for minutes in (5, 59, 61):
        a_first_year(activated_at=now - timedelta(minutes=minutes))

    assert figures.board(Scope(), at=now).lately == 2


def test_a_page_that_renews_itself_does_not_keep_a_session_open(
    desk: Desk, tarek: Person
) -> None:
    agent, long_ago = desk(tarek), int(timezone.now().timestamp()) - 600
    session = agent.session
    session["seen"] = long_ago
    session.save()

    agent.get("/watch/", headers={"x-renew": "1"})
    assert agent.session["seen"] == long_ago
    agent.get("/watch/")
    assert agent.session["seen"] > long_ago


def test_a_part_is_chosen_by_cohort_school_and_group() -> None:
    first, second = active(), active()
    group = TutorGroup.objects.create(number=7)
    GroupPlace.objects.create(person=first, group=group)
    professional = a_student()
    enrolled(professional, school=School.PROFESSIONAL, study_start="2026-04-01")
    parked(second)

    def counted(**scope: object) -> tuple[int, int]:
        board = figures.board(Scope(**scope), at=timezone.now())  # type: ignore[arg-type]
        return board.everybody, len(board.troubles)

    assert counted() == (3, 1)
    assert counted(cohort="2026ws") == (2, 1)
    assert counted(cohort="2026ss") == (1, 0)
    assert counted(school="Professional School") == (1, 0)
    assert counted(cohort="2026ws", school="Professional School") == (0, 0)
    assert counted(group=7) == (1, 0)


def test_a_number_leads_to_its_people_in_the_order_of_names(
    desk: Desk, tarek: Person
) -> None:
    for family in ("Zander", "Öztürk", "Oetker", "Özil"):
        parked(active(family_name=family, given_names="Kim"))
    agent = desk(tarek)

    board = agent.get("/watch/").content.decode()
    (address,) = set(
        re.findall(rf'href="({PEOPLE}/step/activation/problem/[^"]*)"', board)
    )
    page = agent.get(address.replace("&amp;", "&")).content.decode()

    assert names(page) == ["Kim Oetker", "Kim Özil", "Kim Öztürk", "Kim Zander"]


def test_every_number_of_people_leads_to_as_many(desk: Desk, tarek: Person) -> None:
    for family in ("Oetker", "Özil"):
        waiting(active(family_name=family), hours=5)
    parked(active())
    a_first_year()
    gone = active()
    gone.enrolments.update(status="withdrawn", status_date=timezone.localdate())
    for one in (gone, active()):
        Sync.objects.create(person=one, system=MYSTUDY, settled_generation=1)
    agent = desk(tarek)

    page = agent.get("/watch/").content.decode()
    linked = re.findall(rf'href="({PEOPLE}/[^"]*)"[^>]*>\s*(?:<strong>)?(\d+)', page)
    found = {
        address: len(names(agent.get(address.replace("&amp;", "&")).content.decode()))
        for address, _number in linked
    }
    plain = r'<(?:td class="number"[^>]*|span class="figure[^"]*"><strong)>[1-9]'

    assert found == {address: int(number) for address, number in linked}
    assert re.findall(plain, page) == []
    assert any("/system/mystudy/settled/" in one for one in found)
    assert any("/all/way/lately/" in one for one in found)


def test_fifty_stand_on_a_page(desk: Desk, tarek: Person) -> None:
    for _ in range(51):
        parked(active())
    agent = desk(tarek)
    address = f"{PEOPLE}/error/directory/refused/"

    assert len(names(agent.get(address).content.decode())) == 50
    assert len(names(agent.get(f"{address}?page=2").content.decode())) == 1


def test_blocked_records_are_counted_and_shown_to_the_lead_alone(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    parked(active(family_name="Verborgen", confidential=True))
    address = f"{PEOPLE}/all/way/stuck/"

    agent, lead = (text(desk(one).get(address)) for one in (tarek, solveig))
    board = text(desk(tarek).get("/watch/"))

    assert "Verborgen" not in agent + board
    assert "1 record more is for the help desk’s lead" in agent
    assert "for the lead" in board
    assert "Verborgen" in lead


@pytest.mark.parametrize("account", ["coordinator", "auditor"])
def test_who_opens_no_records_sees_figures_alone(desk: Desk, account: str) -> None:
    parked(active(family_name="Sichtbar"))
    page = desk(a_colleague(account_name=account)).get("/watch/").content.decode()

    assert "needs a human" in page
    assert PEOPLE not in page
    assert "Sichtbar" not in page


@pytest.mark.parametrize(
    "path",
    [
        "all/way/nonsense",
        "all/step/stuck",
        "step/nonsense/done",
        "step/mail/nonsense",
        "system/nonsense/parked",
        "system/directory/nonsense",
        "error/nonsense/silent",
        "nonsense/directory/silent",
    ],
)
def test_what_is_no_number_of_the_board_is_not_there(
    desk: Desk, tarek: Person, path: str
) -> None:
    assert desk(tarek).get(f"{PEOPLE}/{path}/").status_code == 404


@pytest.mark.parametrize("address", ["/watch/", f"{PEOPLE}/all/way/stuck/"])
def test_fifty_people_cost_as_many_questions_as_one(
    desk: Desk, tarek: Person, slapd: Slapd, address: str
) -> None:
    agent: Client = desk(tarek)
    counted = []
    for more in (1, 50):
        for _ in range(more):
            person = active()
            parked(person)
            waiting(person)
        agent.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(address).status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[1]
