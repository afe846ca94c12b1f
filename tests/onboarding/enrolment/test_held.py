"""Whom the import holds back, and how they come in after all."""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import holding, intake, uploads
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile as Reading
from onboarding.enrolment.held_models import Ending, Held
from onboarding.enrolment.held_words import faults
from onboarding.enrolment.layout import OURS, Layout, read_layout
from onboarding.enrolment.models import CohortFile, Enrolment
from onboarding.enrolment.releasing import (
    NotHeld,
    StillWrong,
    correctable,
    release,
    wrong_columns,
)
from tests.cast import NOW, a_colleague, a_student, export, export_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

TODAY = date(2026, 9, 15)
LATER = NOW + timedelta(days=1)
# Cyrillic letters among Latin ones: they look alike, and are others.
BAD = "S\u043endermann"


def applied(content: bytes, *, layout: Layout = OURS) -> Counter[str]:
    reading = Reading(io.BytesIO(content), name="", today=TODAY, layout=layout)
    with Cohort(reading) as cohort:
        return apply(cohort=cohort, by=None, at=NOW)


def let_in(held: Held, **corrections: str) -> Person:
    return release(
        held=held,
        corrections=corrections,
        check="in_person",
        by=a_colleague(),
        at=LATER,
    )


def test_a_name_with_foreign_letters_is_held_back_and_said(slapd: Slapd) -> None:
    row = export_row(family_name=BAD)

    counts = applied(export(row, export_row()))

    held = Held.now().get()
    [fault] = faults(held)
    assert (counts["new"], counts["held"]) == (1, 1)
    assert held.person_key == row["person_key"]
    assert held.cells["family_name"] == BAD
    assert held.names == f"Cem {BAD}"
    assert held.words == " CEM SNDERMANN "
    assert fault.columns == "family name"
    assert "U+043E CYRILLIC SMALL LETTER O (2)" in fault.reason
    assert not Person.objects.filter(person_key=row["person_key"]).exists()


def test_the_same_file_again_holds_nobody_back_twice(slapd: Slapd) -> None:
    content = export(export_row(family_name=BAD))
    applied(content)
    before = list(Held.objects.values())

    applied(content)

    assert list(Held.objects.values()) == before


def test_who_is_let_in_is_a_student_as_from_an_export(slapd: Slapd) -> None:
    row = export_row(family_name=BAD, account_name="", tutor_group="4")
    applied(export(row))

    person = let_in(Held.now().get(), family_name="Sondermann")

    held = Held.objects.get()
    event = Event.objects.get(what="held_released")
    assert (person.family_name, person.person_key) == ("Sondermann", row["person_key"])
    assert person.account_name.startswith("lg9")
    assert person.enrolments.get().programme == "Umweltwissenschaften"
    assert person.group_place.group.number == 4
    assert (held.ending, held.ended_at, held.rows) == (Ending.RELEASED, LATER, [])
    assert held.names == held.words == held.matriculation_no == ""
    assert (event.whom_id, event.facts["check"]) == (person.pk, "in_person")
    assert Event.objects.filter(what="enrolment_new", whom=person).count() == 1


def test_the_same_bad_rows_leave_alone_who_was_let_in(slapd: Slapd) -> None:
    content = export(export_row(family_name=BAD))
    applied(content)
    person = let_in(Held.now().get(), family_name="Sondermann")

    counts = applied(content)

    assert counts["held"] == 0
    assert not Held.now().exists()
    assert Person.objects.get(pk=person.pk).family_name == "Sondermann"


def test_news_of_who_was_let_in_are_held_back_where_they_are_bad(slapd: Slapd) -> None:
    row = export_row(family_name=BAD)
    applied(export(row))
    let_in(Held.now().get(), family_name="Sondermann")

    applied(export({**row, "status": "withdrawn"}))

    held = Held.now().get()
    assert held.cells["status"] == "withdrawn"
    assert let_in(held, family_name="Sondermann").enrolments.get().status == "withdrawn"


def test_a_good_export_takes_in_who_was_held_back(slapd: Slapd) -> None:
    row = export_row(family_name=BAD)
    applied(export(row))
    applied(export(export_row()))
    assert Held.now().count() == 1

    applied(export({**row, "family_name": "Sondermann"}))

    assert Held.objects.get().ending == Ending.CAME_RIGHT
    assert Person.objects.filter(person_key=row["person_key"]).exists()


def test_what_is_still_wrong_lets_nobody_in(slapd: Slapd) -> None:
    applied(export(export_row(family_name=BAD)))

    with pytest.raises(StillWrong) as refused:
        let_in(Held.now().get(), family_name="S\u0435ndermann")

    [refusal] = refused.value.refusals
    assert [fault.column for fault in refusal.faults] == ["family_name"]
    assert Held.now().count() == 1
    assert not Person.objects.exclude(kind="staff").exists()


def test_rows_that_contradict_each_other_are_settled_by_the_papers(
    slapd: Slapd,
) -> None:
    row = export_row()
    other = {**row, "programme": "Recht", "given_names": "Çem"}

    applied(export(row, other))

    held = Held.now().get()
    assert wrong_columns(held) == ("given_names",)
    assert correctable(held)
    person = let_in(held, given_names="Cem")
    assert person.enrolments.count() == 2


