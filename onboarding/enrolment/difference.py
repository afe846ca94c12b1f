"""What a file would change about people: found against said, without acting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_noop

from accounts.people.models import Person
from onboarding.enrolment.arrival import Arrival
from onboarding.enrolment.cohort_file import Fault, Refusal, Study
from onboarding.enrolment.models import STUDYING, Enrolment, GroupPlace
from onboarding.enrolment.wording import Sentence

# The person's column, and the export's where they are called differently.
PERSONAL = {
    "matriculation_no": "matriculation_no",
    "given_names": "given_names",
    "family_name": "family_name",
    "chosen_name": "chosen_name",
    "birth_date": "birth_date",
    "private_email": "private_email",
    "mobile": "mobile",
    "language": "preferred_language",
    "confidential": "confidential",
}
# Once known, an empty cell does not take them away.
KEPT = frozenset({"matriculation_no"})
STUDY = tuple(Study.__dataclass_fields__)


@dataclass(slots=True)
class Difference:
    """One person of a file, and all that is not yet so."""

    arrival: Arrival
    # Not saved yet where the person is new.
    person: Person
    is_new: bool
    personal: tuple[str, ...] = ()
    new_studies: list[Enrolment] = field(default_factory=list)
    changed_studies: list[Enrolment] = field(default_factory=list)
    gone_studies: list[Enrolment] = field(default_factory=list)
    # The number of the new group, 0 for none; None where nothing changes.
    group: int | None = None
    withdrawn: bool = False
    other_account: bool = False

    @property
    def what(self) -> tuple[str, ...]:
        """Name the columns that change, as the export calls them."""
        studies = self.new_studies or self.changed_studies or self.gone_studies
        return (
            *(PERSONAL[name] for name in self.personal),
            *(("programme",) if studies else ()),
            *(("tutor_group",) if self.group is not None else ()),
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database says of a batch of people, read with four queries."""

    people: Mapping[str, Person]
    studies: Mapping[int, Sequence[Enrolment]]
    # The number of the group somebody is in, and of the one the export named last.
    groups: Mapping[int, tuple[int, int | None]]
    # Account names of the batch, and the key of who has them (None: staff).
    owners: Mapping[str, str | None]


def compare(arrivals: Sequence[Arrival]) -> list[Difference | Refusal]:
    """Hold a batch of arrivals against the database; one answer each, in order.

    Refused is who claims the account name of somebody else.
    """
    found = _find(arrivals)
    return [
        _stranger_refused(one, found) or _difference(one, found) for one in arrivals
    ]


def _find(arrivals: Sequence[Arrival]) -> _Found:
    keys = [one.personal.person_key for one in arrivals]
    people = {p.person_key or "": p for p in Person.objects.filter(person_key__in=keys)}
    ids = [person.pk for person in people.values()]
    studies = defaultdict(list)
    for enrolment in Enrolment.objects.filter(person_id__in=ids):
        studies[enrolment.person_id].append(enrolment)
    places = GroupPlace.objects.filter(person_id__in=ids)
    names = [n for one in arrivals if (n := one.personal.account_name)]
    owners = Person.objects.filter(account_name__in=names)
    return _Found(
        people=people,
        studies=studies,
        groups={
            one: (number, named)
            for one, number, named in places.values_list(
                "person_id", "group__number", "named"
            )
        },
        owners=dict(owners.values_list("account_name", "person_key")),
    )


def _stranger_refused(arrival: Arrival, found: _Found) -> Refusal | None:
    key, name = arrival.personal.person_key, arrival.personal.account_name
    if not name or key in found.people or name not in found.owners:
        return None
    reason = Sentence(gettext_noop("This account name belongs to somebody else."))
    return Refusal(arrival.lines[0], (Fault("account_name", reason),), key)


def _difference(arrival: Arrival, found: _Found) -> Difference:
    said = arrival.personal
    known = found.people.get(said.person_key)
    person = known or Person(
        person_key=said.person_key, account_name=said.account_name or ""
    )
    studies = found.studies.get(person.pk, ()) if known else ()
    difference = Difference(
        arrival=arrival,
        person=person,
        is_new=known is None,
        personal=_changed_personal(person, said),
        group=_changed_group(found.groups.get(person.pk), said.tutor_group),
        other_account=bool(said.account_name)
        and person.account_name != said.account_name,
    )
    before = any(one.status in STUDYING for one in studies)
    left = _replace(difference, list(studies))
    difference.withdrawn = before and not any(one.status in STUDYING for one in left)
    return difference


def _changed_personal(person: Person, said: Any) -> tuple[str, ...]:
    """Put what is said into the person (in memory) and name what was not so."""
    changed = []
    for ours, theirs in PERSONAL.items():
        value = getattr(said, theirs)
        if value is None or (ours in KEPT and not value):
            continue
        if getattr(person, ours) != value:
            setattr(person, ours, value)
            changed.append(ours)
    return tuple(changed)


def _changed_group(
    found: tuple[int, int | None] | None, said: int | None
) -> int | None:
    """Give the group that somebody gets, by the export's word (0: none) or not at all.

    A coordinator's move stands until the export names a group, and another one than it
    named before; no group at all takes nobody out of where a coordinator put them.
    """
    number, named = found or (0, 0)
    if said is None or said == (number if named is None else named):
        return None
    moved = named is not None and named != number
    return None if moved and not said else said


def _replace(difference: Difference, found: list[Enrolment]) -> list[Enrolment]:
    """Sort programmes into new, changed and gone; give those that are left then."""
    rest = {(one.degree, one.programme): one for one in found}
    left = []
    for study in difference.arrival.studies:
        enrolment = rest.pop((study.degree, study.programme), None)
        if enrolment is None:
            enrolment = Enrolment(person=difference.person)
            difference.new_studies.append(enrolment)
        elif any(getattr(enrolment, name) != getattr(study, name) for name in STUDY):
            difference.changed_studies.append(enrolment)
        for name in STUDY:
            setattr(enrolment, name, getattr(study, name))
        left.append(enrolment)
    if not difference.arrival.whole:
        return left + list(rest.values())
    difference.gone_studies.extend(rest.values())
    return left
