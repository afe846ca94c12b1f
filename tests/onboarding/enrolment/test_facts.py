"""What other rooms are told of enrolments."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from accounts.catalogue.standing import Programme
from onboarding.enrolment.facts import group_of, programmes_of
from onboarding.enrolment.models import GroupPlace, TutorGroup
from tests.cast import a_student, enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

Queries = Callable[[int], AbstractContextManager[object]]
SUSTAINABILITY = Programme(
    school="College",
    degree="B.Sc.",
    faculty="Sustainability",
    study_start=date(2026, 10, 1),
    semester_no=1,
    status="enrolled",
    status_date=date(2026, 8, 15),
)


def test_people_are_given_with_all_their_programmes(
    django_assert_num_queries: Queries,
) -> None:
    one, two, none = a_student(), a_student(), a_student()
    enrolled(one)
    enrolled(two)
    enrolled(two, degree="B.A.", programme="Philosophie")

    with django_assert_num_queries(1):
        programmes = programmes_of([one.pk, two.pk, none.pk])

    assert programmes[one.pk] == (SUSTAINABILITY,)
    assert [one.degree for one in programmes[two.pk]] == ["B.Sc.", "B.A."]
    assert none.pk not in programmes


def test_a_group_is_given_to_who_has_one() -> None:
    member, loner = a_student(), a_student()
    group = TutorGroup.objects.create(number=4)
    GroupPlace.objects.create(person=member, group=group)

    assert group_of(member.pk) == group
    assert group_of(loner.pk) is None
