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

    An import leaves it so until the export names another group than it did before.
    ``place`` says where it was done: by the coordinators, or at another desk. Nobody's
    identity has to be proved for it.
    """
    with transaction.atomic():
        had = GroupPlace.objects.select_for_update().filter(person=person).first()
        if had is not None and had.group_id == group.pk:
            return
        named = 0 if had is None else had.named
        if had is not None and named is None:
            named = had.group.number
        GroupPlace.objects.update_or_create(
            person=person, defaults={"group": group, "named": named}
        )
        facts: dict[str, Fact] = {
            "group": group.number,
            "place": place,
            "check": "none_needed",
        }
        record(what="group_changed", at=at, whom=person.pk, who=by.pk, facts=facts)
