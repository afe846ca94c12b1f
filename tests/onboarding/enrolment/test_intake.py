"""From export to people: planned, held back, applied, and applied again."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ldap3
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from django.utils import translation

from accounts.catalogue.systems import DIRECTORY, NAMES
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import intake, uploads
from onboarding.enrolment.applying import apply
from onboarding.enrolment.brakes import Brake
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.layout import OURS, Layout, read_layout
from onboarding.enrolment.models import (
    CohortFile,
    Enrolment,
    GroupPlace,
    Stage,
    TutorGroup,
)
from onboarding.enrolment.moving import move_to_group
from onboarding.enrolment.numbers import NumbersExhausted
from onboarding.enrolment.planning import Plan, plan
from onboarding.enrolment.tutor_file import apply_groups, plan_groups
from tests.cast import NOW, a_colleague, a_student, enrolled, export, export_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 9, 15)
MADE = "enrolment-20260915T060000-{rows}.csv"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def gathered(
    content: bytes, *, name: str = "export.csv", layout: Layout = OURS
) -> Cohort:
    return Cohort(Reading(io.BytesIO(content), name=name, today=TODAY, layout=layout))


def planned(content: bytes, *, name: str = "export.csv") -> Plan:
    with gathered(content, name=name) as cohort:
        return plan(cohort=cohort)


def applied(content: bytes, *, name: str = "export.csv") -> Counter[str]:
    with gathered(content, name=name) as cohort:
        return apply(cohort=cohort, by=None, at=NOW)


def brakes(content: bytes, *, rows: int | None = None, name: str = "") -> set[Brake]:
    found = planned(content, name=name or MADE.format(rows=rows))
    return {one.brake for one in found.brakes}


def uploaded(content: bytes, *, name: str, **more: Any) -> CohortFile:
    upload = uploads.Upload(name=name, chunks=[content], **more)
    return uploads.receive(upload=upload, by=None, at=NOW)


def everything() -> list[Any]:
    return [
        list(Person.objects.order_by("person_key").values()),
        list(Enrolment.objects.order_by("pk").values()),
        list(GroupPlace.objects.order_by("pk").values()),
        list(Sync.objects.order_by("pk").values()),
        Event.objects.count(),
    ]


def test_a_whole_cohort_arrives(slapd: Slapd) -> None:
    content = (DATA / "enrolment-2026ws.csv").read_bytes()

    counts = applied(content)

    assert counts["new"] == Person.objects.count() == 180
    assert Enrolment.objects.count() == 181
    assert TutorGroup.objects.count() == 9
    assert GroupPlace.objects.count() == 117
    assert Sync.objects.count() == 180
    assert Event.objects.filter(what="enrolment_new").count() == 180
    names = set(Person.objects.values_list("account_name", flat=True))
    assert {"lg1260006", "lg9000000"} <= names
    clara = Person.objects.get(person_key="P700611")
    assert (clara.given_names, clara.family_name) == ("Clara", "Gonçalves")
    assert clara.created_at == NOW


def test_the_same_file_again_changes_nothing(slapd: Slapd) -> None:
    content = (DATA / "enrolment-2026ws.csv").read_bytes()
    applied(content)
    before = everything()

    counts = applied(content)

    assert counts == Counter(unchanged=180)
    assert everything() == before
    assert planned(content).changes_nothing()


def test_a_plan_changes_nothing(slapd: Slapd) -> None:
    content = export(export_row(), export_row())

    found = planned(content)

    assert found.counts["new"] == 2
    assert [one.name for one in found.new] == ["Cem Sondermann"] * 2
    assert not Person.objects.exists()


def test_a_plan_says_what_changes_and_applying_does_it(slapd: Slapd) -> None:
    row = export_row(tutor_group="3")
    applied(export(row))
    later = {**row, "family_name": "Lüders", "semester_no": "2", "tutor_group": "4"}

    found = planned(export(later))
    counts = applied(export(later))

    [change] = found.changed
    assert change.what == ("family_name", "programme", "tutor_group")
    assert (counts["changed"], counts["new"]) == (1, 0)
    person = Person.objects.get(person_key=row["person_key"])
    assert person.family_name == "Lüders"
    assert person.enrolments.get().semester_no == 2
    assert person.group_place.group.number == 4
    marked = dict(
        Sync.objects.filter(person=person).values_list("system", "generation")
    )
    assert marked == {**dict.fromkeys(NAMES, 1), DIRECTORY: 2}


def test_a_persons_rows_replace_that_persons_programmes(slapd: Slapd) -> None:
    row = export_row()
    other = {**row, "programme": "Philosophie", "degree": "B.A."}
    applied(export(row, other))

    applied(export(other))

    [enrolment] = Enrolment.objects.all()
    assert enrolment.programme == "Philosophie"


def test_a_refused_row_does_not_take_a_programme_away(slapd: Slapd) -> None:
    row = export_row()
    other = {**row, "programme": "Philosophie", "degree": "B.A."}
    applied(export(row, other))

    applied(export({**row, "semester_no": "2"}, {**other, "status": "verzogen"}))

    assert {one.programme: one.semester_no for one in Enrolment.objects.all()} == {
        "Umweltwissenschaften": 2,
        "Philosophie": 1,
    }


def test_a_truncated_file_takes_no_programme_away(slapd: Slapd) -> None:
    row = export_row()
    other = {**row, "programme": "Philosophie", "degree": "B.A."}
    applied(export(row, other))

    applied(export(row), name=MADE.format(rows=2))

    assert Enrolment.objects.count() == 2


def test_who_is_not_in_the_file_is_left_alone(slapd: Slapd) -> None:
    bystander = a_student()
    enrolled(bystander)

    applied(export(export_row()))

    bystander.refresh_from_db()
    assert bystander.enrolments.count() == 1
    assert not Sync.objects.filter(person=bystander).exists()


def test_an_account_name_never_changes(slapd: Slapd) -> None:
    row = export_row(account_name="lg1260001")
    applied(export(row))

    found = planned(export({**row, "account_name": "lg1260002"}))
    applied(export({**row, "account_name": "lg1260002"}))

    assert Person.objects.get().account_name == "lg1260001"
    assert "lg1260002" in str(found.doubts[0].sentence)


def test_a_known_matriculation_number_is_not_taken_away(slapd: Slapd) -> None:
    row = export_row(matriculation_no="3000001")
    applied(export(row))

    applied(export({**row, "matriculation_no": ""}))

    assert Person.objects.get().matriculation_no == "3000001"


def test_what_a_layout_does_not_say_stays(slapd: Slapd) -> None:
    row = export_row(
        private_email="cem@mail.example", confidential="1", tutor_group="2"
    )
    applied(export(row))
    silent = {"private_email", "confidential", "tutor_group", "mobile"}
    layout = Layout(columns={n: n for n in OURS.columns if n not in silent})
    header = [name for name in row if name not in silent]
    content = "\n".join((";".join(header), ";".join(row[n] for n in header))).encode()

    with gathered(content, layout=layout) as cohort:
        counts = apply(cohort=cohort, by=None, at=NOW)

    person = Person.objects.get()
    assert counts["unchanged"] == 1
    assert person.private_email == "cem@mail.example"
    assert person.confidential
    assert person.group_place.group.number == 2


def test_consent_and_chosen_name_can_be_withdrawn(slapd: Slapd) -> None:
    row = export_row(private_email="cem@mail.example", chosen_name="Deniz")
    applied(export(row))

    applied(export({**row, "private_email": "", "chosen_name": "", "tutor_group": ""}))

    person = Person.objects.get()
    assert (person.private_email, person.chosen_name) == ("", "")


def test_numbers_that_the_directory_knows_are_skipped(
    slapd: Slapd, directory_admin: ldap3.Connection
) -> None:
    directory_admin.add(
        f"uid=lg9000000,ou=people,{slapd.base}",
        ["inetOrgPerson"],
        {"sn": "Early", "cn": "Early"},
    )
    a_student(account_name="lg9000001")

    applied(export(*(export_row(account_name="") for _ in range(3))))

    names = Person.objects.exclude(account_name="lg9000001").order_by("pk")
    assert list(names.values_list("account_name", flat=True)) == [
        "lg9000002",
        "lg9000003",
        "lg9000004",
    ]


@pytest.mark.parametrize(
    ("somebody_has", "wanted"), [("lg1260009", "lg1260001"), ("lg1260001", "lg9000000")]
)
def test_an_entry_that_is_there_already_is_adopted_unless_somebody_has_it(
    slapd: Slapd, directory_admin: ldap3.Connection, somebody_has: str, wanted: str
) -> None:
    code = "urn:schac:personalUniqueCode:de:leuphana.example:Matrikelnummer:3000001"
    directory_admin.add(
        f"uid=lg1260001,ou=people,{slapd.base}",
        ["inetOrgPerson", "schacLinkageIdentifiers"],
        {"sn": "Sondermann", "cn": "Cem", "schacPersonalUniqueCode": code},
    )
    a_student(account_name=somebody_has)

    applied(export(export_row(account_name="", matriculation_no="3000001")))

    assert Person.objects.get(matriculation_no="3000001").account_name == wanted


def test_a_number_that_the_file_itself_names_is_skipped(slapd: Slapd) -> None:
    named = export_row(person_key="P2", account_name="lg9000000")

    counts = applied(export(export_row(person_key="P1", account_name=""), named))

    assert counts["new"] == 2
    assert Person.objects.get(person_key="P1").account_name == "lg9000001"


def test_a_number_is_never_given_twice(slapd: Slapd) -> None:
    applied(export(export_row(account_name="")))
    # Nobody has the number any more.
    Person.objects.update(account_name="lg1", person_key="gone", matriculation_no="")

    applied(export(export_row(account_name="")))

    later = Person.objects.exclude(person_key="gone").get()
    assert later.account_name == "lg9000001"


@override_settings(ACCOUNT_NUMBERS=(9_000_000, 9_000_001))
def test_an_exhausted_range_stops_the_import(slapd: Slapd) -> None:
    with pytest.raises(NumbersExhausted):
        applied(export(*(export_row(account_name="") for _ in range(3))))

    assert not Person.objects.exists()


def test_an_account_of_somebody_else_is_refused(slapd: Slapd) -> None:
    a_colleague(account_name="lg1260001")
    content = export(export_row(account_name="lg1260001"), export_row())

    found = planned(content)
    counts = applied(content)

    assert [(one.line, one.faults[0].column) for one in found.refusals] == [
        (2, "account_name")
    ]
    assert counts["new"] == 1


def test_possible_twins_are_reported_and_never_merged(slapd: Slapd) -> None:
    a_student(person_key="P1", given_names="Lena", family_name="Müller")
    new = export_row(person_key="P2", given_names="LENA", family_name="Mueller")
    other_day = export_row(given_names="Lena", family_name="Müller", birth_date="1999")

    found = planned(export(new, other_day))
    applied(export(new, other_day))

    [doubt] = found.doubts
    assert (doubt.line, "P1" in str(doubt.sentence)) == (2, True)
    assert Person.objects.count() == 3
    assert planned(export(new)).doubts == []


def test_a_changed_name_is_found_under_its_new_key(slapd: Slapd) -> None:
    row = export_row(given_names="Lena", family_name="Müller")
    applied(export(row))
    before = Person.objects.get().name_key
    applied(export({**row, "family_name": "Öztürk"}))

    assert (before, Person.objects.get().name_key) == (
        "LENA MUELLER",
        "LENA OEZTUERK",
    )


def test_a_shared_matriculation_number_is_reported(slapd: Slapd) -> None:
    a_student(person_key="P1", matriculation_no="3000001")

    found = planned(export(export_row(given_names="Mei", matriculation_no="3000001")))

    [doubt] = found.doubts
    assert "matriculation number" in str(doubt.sentence)


def test_a_blocked_persons_name_is_not_in_the_plan(slapd: Slapd) -> None:
    found = planned(export(export_row(confidential="1")))

    assert [one.name for one in found.new] == [""]


def test_a_good_file_pulls_no_brake(slapd: Slapd) -> None:
    assert brakes(export(export_row()), rows=1) == set()


@pytest.mark.parametrize(
    ("rows", "pulled"),
    [(2, {Brake.ROW_COUNT}), (0, {Brake.ROW_COUNT}), (1, set())],
)
def test_more_or_fewer_rows_than_declared_stop_a_file(
    slapd: Slapd, rows: int, pulled: set[Brake]
) -> None:
    assert brakes(export(export_row()), rows=rows) == pulled


def test_an_empty_cut_or_nameless_file_stops(slapd: Slapd) -> None:
    assert brakes(export(), rows=0) == {Brake.EMPTY}
    assert brakes(export(export_row()), name="x.csv") == {Brake.UNKNOWN_ORIGIN}
    cut = export(export_row(), export_row())[:-60]
    assert brakes(cut, rows=2) == {Brake.CUT}


def test_an_older_file_stops_and_the_same_age_passes(slapd: Slapd) -> None:
    call_command("import_enrolment", _written(export(export_row()), rows=1))

    older = "enrolment-20260914T060000-1.csv"
    assert brakes(export(export_row()), name=older) == {Brake.OLDER}
    assert brakes(export(export_row()), rows=1) == set()


def test_a_file_in_another_encoding_stops(slapd: Slapd) -> None:
    content = export(export_row(given_names="Ágnes"), export_row())
    latin = content.replace("Á".encode(), "Á".encode("cp1252"))

    assert brakes(latin, rows=2) == {Brake.ENCODING}


@override_settings(WITHDRAWAL_BRAKE_PERCENT=5)
def test_more_withdrawals_than_the_share_stop_a_file(slapd: Slapd) -> None:
    rows = [export_row() for _ in range(20)]
    applied(export(*rows))
    gone = [{**row, "status": "withdrawn"} for row in rows]

    assert brakes(export(gone[0]), rows=1) == set()
    assert brakes(export(gone[0], gone[1]), rows=2) == {Brake.WITHDRAWALS}


def test_a_withdrawal_is_counted_once_and_noted(slapd: Slapd) -> None:
    row = export_row()
    applied(export(row))

    counts = applied(export({**row, "status": "exmatriculated"}))

    assert counts["withdrawn"] == 1
    assert Event.objects.filter(what="enrolment_withdrawn").count() == 1
    assert applied(export({**row, "status": "exmatriculated"}))["withdrawn"] == 0


def test_leaving_one_of_two_programmes_is_no_withdrawal(slapd: Slapd) -> None:
    row = export_row()
    other = {**row, "programme": "Philosophie"}
    applied(export(row, other))

    counts = applied(export(row, {**other, "status": "withdrawn"}))

    assert (counts["changed"], counts["withdrawn"]) == (1, 0)


def test_the_damaged_file_brings_its_good_rows(slapd: Slapd) -> None:
    counts = applied((DATA / "enrolment-damaged.csv").read_bytes())

    assert counts["new"] == Person.objects.count() == 24


def test_the_other_houses_layout_brings_people(slapd: Slapd) -> None:
    layout = read_layout((DATA / "legacy-layout.toml").read_text())
    content = (DATA / "enrolment-legacy-layout.csv").read_bytes()

    with gathered(content, layout=layout) as cohort:
        counts = apply(cohort=cohort, by=None, at=NOW)

    assert counts["new"] == 143
    assert Person.objects.filter(family_name="Öztürk").exists()


# --- Tutor groups ---------------------------------------------------------------------


def test_groups_are_written_and_unknown_tutors_reported(slapd: Slapd) -> None:
    a_colleague(account_name="tutor01")
    content = (DATA / "tutor-groups-2026ws.csv").read_bytes()

    report = apply_groups(io.BytesIO(content))

    assert (report.groups, len(report.refusals), len(report.unknown)) == (9, 0, 16)
    first = TutorGroup.objects.get(number=1)
    assert (first.tutor_account, first.deputy_account) == ("tutor01", "")
    assert first.meeting_point == "Central building, foyer, table 1"
    assert first.meets_at is not None
    assert first.meets_at.isoformat() == "2026-10-05T07:00:00+00:00"
    assert TutorGroup.objects.get(number=3).tutor_account == ""


def test_a_coordinators_move_stands_until_the_export_names_a_new_group(
    slapd: Slapd,
) -> None:
    applied(export(export_row(person_key="P1", tutor_group="3")))
    student = Person.objects.get(person_key="P1")
    coordinator = a_colleague(account_name="coordinator")
    seven = TutorGroup.objects.create(number=7)
    move_to_group(person=student, group=seven, by=coordinator, at=NOW)

    where = []
    for said in ("3", "", "3", "4", "3"):
        applied(export(export_row(person_key="P1", tutor_group=said)))
        where.append(GroupPlace.objects.get().group.number)

    assert where == [7, 7, 7, 4, 3]


def test_who_was_put_into_a_group_by_hand_stays_there(slapd: Slapd) -> None:
    applied(export(export_row(person_key="P1", tutor_group="")))
    student = Person.objects.get(person_key="P1")
    coordinator = a_colleague(account_name="coordinator")
    seven = TutorGroup.objects.create(number=7)
    move_to_group(person=student, group=seven, by=coordinator, at=NOW)

    applied(export(export_row(person_key="P1", tutor_group="")))
    assert GroupPlace.objects.get().group == seven
    applied(export(export_row(person_key="P1", tutor_group="7")))
    applied(export(export_row(person_key="P1", tutor_group="")))

    assert not GroupPlace.objects.exists()


def test_bad_rows_of_a_tutor_file_are_named(slapd: Slapd) -> None:
    rows = ["x;;;;", "1;;;;soon", "2;;;;", "2;;;;", "3;;", '4;"open;;;', "5;;;;"]
    content = "\n".join(
        ["group;tutor_account;deputy_account;meeting_point;meets_at", *rows]
    )

    report = plan_groups(io.BytesIO(content.encode()))

    assert [one.line for one in report.refusals] == [2, 3, 5, 6, 7]
    assert report.groups == 2


# --- Uploads, confirmed and worked off ------------------------------------------------


def test_an_uploaded_file_is_previewed_confirmed_and_applied(slapd: Slapd) -> None:
    file = uploaded(export(export_row(), export_row()), name=MADE.format(rows=2))
    intake.preview_now(file=file, at=NOW)
    file.refresh_from_db()
    assert (file.stage, file.preview["counts"]["new"]) == (Stage.WAITING, 2)
    assert not intake.work_off(at=NOW)

    intake.confirm(file=file.pk, overriding=(), by=None, at=NOW)
    worked = intake.work_off(at=NOW)

    file.refresh_from_db()
    assert worked
    assert (file.stage, file.content, file.rows_done) == (Stage.APPLIED, None, 2)
    assert Person.objects.count() == 2
    assert not intake.work_off(at=NOW)


def test_a_large_file_is_previewed_by_the_worker(
    slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 10)
    file = uploaded(export(export_row()), name=MADE.format(rows=1))

    intake.preview_now(file=file, at=NOW)
    file.refresh_from_db()
    before = file.stage
    intake.work_off(at=NOW)

    file.refresh_from_db()
    assert (before, file.stage) == (Stage.READING, Stage.WAITING)


def test_a_brake_must_be_named_to_be_let_go(slapd: Slapd) -> None:
    file = uploaded(export(export_row()), name="export.csv")
    intake.preview_now(file=file, at=NOW)

    with pytest.raises(intake.NotConfirmed):
        intake.confirm(file=file.pk, overriding=["older"], by=None, at=NOW)
    intake.confirm(file=file.pk, overriding=["unknown-origin"], by=None, at=NOW)
    intake.work_off(at=NOW)

    file.refresh_from_db()
    assert file.stage == Stage.APPLIED
    confirmed = Event.objects.get(what="cohort_confirmed")
    assert confirmed.facts["overridden"] == "unknown-origin"


def test_a_brake_that_is_pulled_after_the_confirmation_stops_the_file(
    slapd: Slapd,
) -> None:
    file = uploaded(export(export_row()), name="enrolment-20260914T060000-1.csv")
    intake.preview_now(file=file, at=NOW)
    intake.confirm(file=file.pk, overriding=(), by=None, at=NOW)
    call_command("import_enrolment", _written(export(export_row()), rows=1))

    intake.work_off(at=NOW)

    file.refresh_from_db()
    assert file.stage == Stage.FAILED
    assert Person.objects.count() == 1


def test_a_killed_worker_leaves_a_lease_that_runs_out(slapd: Slapd) -> None:
    rows = [export_row() for _ in range(3)]
    file = uploaded(export(*rows), name=MADE.format(rows=3))
    intake.preview_now(file=file, at=NOW)
    intake.confirm(file=file.pk, overriding=(), by=None, at=NOW)
    # As if a worker had died after the first person.
    applied(export(rows[0]))
    CohortFile.objects.update(leased_until=NOW + intake.LEASE, tries=1)

    too_soon = intake.work_off(at=NOW)
    later = intake.work_off(at=NOW + intake.LEASE)

    assert (too_soon, later) == (False, True)
    assert Person.objects.count() == 3
    assert Event.objects.filter(what="enrolment_new").count() == 3


def test_a_worker_that_lost_its_lease_lets_go(slapd: Slapd) -> None:
    file = uploaded(export(export_row()), name=MADE.format(rows=1))
    lease = intake._claim(CohortFile.objects.all(), at=NOW)
    assert lease is not None
    intake._claim(CohortFile.objects.all(), at=NOW + intake.LEASE)

    with pytest.raises(intake.LeaseLost):
        lease.renew(1)

    file.refresh_from_db()
    assert file.rows_done == 0


def test_a_file_that_kills_every_worker_is_given_up(slapd: Slapd) -> None:
    file = uploaded(export(export_row()), name=MADE.format(rows=1))
    CohortFile.objects.update(tries=intake.TRIES)

    assert not intake.work_off(at=NOW)

    file.refresh_from_db()
    assert file.stage == Stage.FAILED


def test_a_directory_that_is_away_is_a_delay(slapd: Slapd) -> None:
    file = uploaded(export(export_row(account_name="")), name=MADE.format(rows=1))
    intake.preview_now(file=file, at=NOW)
    intake.confirm(file=file.pk, overriding=(), by=None, at=NOW)
    slapd.stop()

    intake.work_off(at=NOW)
    file.refresh_from_db()
    waiting = (file.stage, len(file.failure))
    slapd.start()
    intake.work_off(at=NOW + timedelta(minutes=5))

    file.refresh_from_db()
    assert waiting == (Stage.APPLYING, 1)
    assert (file.stage, file.failure) == (Stage.APPLIED, [])


def test_a_useless_file_fails_in_words(slapd: Slapd) -> None:
    file = uploaded(b"name;born\n", name="x.csv")

    intake.preview_now(file=file, at=NOW)

    file.refresh_from_db()
    assert file.stage == Stage.FAILED
    assert "names none" in file.failure[0]["words"]


def test_old_files_are_dropped_with_what_names_people(slapd: Slapd) -> None:
    file = uploaded(export(export_row()), name=MADE.format(rows=1))
    intake.preview_now(file=file, at=NOW)

    intake.drop_old_files(at=NOW + timedelta(hours=23))
    file.refresh_from_db()
    kept = file.stage
    intake.drop_old_files(at=NOW + timedelta(hours=24))

    file.refresh_from_db()
    assert (kept, file.stage, file.content) == (Stage.WAITING, Stage.DROPPED, None)
    assert (file.preview["new"], file.preview["counts"]["new"]) == ([], 1)


def test_a_tutor_file_comes_with_the_cohort(slapd: Slapd) -> None:
    a_colleague(account_name="tutor01")
    groups = (DATA / "tutor-groups-2026ws.csv").read_bytes()
    file = uploaded(
        export(export_row(tutor_group="1")),
        name=MADE.format(rows=1),
        tutor_groups=groups,
    )
    intake.preview_now(file=file, at=NOW)
    file.refresh_from_db()
    assert len(file.preview["group_faults"]) == 16

    intake.confirm(file=file.pk, overriding=(), by=None, at=NOW)
    intake.work_off(at=NOW)

    assert GroupPlace.objects.get().group.tutor_account == "tutor01"


# --- The command ----------------------------------------------------------------------


def test_the_command_imports_and_reports(slapd: Slapd, tmp_path: Path) -> None:
    said = io.StringIO()
    groups = DATA / "tutor-groups-2026ws.csv"

    call_command(
        "import_enrolment",
        _written(export(export_row()), rows=1),
        tutor_groups=groups,
        stdout=said,
    )

    assert "Imported: 1 new" in said.getvalue()
    assert "tutor09" in said.getvalue()
    assert CohortFile.objects.get().stage == Stage.APPLIED


def test_a_dry_run_changes_nothing(slapd: Slapd) -> None:
    said = io.StringIO()

    call_command(
        "import_enrolment",
        _written(export(export_row()), rows=1),
        dry_run=True,
        stdout=said,
    )

    assert "dry run" in said.getvalue()
    assert not Person.objects.exists()
    assert not CohortFile.objects.exists()


def test_the_command_stops_at_a_brake_until_somebody_insists(slapd: Slapd) -> None:
    file = DATA / "enrolment-damaged.csv"
    said = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_enrolment", file, stdout=said)
    before = Person.objects.count()
    call_command("import_enrolment", file, insist=True, stdout=said)

    assert before == 0
    assert Person.objects.count() == 24
    assert "line 10, school: “Hogwarts” is not known" in said.getvalue()


@pytest.mark.parametrize("argument", ["file", "layout", "tutor_groups"])
def test_a_file_that_is_not_there_is_said(
    slapd: Slapd, tmp_path: Path, argument: str
) -> None:
    arguments = {"file": _written(export(export_row()), rows=1)}
    arguments[argument] = tmp_path / "nowhere"

    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_enrolment", arguments.pop("file"), **arguments)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _written(content: bytes, *, rows: int) -> Path:
    file = Path(MADE.format(rows=rows))
    file.write_bytes(content)
    return file
