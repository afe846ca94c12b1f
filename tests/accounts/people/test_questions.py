"""A question is composed once, and answered as Django would answer it."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.people.questions import Question, Row
from tests.cast import NOW, a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

LATER = NOW + timedelta(days=2)


def everything(person: int) -> QuerySet[Person, Row]:
    """Ask for a moment, days, truth, text and nothing at all, over several tables."""
    return (
        Person.objects.filter(pk=person)
        .annotate(
            work=FilteredRelation("syncs", condition=Q(syncs__system="directory")),
            due=Exists(Sync.objects.filter(person=OuterRef("pk"))),
        )
        .order_by("enrolments__study_start")
        .values_list(
            "created_at",
            "activated_at",
            "confidential",
            "family_name",
            "due",
            "work__due_at",
            "enrolments__study_start",
        )
    )


def test_it_answers_what_django_would() -> None:
    cem, ada = a_student(), a_student(family_name="O’Neill", confidential=True)
    enrolled(cem, study_start=date(2026, 10, 1))
    enrolled(cem, degree="B.A.", study_start=date(2025, 10, 1))
    mark(people=[cem.pk], systems=["directory", "mailbox"], at=LATER)
    question = Question(everything)

    for person in (cem.pk, ada.pk, cem.pk, 0):
        assert question(person) == list(everything(person))
    assert [row[-1] for row in question(cem.pk)] == [
        date(2025, 10, 1),
        date(2026, 10, 1),
    ]
    assert question(ada.pk) == [(NOW, None, True, "O’Neill", False, None, None)]


def test_it_is_composed_once() -> None:
    cem, times = a_student(), []

    def counted(person: int) -> QuerySet[Person, Row]:
        times.append(person)
        return everything(person)

    question = Question(counted)
    question(cem.pk)
    question(cem.pk)

    assert len(times) == 1


def test_what_changes_is_seen() -> None:
    cem = a_student()
    question = Question(everything)
    assert question(cem.pk)[0][1] is None

    Person.objects.update(activated_at=NOW)

    assert question(cem.pk)[0][1] == NOW


@pytest.mark.django_db(transaction=True)
def test_threads_ask_over_their_own_connections() -> None:
    people = [a_student(family_name=name).pk for name in ("Ng", "Freytag", "O’Neill")]
    question = Question(everything)
    answers: dict[int, list[Row]] = {}

    def ask(person: int) -> None:
        answers[person] = question(person)
        connection.close()

    threads = [threading.Thread(target=ask, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answers[one][0][3] for one in people] == ["Ng", "Freytag", "O’Neill"]
