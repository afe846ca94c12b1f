"""Invented people as connectors see them; no database is needed."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from accounts.catalogue.entitlement import entitlements
from accounts.catalogue.standing import Programme, Standing
from accounts.connectors.contract import Subject

TODAY = date(2026, 10, 5)
BACHELOR = Programme(
    school="College",
    degree="B.Sc.",
    faculty="Sustainability",
    study_start=date(2026, 10, 1),
    semester_no=1,
    status="enrolled",
    status_date=date(2026, 8, 15),
)
_numbers = count(1)


def a_subject(**facts: Any) -> Subject:
    """Give a first-year who has not activated; ``facts`` say what matters."""
    number = next(_numbers)
    standing = Standing(programmes=(BACHELOR,), own_password=False)
    return Subject(
        **{
            "id": number,
            "person_key": f"P{number:06}",
            "account_name": f"lg{1_500_000 + number}",
            "given_names": "Cem",
            "family_name": "Sondermann",
            "display_name": "Cem Sondermann",
            "language": "de",
            "matriculation_no": f"{3_500_000 + number}",
            "standing": standing,
            "entitlements": frozenset(),
            "activated": False,
            "initial_until": None,
            "on": TODAY,
            **facts,
        }
    )


def activated(subject: Subject) -> Subject:
    """Give the same person with a password of the own choice."""
    standing = replace(subject.standing, own_password=True)
    return replace(
        subject,
        standing=standing,
        activated=True,
        entitlements=entitlements(standing=standing, on=subject.on),
    )


def left(subject: Subject) -> Subject:
    """Give the same person after exmatriculation."""
    programmes = tuple(
        replace(one, status="exmatriculated", status_date=date(2026, 10, 1))
        for one in subject.standing.programmes
    )
    standing = replace(subject.standing, programmes=programmes)
    return replace(subject, standing=standing, entitlements=frozenset())
