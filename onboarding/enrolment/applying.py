"""Making people of a file, batch by batch; running it twice changes nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.catalogue.systems import DIRECTORY, NAMES
from accounts.due.mark import mark
from accounts.journal.record import record_many
from accounts.people.models import Person
from accounts.people.register import enter
from onboarding.enrolment.arrival import Arrival
from onboarding.enrolment.cohort import Cohort, batches
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.difference import Difference, compare
from onboarding.enrolment.holding import hold_back
from onboarding.enrolment.models import (
    AssignedNumber,
    Enrolment,
    GroupPlace,
    TutorGroup,
)
from onboarding.enrolment.numbers import account_name, adopted_names, free_numbers

BATCH = 500
TRIES = 5


def nothing(_: object) -> None:
    """Let nobody hear of it."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a batch."""

    counts: Counter[str] = field(default_factory=Counter)
    # Whose account name is somebody else's.
    strangers: tuple[tuple[Arrival, Refusal], ...] = ()


def apply(
    *,
    cohort: Cohort,
    by: int | None,
    at: datetime,
    progress: Callable[[int], None] = nothing,
) -> Counter[str]:
    """Make people of the file, and count what was done; runs twice without harm.

    Whose rows cannot be used is held back (see ``holding``).

    ``progress`` hears the rows done after each batch. Raises DirectoryError and
    NumbersExhausted; the batches before stay applied then.
    """
    counts: Counter[str] = Counter()
    strangers: list[tuple[Arrival, Refusal]] = []
    rows = 0
    for arrivals in batches(cohort.arrivals(), BATCH):
        done = _insistently(arrivals, by=by, at=at, also=nothing)
        counts += done.counts
        strangers.extend(done.strangers)
        rows += sum(len(one.lines) for one in arrivals)
        progress(rows)
    counts["held"] = hold_back(cohort=cohort, strangers=strangers, at=at)
    return counts


def apply_one(
    *, arrival: Arrival, by: int, at: datetime, also: Callable[[Person], None]
) -> Person | Refusal:
    """Make a person of one arrival, and do something ``also`` in the same transaction.

    Raises DirectoryError and NumbersExhausted.
    """
    people: list[Person] = []

    def then(person: Person) -> None:
        also(person)
        people.append(person)

    done = _insistently([arrival], by=by, at=at, also=then)
    return done.strangers[0][1] if done.strangers else people[-1]


def _insistently(
    arrivals: Sequence[Arrival],
    *,
    by: int | None,
    at: datetime,
    also: Callable[[Person], None],
) -> _Done:
    for attempt in range(1, TRIES + 1):
        try:
            return _apply(arrivals, by=by, at=at, also=also)
        except IntegrityError:
            # Somebody else was first with a number or a person: look again.
            if attempt == TRIES:
                raise
    return _Done()


def _apply(
    arrivals: Sequence[Arrival],
    *,
    by: int | None,
    at: datetime,
    also: Callable[[Person], None],
) -> _Done:
    answers = compare(arrivals)
    differences = [one for one in answers if isinstance(one, Difference)]
    new = [one for one in differences if one.is_new]
    changed = [one for one in differences if not one.is_new and one.what]
    # The directory is asked before the database is locked.
    numbers = _give_names([one.person for one in new])
    with transaction.atomic():
        AssignedNumber.objects.bulk_create(AssignedNumber(number=n) for n in numbers)
        _write_people(new, changed, at=at)
        _write_studies([*new, *changed])
        _write_places([*new, *changed])
        withdrawn = [one for one in changed if one.withdrawn]
        for what, whom in (
            ("enrolment_new", new),
            ("enrolment_changed", changed),
            ("enrolment_withdrawn", withdrawn),
        ):
            record_many(what=what, at=at, whom=_ids(whom), who=by)
        # Of somebody new only the directory has to know.
        if new:
            mark(people=_ids(new), systems=[DIRECTORY], at=at)
        if changed:
            mark(people=_ids(changed), systems=NAMES, at=at)
        for one in differences:
            also(one.person)
    strangers = tuple(
        (arrival, answer)
        for arrival, answer in zip(arrivals, answers, strict=True)
        if isinstance(answer, Refusal)
    )
    unchanged = len(differences) - len(new) - len(changed)
    counts = Counter(
        new=len(new),
        changed=len(changed),
        withdrawn=len(withdrawn),
        unchanged=unchanged,
        refused=len(strangers),
    )
    return _Done(counts, strangers)


def _give_names(people: Sequence[Person]) -> list[int]:
    """Put account names into people (in memory); give the numbers that this took."""
    said = {person.account_name for person in people}
    nameless = [person for person in people if not person.account_name]
    adopted = adopted_names([p.matriculation_no for p in nameless])
    for person in nameless:
        name = adopted.get(person.matriculation_no, "")
        person.account_name = "" if name in said else name
    rest = [person for person in nameless if not person.account_name]
    numbers = free_numbers(len(rest), besides=said)
    for person, number in zip(rest, numbers, strict=True):
        person.account_name = account_name(number)
    return numbers


def _write_people(
    new: Sequence[Difference], changed: Sequence[Difference], *, at: datetime
) -> None:
    for one in new:
        one.person.created_at = at
    for one in (*new, *changed):
        one.person.key_names()
    Person.objects.bulk_create([one.person for one in new])
    columns = {name for one in changed for name in one.personal}
    if columns:
        people = [one.person for one in changed if one.personal]
        Person.objects.bulk_update(people, sorted({*columns, "name_key"}))
    enter(one.person for one in (*new, *changed) if one.is_new or one.personal)


def _write_studies(differences: Sequence[Difference]) -> None:
    gone = [study.pk for one in differences for study in one.gone_studies]
    Enrolment.objects.filter(pk__in=gone).delete()
    fresh = [study for one in differences for study in one.new_studies]
    for study in fresh:
        # The person had no id yet when the two were put together.
        study.person_id = study.person.pk
    Enrolment.objects.bulk_create(fresh)
    Enrolment.objects.bulk_update(
        [study for one in differences for study in one.changed_studies],
        ["school", "faculty", "study_start", "semester_no", "status", "status_date"],
    )


def _write_places(differences: Sequence[Difference]) -> None:
    moved = [one for one in differences if one.group is not None]
    wanted = {one.group for one in moved if one.group}
    TutorGroup.objects.bulk_create(
        [TutorGroup(number=number) for number in sorted(wanted)], ignore_conflicts=True
    )
    groups = dict(
        TutorGroup.objects.filter(number__in=wanted).values_list("number", "pk")
    )
    GroupPlace.objects.filter(person_id__in=_ids(moved)).delete()
    GroupPlace.objects.bulk_create(
        GroupPlace(person_id=one.person.pk, group_id=groups[one.group], named=one.group)
        for one in moved
        if one.group
    )


def _ids(differences: Sequence[Difference]) -> list[int]:
    return [one.person.pk for one in differences]
