"""Programmes and group of an account that is closed go to the one that stays."""

from accounts.people.models import Person
from onboarding.enrolment.models import Enrolment, GroupPlace


def aliases() -> dict[str, str]:
    """Give the key under which an import finds somebody whose account was closed."""
    closed = Person.objects.filter(
        merged_into__isnull=False,
        person_key__isnull=False,
        merged_into__person_key__isnull=False,
    )
    keys = closed.values_list("person_key", "merged_into__person_key")
    return {str(one): str(other) for one, other in keys}


def move_studies(*, closed: Person, stays: Person) -> None:
    """Move them; of a programme that both have, the one that stays is kept."""
    mine = set(
        Enrolment.objects.filter(person=stays).values_list("degree", "programme")
    )
    for one in Enrolment.objects.filter(person=closed):
        if (one.degree, one.programme) in mine:
            one.delete()
        else:
            one.person = stays
            one.save(update_fields=["person"])


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
