"""Letters: from a real directory onto paper, and kept nowhere else."""

import io
import logging
import stat
from datetime import timedelta
from pathlib import Path

import ldap3
import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from accounts.catalogue import systems
from accounts.directory import gateway, passwords, service_passwords
from accounts.directory.entry import Secret
from accounts.due.mark import mark
from accounts.journal.models import Event
from accounts.people import lifecycle
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.post.models import Mail
from accounts.signin.activation import choose_own_password
from accounts.signin.credentials import InitialPassword, read_initial_password
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import letter_runs, letters
from onboarding.enrolment.letter_pages import Letter
from onboarding.enrolment.letter_recipients import awaiting
from onboarding.enrolment.letter_runs import NoLetter, Obstacle, RunBegun
from onboarding.enrolment.letters import LetterRun, issue
from onboarding.enrolment.models import Status
from tests.accounts.directory.entries import OWN, give_role, student_dn
from tests.cast import a_colleague, a_student, enrolled
from tests.services.proxy import BadLine
from worker.sweep import sweep

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rules,
    pytest.mark.usefixtures("slapd"),
]
AT = timezone.now()
MAIL = "laterne am kai seit gestern"


def arrived(**facts: object) -> Person:
    """Let somebody arrive whom the directory knows already."""
    (person,) = arrive(1, **facts)
    return person


def arrive(number: int, **facts: object) -> list[Person]:
    people = [a_student(**facts) for _one in range(number)]
    for person in people:
        enrolled(person)
    mark(people=[one.pk for one in people], systems=systems.NAMES, at=AT)
    while sweep():
        pass
    return people


def a_run(*accounts: str, run: str = "") -> LetterRun:
    return issue(
        accounts=accounts or None, by=None, at=AT, run=run or letter_runs.new_name()
    )


def opens(letter: Letter) -> bool:
    """Type in what the letter says."""
    typed = read_initial_password(letter.initial_password)
    assert isinstance(typed, InitialPassword)
    entry = gateway.person(letter.account_name)
    return passwords.proves(entry=entry, password=typed.secret)


# --- What a letter does -----------------------------------------------------------


def test_a_letter_opens_the_entry_until_its_last_day() -> None:
    cem = arrived()

    (letter,) = a_run()

    entry = gateway.person(cem.account_name)
    assert entry is not None
    assert entry.secret is Secret.INITIAL
    assert opens(letter)
    assert letter.display_name == cem.display_name
    assert letter.valid_until == timezone.localdate(AT + timedelta(days=60))
    assert entry.ends_at is not None
    ends = timezone.localtime(entry.ends_at)
    assert (ends.date(), ends.hour, ends.minute) == (letter.valid_until, 23, 59)
    cem.refresh_from_db()
    assert cem.initial_password_until == entry.ends_at


def test_a_colleague_gets_a_first_letter_and_nothing_for_a_password_of_their_own(
    slapd: Slapd,
) -> None:
    cem = arrived()
    give_role(slapd, student_dn(slapd, cem.account_name), Role.LIBRARY_DESK)
    (first,) = a_run()
    choose_own_password(
        account=cem.account_name,
        initial=first.initial_password.replace("-", ""),
        new=OWN,
        at=AT,
    )

    run = a_run(cem.account_name)

    assert list(run) == []
    assert run.without == [NoLetter(cem.account_name, Obstacle.GUARDED, cem.pk)]
    assert passwords.proves(entry=gateway.person(cem.account_name), password=OWN)
    cem.refresh_from_db()
    assert cem.initial_password_until is None


def test_a_new_letter_kills_the_old_one_at_once() -> None:
    cem = arrived()
    (old,) = a_run()

    (new,) = a_run(cem.account_name)

    assert (opens(old), opens(new)) == (False, True)


def test_whoever_has_activated_has_to_choose_a_password_again() -> None:
    cem = arrived()
    list(a_run())
    lifecycle.activate(person=cem.pk, at=AT)

    (letter,) = a_run(f" {cem.account_name.upper()} ")

    cem.refresh_from_db()
    assert not cem.has_own_password
    assert cem.activated_at == AT
    assert opens(letter)


def test_letters_come_in_the_order_of_names() -> None:
    for family in ("Zander", "Öztürk", "Oster", "Ärmel"):
        arrived(given_names="Ada", family_name=family)

    names = [letter.display_name for letter in a_run()]

    assert names == ["Ada Ärmel", "Ada Öztürk", "Ada Oster", "Ada Zander"]


