"""Programmes and group of an account that is closed go to the one that stays.

What the closed one had is written down before (``FormerEnrolment``, ``FormerPlace``):
whoever counts people, fills lists or grants services reads other tables, and can forget
nothing.
"""

from datetime import date
from typing import Any

from accounts.people.models import Person
from onboarding.enrolment.models import (
    Enrolment,
    FormerEnrolment,
    FormerPlace,
    GroupPlace,
    ProgrammeRow,
    weight,
)

# What is said of a programme, whosever it is.
_COLUMNS = ProgrammeRow._meta.get_fields()  # noqa: SLF001 - Django's own name for it


def aliases() -> dict[str, str]:
    """Give the key under which an import finds somebody whose account was closed."""
    closed = Person.objects.filter(
        merged_into__isnull=False,
        person_key__isnull=False,
        merged_into__person_key__isnull=False,
    )
    keys = closed.values_list("person_key", "merged_into__person_key")
    return {str(one): str(other) for one, other in keys}


def keep_as_it_was(*, closed: Person) -> None:
    """Keep what an account has that is to be closed: in its record, counted nowhere."""
    FormerEnrolment.objects.bulk_create(
        FormerEnrolment(person=closed, **_said(one)) for one in _studies_of(closed)
    )
    place = GroupPlace.objects.filter(person=closed).first()
    if place is not None:
        FormerPlace.objects.create(person=closed, group_id=place.group_id)


def move_studies(*, closed: Person, stays: Person) -> None:
    """Let the one that stays have them all, a programme of both once.

    Of two rows about one programme that by which somebody studies counts, else the
    later one. What each said before stands in the records.
    """
    mine = {(one.degree, one.programme): one for one in _studies_of(stays)}
    for one in _studies_of(closed):
        other = mine.get((one.degree, one.programme))
        if other is None:
            one.person = stays
            one.save(update_fields=["person"])
            continue
        one.delete()
        if _weight(one) > _weight(other):
            FormerEnrolment.objects.create(person=stays, **_said(other))
            for name, value in _said(one).items():
                setattr(other, name, value)
            other.save()


def move_place(*, closed: Person, stays: Person) -> int | None:
    """Move the place in a group; gives the number of the group that is left instead."""
    place = GroupPlace.objects.filter(person=closed).select_related("group").first()
    if place is None:
        return None
    if GroupPlace.objects.filter(person=stays).exists():
        place.delete()
        return place.group.number
    place.person = stays
    place.save(update_fields=["person"])
    return None


def _studies_of(person: Person) -> list[Enrolment]:
    return list(Enrolment.objects.filter(person=person).order_by("pk"))


def _said(study: ProgrammeRow) -> dict[str, Any]:
    return {one.name: getattr(study, one.name) for one in _COLUMNS}


def _weight(study: ProgrammeRow) -> tuple[bool, date]:
    return weight(status=study.status, status_date=study.status_date)
