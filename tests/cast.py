"""Invented people for the tests."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from accounts.people.models import Kind, Person
from accounts.people.register import enter
from onboarding.enrolment.models import Enrolment, School, Status

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
_numbers = count(1)


def a_student(**facts: Any) -> Person:
    """Create a student, as the import would; ``facts`` say what matters to the test."""
    number = next(_numbers)
    person = Person.objects.create(
        **{
            "person_key": f"P{number:06}",
            "account_name": f"lg{1_300_000 + number}",
            "matriculation_no": f"{3_100_000 + number}",
            "given_names": "Cem",
            "family_name": "Sondermann",
            "birth_date": "2006-02-27",
            "language": "de",
            "created_at": NOW,
            **facts,
        }
    )
    enter([person])
    return person


def a_colleague(**facts: Any) -> Person:
    """Create somebody who works here."""
    number = next(_numbers)
    return Person.objects.create(
        **{
            "kind": Kind.STAFF,
            "account_name": f"staff{number}",
            "given_names": "Ada",
            "family_name": "Freytag",
            "created_at": NOW,
            **facts,
        }
    )


def enrolled(person: Person, **facts: Any) -> Enrolment:
    """Enrol a person in a first-year Bachelor programme of the College."""
    return Enrolment.objects.create(
        person=person,
        **{
            "degree": "B.Sc.",
            "programme": "Umweltwissenschaften",
            "school": School.COLLEGE,
            "faculty": "Sustainability",
            "study_start": date(2026, 10, 1),
            "semester_no": 1,
            "status": Status.ENROLLED,
            "status_date": date(2026, 8, 15),
            **facts,
        },
    )


def a_first_year(**facts: Any) -> Person:
    """Create a student who is enrolled in a first-year programme of the College."""
    person = a_student(**facts)
    enrolled(person)
    return person


COLUMNS = (
    "person_key",
    "matriculation_no",
    "account_name",
    "given_names",
    "family_name",
    "chosen_name",
    "birth_date",
    "private_email",
    "mobile",
    "degree",
    "programme",
    "school",
    "faculty",
    "study_start",
    "semester_no",
    "status",
    "status_date",
    "preferred_language",
    "tutor_group",
    "confidential",
)


def export_row(**facts: str) -> dict[str, str]:
    """Give a good row of the enrolment export."""
    number = next(_numbers)
    return {
        **dict.fromkeys(COLUMNS, ""),
        "person_key": f"P{number:06}",
        "matriculation_no": f"{3_100_000 + number}",
        "account_name": f"lg{1_300_000 + number}",
        "given_names": "Cem",
        "family_name": "Sondermann",
        "birth_date": "2006-02-27",
        "degree": "B.Sc.",
        "programme": "Umweltwissenschaften",
        "school": "College",
        "faculty": "Sustainability",
        "study_start": "2026-10-01",
        "semester_no": "1",
        "status": "enrolled",
        "status_date": "2026-08-15",
        "preferred_language": "de",
        **facts,
    }


def export(*rows: dict[str, str]) -> bytes:
    """Write rows as student administration does."""
    lines = [";".join(COLUMNS), *(";".join(row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()