@pytest.mark.usefixtures("small_batches")
def test_many_letters_at_once_are_all_right() -> None:
    arrive(50)
    run = a_run()

    made = list(run)

    assert (run.issued, run.done, run.total, run.without) == (50, 50, 50, [])
    assert len({letter.initial_password for letter in made}) == 50
    assert [letter.account_name for letter in made if not opens(letter)] == []


# --- Who gets one -----------------------------------------------------------------


def test_only_who_studies_and_has_neither_letter_nor_own_password_awaits_one() -> None:
    newcomer = a_student()
    enrolled(newcomer)
    on_leave = a_student()
    enrolled(on_leave, status=Status.LEAVE)
    expired = a_student(initial_password_until=AT - timedelta(minutes=1))
    enrolled(expired)
    leaving = a_student()
    enrolled(
        leaving, status=Status.WITHDRAWN, status_date=(AT + timedelta(days=9)).date()
    )
    left = a_student()
    enrolled(left, status=Status.WITHDRAWN, status_date=(AT - timedelta(days=9)).date())
    enrolled(a_student(initial_password_until=AT + timedelta(days=9)))
    enrolled(a_student(activated_at=AT))
    a_student()
    a_colleague()

    assert set(awaiting(at=AT)) == {newcomer, on_leave, expired, leaving}


def test_accounts_that_can_get_none_are_named_with_the_reason() -> None:
    cem, ada = arrived(), a_colleague()
    left = a_student()
    enrolled(left, status=Status.EXMATRICULATED)
    run = a_run("lg9", ada.account_name, cem.account_name, left.account_name)

    assert [letter.account_name for letter in run] == [cem.account_name]
    assert run.without == [
        NoLetter("lg9", Obstacle.UNKNOWN),
        NoLetter(ada.account_name, Obstacle.STAFF, ada.pk),
        NoLetter(left.account_name, Obstacle.LEFT, left.pk),
    ]


def test_whom_the_directory_does_not_know_yet_awaits_the_letter_still() -> None:
    cem = a_student()
    enrolled(cem)
    run = a_run()

    assert list(run) == []
    assert run.without == [NoLetter(cem.account_name, Obstacle.NO_ENTRY, cem.pk)]
    assert list(awaiting(at=AT)) == [cem]


def test_an_entry_that_is_gone_meanwhile_is_reported(slapd: Slapd) -> None:
    cem = arrived()
    entry = gateway.person(cem.account_name)
    assert entry is not None
    admin = slapd.admin()
    admin.delete(entry.dn)
    run = a_run()

    assert list(run) == []
    assert run.without == [NoLetter(cem.account_name, Obstacle.NO_ENTRY, cem.pk)]
    assert list(awaiting(at=AT)) == [cem]


def test_two_runs_share_the_cohort_not_the_people() -> None:
    arrive(3)
    first, second = a_run(), a_run()

    made = [*first, *second]

    assert (first.issued, second.issued) == (3, 0)
    assert {one.obstacle for one in second.without} == {Obstacle.ELSEWHERE}
    assert all(opens(letter) for letter in made)


def test_a_run_is_begun_once() -> None:
    registrar = a_colleague()
    issue(accounts=None, by=registrar.pk, at=AT, run="one")

    with pytest.raises(RunBegun):
        issue(accounts=None, by=registrar.pk, at=AT, run="one")


# --- When something is down -------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "BATCH", 8)


@pytest.fixture
def impatient(settings: LazySettings) -> None:
    settings.LDAP_CONNECT_TIMEOUT = 1
    settings.LDAP_ANSWER_TIMEOUT = 1


@pytest.mark.usefixtures("impatient", "small_batches")
def test_a_directory_that_is_down_leaves_everybody_waiting(slapd: Slapd) -> None:
    people = arrive(20)
    slapd.stop()
    run = a_run()

    assert list(run) == []
    assert len(run.without) == len(people)
    obstacles = [one.obstacle for one in run.without]
    assert set(obstacles) == {Obstacle.SILENT, Obstacle.NOT_TRIED}
    assert awaiting(at=AT).count() == len(people)


@pytest.mark.usefixtures("impatient", "small_batches")
def test_what_was_made_before_the_directory_went_down_is_delivered(
    slapd: Slapd,
) -> None:
    people = arrive(40)
    run = a_run()
    rest = iter(run)

    made = [next(rest)]
    slapd.kill()
    made += list(rest)
    slapd.start()

    assert 1 <= len(made) < len(people)
    assert all(opens(letter) for letter in made)
    waiting = {person.account_name for person in awaiting(at=AT)}
    assert waiting == {person.account_name for person in people} - {
        letter.account_name for letter in made
    }


