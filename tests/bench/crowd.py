"""A cohort of invented people, as an import would leave it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from accounts.catalogue.systems import DIRECTORY
from accounts.due.mark import mark
from accounts.people.models import Person
from onboarding.enrolment.models import Enrolment, School, Status

AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
GIVEN = ("Cem", "Ada", "Zoë", "Nguyễn Thị", "Björn", "Łucja", "İpek", "Oluwaseun")
FAMILY = ("Sondermann", "Freytag", "Šťastný", "Müller-Lüdenscheidt", "O’Neill", "Ng")


def enrol(number: int, *, beginning: int = 0) -> list[int]:
    """Enrol so many first-years, numbered from ``beginning``; gives their ids."""
    people = Person.objects.bulk_create(
        (_person(one) for one in range(beginning, beginning + number)), batch_size=500
    )
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                person=person,
                degree="B.Sc.",
                programme="Umweltwissenschaften",
                school=School.COLLEGE,
                faculty="Sustainability",
                study_start=date(2026, 10, 1),
                semester_no=1,
                status=Status.ENROLLED,
                status_date=date(2026, 8, 15),
            )
            for person in people
        ),
        batch_size=500,
    )
    return [person.pk for person in people]


def make_due(people: Iterable[int]) -> None:
    """Mark them due in the directory."""
    mark(people=people, systems=[DIRECTORY], at=AT)


def _person(number: int) -> Person:
    return Person(
        person_key=f"P{number:07}",
        account_name=f"lg{2_000_000 + number}",
        matriculation_no=f"{4_000_000 + number}",
        given_names=GIVEN[number % len(GIVEN)],
        family_name=FAMILY[number % len(FAMILY)],
        birth_date="2006-02-27",
        language=("de", "en")[number % 2],
        created_at=AT,
        activated_at=None,
    )
