"""What other rooms may know of an enrolment: programmes and the group."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from accounts.catalogue.standing import Programme
from accounts.people.questions import Question
from onboarding.enrolment.models import Enrolment, GroupPlace, TutorGroup

_PROGRAMME = (
    "school",
    "degree",
    "faculty",
    "study_start",
    "semester_no",
    "status",
    "status_date",
)
_OF_ONE = Question(
    lambda person: (
        Enrolment.objects.filter(person_id=person)
        .order_by("pk")
        .values_list(*_PROGRAMME)
    )
)


def programmes_of(person_ids: Sequence[int]) -> dict[int, tuple[Programme, ...]]:
    """Give the programmes of these people with one query; who has none is left out."""
    programmes: defaultdict[int, list[Programme]] = defaultdict(list)
    rows = Enrolment.objects.filter(person_id__in=person_ids).order_by("pk")
    for row in rows.values_list("person_id", *_PROGRAMME):
        programmes[row[0]].append(Programme(*row[1:]))
    return {person: tuple(several) for person, several in programmes.items()}


def programmes_of_one(person_id: int) -> tuple[Programme, ...]:
    """Give the programmes of one person."""
    return tuple(Programme(*row) for row in _OF_ONE(person_id))


def studies(person_id: int, *, on: date) -> bool:
    """Say whether the person is enrolled in anything on a day."""
    return any(one.holds(on) for one in programmes_of_one(person_id))


def group_of(person_id: int) -> TutorGroup | None:
    """Give the Opening Week group that the person is in."""
    place = (
        GroupPlace.objects.filter(person_id=person_id).select_related("group").first()
    )
    return place.group if place else None
