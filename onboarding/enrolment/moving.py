"""Moving a student from one Opening Week group to another."""

from datetime import datetime

from django.db import transaction

from accounts.journal.record import Fact, record
from accounts.people.models import Person
from onboarding.enrolment.models import GroupPlace, TutorGroup


def move_to_group(
    *,
    person: Person,
    group: TutorGroup,
    by: Person,
    at: datetime,
    place: str = "coordinator",
) -> None:
    """Let somebody be in this group and no other; being there changes nothing.

    ``place`` says where it was done: by the coordinators, or at another desk.
    """
    with transaction.atomic():
        places = GroupPlace.objects.select_for_update().filter(person=person)
        if places.filter(group=group).exists():
            return
        GroupPlace.objects.update_or_create(person=person, defaults={"group": group})
        facts: dict[str, Fact] = {"group": group.number, "place": place}
        record(what="group_changed", at=at, whom=person.pk, who=by.pk, facts=facts)
