"""What a closed account had stays in its record, and counts nowhere else."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.mailbox import addresses
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.reconciler.subject import subjects
from onboarding.enrolment import letter_recipients
from onboarding.enrolment.applying import apply
from onboarding.enrolment.brakes import _known_to_study
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.merging import aliases
from onboarding.enrolment.models import (
    Enrolment,
    FormerEnrolment,
    GroupPlace,
    Status,
    TutorGroup,
)
from onboarding.enrolment.mystudy_switch import people_of
from onboarding.handout import figures as boxes
from onboarding.handout import roster
from onboarding.handout.sheets import sheets
from onboarding.helpdesk.merging import Pair
from onboarding.helpdesk.seen import LOADERS
from onboarding.notes.models import Readers
from onboarding.notes.writing import for_the_library_desk, write
from onboarding.watch import figures
from onboarding.watch.scope import Scope
from tests.cast import enrolled, export, export_row
from tests.onboarding.handout.hall import open_the_week
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.merges import merge
from tests.onboarding.helpdesk.pages import find, opens, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

SAME = "Umweltwissenschaften"
MINE, THEIRS = 7, 8


@pytest.fixture
def twice(pair: Pair) -> Pair:
    """Give two accounts that have one programme both, and a group each."""
    enrolled(pair.closes, programme=SAME, semester_no=3)
    for number, person in ((MINE, pair.stays), (THEIRS, pair.closes)):
        group = TutorGroup.objects.create(number=number)
        GroupPlace.objects.create(person=person, group=group)
    open_the_week()
    return pair


def counted(number: int) -> int:
    board = figures.board(Scope(group=number), at=timezone.now())
    return board.everybody


def on_the_board() -> list[tuple[int, int]]:
    """Give how many people each group has, as the coordinators' board says."""
    marks = boxes.marks(at=timezone.now())
    groups = TutorGroup.objects.order_by("number")
    return [(one.number, sum(place == one.pk for _, place in marks)) for one in groups]


def on_paper() -> dict[int, int]:
    groups = list(TutorGroup.objects.all())
    return {one.number: len(one.rows) for one in sheets(groups, at=timezone.now())}


def on_phones() -> dict[int, int]:
    groups = list(TutorGroup.objects.order_by("number"))
    listed = roster._groups(groups, None, timezone.now())
    return {one["number"]: len(one["members"]) for one in listed}


READERS: dict[str, Callable[[Pair], bool]] = {
    "watch": lambda _: (counted(MINE), counted(THEIRS)) == (1, 0),
    "board": lambda _: on_the_board() == [(MINE, 1), (THEIRS, 0)],
    "paper": lambda _: on_paper() == {MINE: 1, THEIRS: 0},
    "phones": lambda _: on_phones() == {MINE: 1, THEIRS: 0},
    "letters": lambda pair: (
        set(letter_recipients.students(at=timezone.now())) == {pair.stays}
    ),
    "brake": lambda _: _known_to_study() == 1,
    "mystudy": lambda pair: people_of("2026ws") == [pair.stays.pk],
}


