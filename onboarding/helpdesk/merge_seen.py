"""Two accounts side by side, and which ones may be one person's."""

from dataclasses import dataclass

from accounts.mailbox.models import MailAddress
from accounts.people.models import Kind, Person
from accounts.people.naming import match_key
from onboarding.cards.amounts import euros
from onboarding.cards.models import OpenDeposit
from onboarding.cards.numbers import masked
from onboarding.cards.standing import standing_of
from onboarding.enrolment.facts import group_of
from onboarding.enrolment.models import Enrolment, TutorGroup

MOST = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two accounts."""

    person: Person
    studies: tuple[Enrolment, ...]
    group: TutorGroup | None
    card: str
    owed: str
    deposit: OpenDeposit | None
    address: str


def side(person: Person) -> Side:
    """Gather what an agent compares."""
    now = standing_of(person.pk)
    mail = MailAddress.objects.filter(person=person, retired_at=None).first()
    deposits = OpenDeposit.objects.select_related("settlement")
    return Side(
        person=person,
        studies=tuple(Enrolment.objects.filter(person=person).order_by("pk")),
        group=group_of(person.pk),
        card=masked(now.number) if now.number else "",
        owed=euros(now.owed) if now.owed > 0 else "",
        deposit=deposits.filter(person=person).first(),
        address=mail.address if mail else "",
    )


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Some accounts that may be one person's."""

    people: tuple[Person, ...]
    same_number: bool


def suspicions(*, lead: bool) -> tuple[Suspicion, ...]:
    """Name open accounts with one number, or one name and one date of birth.

    A suspicion, never more; records with blocked disclosure are for the lead.
    """
    students = Person.objects.filter(kind=Kind.STUDENT, merged_into=None)
    if not lead:
        students = students.filter(confidential=False)
    numbers: dict[str, list[int]] = {}
    names: dict[tuple[str, str], list[int]] = {}
    columns = ("pk", "matriculation_no", "given_names", "family_name", "birth_date")
    for key, number, given, family, born in students.values_list(*columns).iterator():
        if number:
            numbers.setdefault(number, []).append(key)
        if born:
            words = " ".join(sorted(match_key(f"{given} {family}").split()))
            names.setdefault((words, born), []).append(key)
    groups = [(tuple(one), True) for one in numbers.values() if len(one) > 1]
    known = {keys for keys, _ in groups}
    alike = [tuple(one) for one in names.values() if len(one) > 1]
    groups += [(keys, False) for keys in alike if keys not in known]
    some = groups[:MOST]
    people = Person.objects.in_bulk({key for keys, _ in some for key in keys})
    return tuple(
        Suspicion(tuple(people[key] for key in keys), same) for keys, same in some
    )