def test_what_the_papers_do_not_say_is_not_the_desks_to_settle(slapd: Slapd) -> None:
    applied(export(export_row(status="asleep", family_name=BAD)))

    held = Held.now().get()

    assert wrong_columns(held) == ("family_name", "status")
    assert not correctable(held)


def test_a_claim_to_somebody_elses_account_is_held_back(slapd: Slapd) -> None:
    owner = a_student()
    row = export_row(account_name=owner.account_name)

    counts = applied(export(row))

    held = Held.now().get()
    assert counts["held"] == 1
    assert held.account_name == owner.account_name
    assert wrong_columns(held) == ("account_name",)
    assert not correctable(held)
    with pytest.raises(StillWrong):
        let_in(held)


def test_one_account_for_two_people_holds_both_back(slapd: Slapd) -> None:
    one = export_row()
    other = export_row(account_name=one["account_name"])

    applied(export(one, other))

    assert Held.now().count() == 2


def test_a_row_without_a_key_is_reported_and_not_held(slapd: Slapd) -> None:
    counts = applied(export(export_row(person_key="")))

    assert counts["held"] == 0
    assert not Held.objects.exists()


def test_another_layout_is_kept_in_our_own_words(slapd: Slapd) -> None:
    columns = {name: name.upper() for name in export_row()}
    layout = read_layout(
        'encoding = "cp1252"\ndates = "DD.MM.YYYY"\n[columns]\n'
        + "\n".join(f'{ours} = "{theirs}"' for ours, theirs in columns.items())
        + '\n[values.status]\nE = "enrolled"\n'
    )
    row = export_row(
        family_name="S\u0192ndermann",
        given_names="Jürgen",
        birth_date="27.02.2006",
        study_start="01.10.2026",
        status_date="15.08.2026",
        status="E",
    )
    text = export(row).decode()
    head, body = text.split("\n", 1)
    applied(f"{head.upper()}\n{body}".encode("cp1252"), layout=layout)

    held = Held.now().get()
    assert held.cells["given_names"] == "Jürgen"
    assert held.cells["birth_date"] == "2006-02-27"
    assert held.cells["status"] == "enrolled"
    assert wrong_columns(held) == ("family_name",)
    assert let_in(held, family_name="Sondermann").birth_date == "2006-02-27"


def test_bytes_that_are_no_text_are_kept_without_them(slapd: Slapd) -> None:
    content = export(export_row(family_name="@@")).replace(b"@@", b"S\xffndermann\x00")

    applied(content)

    held = Held.now().get()
    assert "\ufffd" in held.cells["family_name"]
    assert let_in(held, family_name="Sondermann").family_name == "Sondermann"


def test_blocked_disclosure_is_known_while_held_back(slapd: Slapd) -> None:
    applied(
        export(
            export_row(family_name=BAD, confidential="1"),
            export_row(confidential="yes"),
            export_row(family_name=BAD),
        )
    )

    blocked = Held.now().order_by("pk").values_list("confidential", flat=True)
    assert list(blocked) == [True, True, False]


def test_two_at_once_let_somebody_in_once(slapd: Slapd) -> None:
    applied(export(export_row(family_name=BAD, account_name="")))
    held = Held.now().get()

    def one(_: int) -> str:
        try:
            return str(let_in(held, family_name="Sondermann").pk)
        except NotHeld:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(one, range(4)))

    assert answers.count("late") == 3
    assert Person.objects.exclude(person_key=None).count() == 1
    assert Enrolment.objects.count() == 1
    assert Event.objects.filter(what="held_released").count() == 1


def test_rows_that_an_import_changed_meanwhile_are_looked_at_again(
    slapd: Slapd,
) -> None:
    row = export_row(family_name=BAD)
    applied(export(row))
    held = Held.now().get()
    applied(export({**row, "status": "withdrawn"}))

    with pytest.raises(NotHeld):
        let_in(held, family_name="Sondermann")

    assert not Person.objects.filter(person_key=row["person_key"]).exists()


def test_whom_no_export_names_any_more_is_forgotten_in_the_end(slapd: Slapd) -> None:
    applied(export(export_row(family_name=BAD)))

    holding.drop_old(at=NOW + timedelta(days=179))
    assert Held.now().count() == 1
    intake.drop_old_files(at=NOW + timedelta(days=180))

    held = Held.objects.get()
    assert (held.ending, held.rows, held.names) == (Ending.TOO_OLD, [], "")


def test_the_registrars_report_counts_them(slapd: Slapd) -> None:
    name = "enrolment-20260915T060000-2.csv"
    content = export(export_row(family_name=BAD), export_row())
    file = uploads.receive(
        upload=uploads.Upload(name=name, chunks=[content]), by=None, at=NOW
    )

    intake.preview_now(file=file, at=NOW)

    assert CohortFile.objects.get().preview["counts"]["held"] == 1
    assert not Held.objects.exists()
    intake.confirm(file=file.pk, overriding=[], by=None, at=NOW)
    intake.work_off(at=NOW)
    assert Held.now().count() == 1
    assert Event.objects.get(what="cohort_applied").facts["held"] == 1