@pytest.mark.usefixtures("impatient")
def test_somebody_who_had_activated_is_not_taken_back_on_a_guess(slapd: Slapd) -> None:
    cem = arrived(activated_at=AT)
    slapd.stop()
    run = a_run(cem.account_name)

    assert list(run) == []
    cem.refresh_from_db()
    assert cem.initial_password_until is not None


@pytest.mark.usefixtures("small_batches")
def test_a_run_that_is_stopped_gives_what_it_has() -> None:
    arrive(40)
    run = a_run()
    rest = iter(run)

    made = [next(rest)]
    run.stop()
    made += list(rest)

    assert all(opens(letter) for letter in made)
    assert run.done == run.total == 40
    assert {one.obstacle for one in run.without} == {Obstacle.NOT_TRIED}
    assert awaiting(at=AT).count() == 40 - len(made)


# --- A password for e-mail only ---------------------------------------------------


def with_a_mail_password(**facts: object) -> Person:
    """Let somebody arrive who has activated, and whose mailbox opens by MAIL, too."""
    cem = arrived(activated_at=AT, **facts)
    service_passwords.put(dn=dn_of(cem), service="mail", password=MAIL)
    assert opens_the_mailbox(cem)
    return cem


def dn_of(person: Person) -> str:
    return gateway.name_of(person.account_name)


def opens_the_mailbox(person: Person) -> bool:
    child = ldap3.Connection(
        settings.LDAP_URL, f"cn=mail,{dn_of(person)}", MAIL, raise_exceptions=False
    )
    opened: bool = child.bind()
    child.unbind()
    return opened


def dropped(person: Person) -> int:
    return Event.objects.filter(whom=person, what="mail_password_dropped").count()


def test_a_password_for_e_mail_only_does_not_outlive_a_new_initial_one() -> None:
    cem = with_a_mail_password()

    (letter,) = a_run(cem.account_name)

    assert opens(letter)
    assert not opens_the_mailbox(cem)
    assert dropped(cem) == 1
    assert not Mail.objects.filter(person=cem).exists()


def test_where_there_was_none_nothing_is_told_of_it() -> None:
    cem = arrived(activated_at=AT)

    list(a_run(cem.account_name))

    assert dropped(cem) == 0


@pytest.mark.faults
@pytest.mark.usefixtures("impatient")
def test_wherever_the_line_is_cut_no_mailbox_stays_open_beside_a_new_letter(
    bad_line_to_the_directory: BadLine, settings: LazySettings, slapd: Slapd
) -> None:
    cem = with_a_mail_password()
    settings.LDAP_URL = f"ldap://{LOOPBACK}:{bad_line_to_the_directory.port}"
    # Every thread has to come back over the bad line.
    slapd.stop()
    slapd.start()
    seen = set()

    # How many answers a run takes depends on how many lines it has to open.
    for answers in range(20):
        (old,) = a_run(cem.account_name)
        service_passwords.put(dn=dn_of(cem), service="mail", password=MAIL)
        run = a_run(cem.account_name)
        bad_line_to_the_directory.cut_after(answers)
        made = list(run)
        bad_line_to_the_directory.mend()
        seen.add((opens(old), opens_the_mailbox(cem), len(made)))
        # The same again finishes what was begun.
        (new,) = a_run(cem.account_name)
        assert (opens(old), opens(new), opens_the_mailbox(cem)) == (False, True, False)
        if made:
            break

    # Nothing happened; the mailbox is shut and no letter made; all of it.
    assert {(True, True, 0), (True, False, 0), (False, False, 1)} <= seen
    # The directory took a letter that nobody got: that happens, too.
    assert seen <= {
        (True, True, 0),
        (True, False, 0),
        (False, False, 0),
        (False, False, 1),
    }
    told = Mail.objects.filter(person=cem).values_list("message", flat=True).distinct()
    assert list(told) == ["mail_password_removed"]


# --- What is known of a run -------------------------------------------------------


def test_the_journal_knows_the_run_and_its_obstacles() -> None:
    arrive(2)
    missing = a_student()
    enrolled(missing)

    begun = a_run(run="seven")
    before = letter_runs.look_up("seven")
    list(begun)

    run = letter_runs.look_up("seven")
    assert before is not None
    assert (before.total, before.done, before.ended) == (3, 0, False)
    assert run is not None
    assert (run.total, run.done, run.issued, run.ended) == (3, 3, 2, True)
    assert run.without == (NoLetter(missing.account_name, Obstacle.NO_ENTRY),)
    assert letter_runs.look_up("eight") is None