def test_programmes_and_group_stay_in_the_record_and_count_nowhere(
    twice: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    counts_before = {name for name, right in READERS.items() if right(twice)}
    merge(twice, tarek, solveig)

    closes = twice.closes
    had = {(one.programme, one.semester_no) for one in closes.former_enrolments.all()}
    assert had == {(SAME, 3), ("Informatik", 1)}
    assert closes.former_place.group.number == THEIRS
    assert not counts_before
    assert {name for name, right in READERS.items() if right(twice)} == set(READERS)
    assert {(one.person_id, one.programme, one.semester_no) for one in _studies()} == {
        (twice.stays.pk, SAME, 1),
        (twice.stays.pk, "Informatik", 1),
    }
    agent = desk(tarek)
    closed, stays = text(opens(agent, closes)), text(opens(agent, twice.stays))
    assert f"B.Sc. {SAME}" in closed
    assert "it was merged with your other one" in closed
    assert "Not enrolled" not in closed
    assert "Write a note" not in closed
    assert f"group {THEIRS}" in closed
    assert f"Closed account {closes.account_name}" in stays
    assert f"group {THEIRS}" in stays


def test_notes_and_acts_of_both_are_read_where_somebody_may_open_both(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    stays, closes, now = pair.stays, pair.closes, timezone.now()
    said = "Comes with a guide dog."
    write(person=closes, text=said, by=tarek, readers=Readers.BOTH, at=now)
    merge(pair, tarek, solveig)

    agent, lead = desk(tarek), desk(solveig)
    both = text(opens(agent, stays))
    assert said in both
    assert f"To the account {closes.account_name}, closed since." in both
    assert [one.text for one in for_the_library_desk(stays.pk)] == [said]
    link = f'href="/help-desk/{stays.pk}/"'
    assert link in opens(agent, closes).content.decode()

    # A record with blocked disclosure is the lead's, from either side.
    Person.objects.filter(pk=closes.pk).update(confidential=True)
    mine, leads = text(opens(agent, stays)), text(opens(lead, stays))
    assert f"Closed account {closes.account_name}" not in mine
    assert said not in mine
    assert said in leads
    Person.objects.filter(pk=closes.pk).update(confidential=False)
    Person.objects.filter(pk=stays.pk).update(confidential=True)
    closed = opens(agent, closes)
    assert "the lead of the help desk may open" in text(closed)
    assert link not in closed.content.decode()


def test_that_an_account_is_closed_is_said_in_its_own_record_alone(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    merge(pair, tarek, solveig)

    agent = desk(tarek)
    stays, closed = text(opens(agent, pair.stays)), text(opens(agent, pair.closes))

    mine = f"Your other account {pair.closes.account_name} was merged into this one"
    theirs = f"This account was merged into {pair.stays.account_name}, and is closed."
    assert (mine in stays, theirs in stays) == (True, False)
    assert (mine in closed, theirs in closed) == (False, True)


def test_both_records_name_both_agents_of_the_merge(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    merge(pair, tarek, solveig)

    agent = desk(tarek)
    stays, closed = text(opens(agent, pair.stays)), text(opens(agent, pair.closes))

    both = "Tarek Aydın Second agent: Solveig Brandt"
    assert (stays.count(both), closed.count(both)) == (1, 1)


def test_a_closed_record_has_no_table_without_rows(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    merge(pair, tarek, solveig)

    agent = desk(tarek)
    stays, closed = text(opens(agent, pair.stays)), text(opens(agent, pair.closes))

    caption = "What the person sees now"
    assert (caption in stays, caption in closed) == (True, False)


def test_sessions_of_the_closed_account_end_in_the_same_moment(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    browser = desk(pair.closes)

    def sent_to() -> str:
        return str(browser.get("/journey/history/").headers["Location"])

    before = sent_to()
    merge(pair, tarek, solveig)

    assert before == "/consent/"
    assert sent_to().startswith("/sign-in/")


def test_nobody_gets_the_name_or_the_address_of_a_closed_account(
    pair: Pair, tarek: Person, solveig: Person
) -> None:
    closes = pair.closes
    address = f"cem.sondermann@{settings.MAIL_DOMAIN}"
    MailAddress.objects.create(person=closes, address=address, chosen_at=timezone.now())
    merge(pair, tarek, solveig)
    claims = export_row(account_name=closes.account_name)
    reading = Reading(BytesIO(export(claims)), name="", today=date(2026, 9, 15))
    with Cohort(reading, aliases=aliases()) as cohort:
        counts = apply(cohort=cohort, by=None, at=timezone.now())

    assert (counts["new"], counts["refused"]) == (0, 1)
    assert address not in addresses.offer(pair.stays).addresses
    assert MailAddress.objects.get().person == closes


def test_a_closed_account_has_no_service_however_long_it_was_active(
    twice: Pair, tarek: Person, solveig: Person
) -> None:
    Person.objects.update(activated_at=timezone.now())
    ids = [twice.stays.pk, twice.closes.pk]
    on = date(2026, 10, 2)
    before = subjects(ids, facts=LOADERS, on=on)
    merge(twice, tarek, solveig)
    after = subjects(ids, facts=LOADERS, on=on)

    assert all(before[one].entitlements for one in ids)
    assert after[twice.stays.pk].entitlements == before[twice.stays.pk].entitlements
    assert not after[twice.closes.pk].entitlements


def test_the_row_by_which_somebody_studies_counts(
    twice: Pair, tarek: Person, solveig: Person
) -> None:
    Enrolment.objects.filter(person=twice.stays).update(
        status=Status.WITHDRAWN, status_date=date(2026, 9, 1)
    )
    merge(twice, tarek, solveig)

    kept = twice.stays.enrolments.get(programme=SAME)
    assert (kept.status, kept.semester_no) == (Status.ENROLLED, 3)
    left = FormerEnrolment.objects.get(person=twice.stays)
    assert (left.status, left.semester_no) == (Status.WITHDRAWN, 1)


def test_an_export_that_says_two_things_of_one_programme_holds_nobody_back(
    twice: Pair, tarek: Person, solveig: Person
) -> None:
    merge(twice, tarek, solveig)
    rows = [
        export_row(
            person_key=str(one.person_key),
            account_name=one.account_name,
            matriculation_no=one.matriculation_no,
            programme=SAME,
            semester_no=semester,
        )
        for one, semester in ((twice.closes, "3"), (twice.stays, "2"))
    ]
    for several in (rows, rows[::-1]):
        reading = Reading(BytesIO(export(*several)), name="", today=date(2026, 9, 15))
        with Cohort(reading, aliases=aliases()) as cohort:
            counts = apply(cohort=cohort, by=None, at=timezone.now())
        assert counts["held"] == counts["refused"] == counts["new"] == 0
    assert not twice.closes.enrolments.exists()
    assert not hasattr(Person.objects.get(pk=twice.closes.pk), "group_place")
    assert twice.stays.enrolments.get(programme=SAME).semester_no == 2
    assert twice.closes.former_enrolments.count() == 2


def test_who_searches_sees_which_account_is_closed(
    pair: Pair, tarek: Person, solveig: Person, desk: Desk
) -> None:
    merge(pair, tarek, solveig)

    rows = str(find(desk(tarek), "sondermann").content.decode()).split("<tr>")[2:]

    assert len(rows) == 2
    for row in rows:
        closed = pair.closes.account_name in row
        assert ("This account is closed" in row) == closed


def _studies() -> list[Enrolment]:
    return list(Enrolment.objects.order_by("pk"))