def test_letters_of_a_lost_file_can_be_issued_again() -> None:
    cem, ada, eve = arrive(3)
    list(a_run(run="lost"))
    lifecycle.activate(person=ada.pk, at=AT)
    issue_later = issue(
        accounts=[eve.account_name], by=None, at=AT + timedelta(hours=1), run="later"
    )
    list(issue_later)

    run = letter_runs.look_up("lost")
    assert run is not None
    assert letter_runs.unused(run) == [cem.account_name]


def test_two_runs_at_the_same_instant_do_not_mix() -> None:
    cem, ada = arrive(2)
    list(a_run(cem.account_name, run="one"))
    list(a_run(ada.account_name, "lg9", run="two"))

    one, two = letter_runs.look_up("one"), letter_runs.look_up("two")

    assert one is not None
    assert two is not None
    assert (letter_runs.unused(one), one.without) == ([cem.account_name], ())
    assert letter_runs.unused(two) == [ada.account_name]
    # Who is nobody here belongs into the report, too.
    assert two.without == (NoLetter("lg9", Obstacle.UNKNOWN),)


def test_a_run_that_never_ended_was_broken_off_after_half_an_hour() -> None:
    arrived()
    a_run(run="cut")

    soon, late = (
        letter_runs.latest(most=1, at=AT + timedelta(minutes=minutes))
        for minutes in (29, 31)
    )

    assert [one.broken_off for one in (*soon, *late)] == [False, True]
    assert [one.issued for one in (*soon, *late)] == [None, None]


def test_a_reissue_shows_in_the_journal_of_the_person() -> None:
    cem, registrar = arrived(), a_colleague()

    list(issue(accounts=[cem.account_name], by=registrar.pk, at=AT, run="one"))

    event = Event.objects.get(whom=cem, what="letter_issued")
    assert (event.who, event.at) == (registrar, AT)


# --- The secret is nowhere else ---------------------------------------------------


def everything_stored() -> str:
    """Dump the whole database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_a_secret_is_in_no_row_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    cem = arrived()
    with caplog.at_level(logging.DEBUG):
        (letter,) = a_run()

    stored = everything_stored()
    assert cem.account_name in stored
    bare = letter.initial_password.replace("-", "")
    for secret in (letter.initial_password, bare):
        assert secret not in stored
        assert secret not in caplog.text
        assert secret not in repr(letter)


# --- The command ------------------------------------------------------------------


def test_the_command_writes_both_files_for_its_owner_alone(tmp_path: Path) -> None:
    arrive(2)
    printer, merge = tmp_path / "letters.pdf", tmp_path / "letters.csv"
    told = io.StringIO()

    call_command("issue_letters", pdf=printer, csv=merge, stderr=told)

    rows = merge.read_text("utf-8-sig").splitlines()
    pages = [page.extract_text() for page in PdfReader(printer).pages]
    assert len(rows) == 3
    for row, page in zip(rows[1:], pages, strict=True):
        account_name, initial_password, *_rest = row.split(";")
        assert account_name in page
        assert initial_password in page
        assert initial_password not in told.getvalue()
    for file in (printer, merge):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_command_never_overwrites_a_file(tmp_path: Path) -> None:
    arrived()
    there = tmp_path / "letters.pdf"
    there.touch()

    with pytest.raises(CommandError):
        call_command("issue_letters", pdf=there)

    assert there.read_bytes() == b""
    assert awaiting(at=AT).count() == 1


def test_the_command_wants_to_know_where_letters_go() -> None:
    with pytest.raises(CommandError):
        call_command("issue_letters")


def test_the_command_names_who_got_no_letter(tmp_path: Path) -> None:
    told = io.StringIO()

    with pytest.raises(CommandError):
        call_command("issue_letters", "lg9", csv=tmp_path / "a.csv", stderr=told)

    assert f"lg9: {Obstacle.UNKNOWN.sentence()}" in told.getvalue()


def test_the_command_issues_a_lost_file_again(tmp_path: Path) -> None:
    cem = arrived()
    list(a_run(run="lost"))

    call_command(
        "issue_letters", again="lost", csv=tmp_path / "a.csv", stderr=io.StringIO()
    )

    assert cem.account_name in (tmp_path / "a.csv").read_text()
