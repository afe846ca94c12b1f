"""What applying a file would do; looks, compares, and changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import F
from django.utils.translation import gettext_noop

from accounts.people.models import Kind, Person
from onboarding.enrolment.applying import BATCH, nothing
from onboarding.enrolment.arrival import Arrival
from onboarding.enrolment.brakes import Pulled, pulled
from onboarding.enrolment.cohort import Acquaintance, Cohort, Doubt, batches
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.difference import Difference, compare
from onboarding.enrolment.wording import Sentence

# So many of a kind are listed by name; the counts are always of all.
LISTED = 500

OTHER_ACCOUNT = gettext_noop(
    "%(person)s: the file has the account name %(said)s, we have %(ours)s. Ours stays."
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One person of the plan, as the registrar sees it."""

    line: int
    person_key: str
    # Empty where disclosure is blocked: the key is enough for who needs to know.
    name: str
    what: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What applying a file would do; lists are cut off, counts are not."""

    rows: int = 0
    people: int = 0
    # Of rows: refused. Of people: new, changed, withdrawn, unchanged, held; doubts.
    counts: Counter[str] = field(default_factory=Counter)
    new: list[Mention] = field(default_factory=list)
    changed: list[Mention] = field(default_factory=list)
    withdrawn: list[Mention] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    brakes: list[Pulled] = field(default_factory=list)

    def changes_nothing(self) -> bool:
        """Say whether everything in the file is known already."""
        return not (self.counts["new"] or self.counts["changed"])


def plan(
    *,
    cohort: Cohort,
    listed: int = LISTED,
    progress: Callable[[int], None] = nothing,
) -> Plan:
    """Say what applying the file would change; ``progress`` hears the rows done."""
    found = Plan(rows=cohort.rows_found, people=cohort.people)
    found.counts["refused"] = cohort.refused
    found.refusals.extend(islice(cohort.refusals(), listed))
    held = {one.person_key for one in cohort.refused_people()}
    done = 0
    for arrivals in batches(cohort.arrivals(), BATCH):
        for arrival, answer in zip(arrivals, compare(arrivals), strict=True):
            _note(found, arrival, answer, listed)
            if isinstance(answer, Refusal):
                held.add(answer.person_key)
        done += sum(len(one.lines) for one in arrivals)
        progress(done)
    found.counts["held"] = len(held)
    for doubt in cohort.doubts(_acquaintances()):
        _doubt(found, doubt, listed)
    found.refusals.sort(key=lambda refusal: refusal.line)
    found.brakes.extend(pulled(cohort=cohort, withdrawn=found.counts["withdrawn"]))
    return found


def _note(
    found: Plan, arrival: Arrival, answer: Difference | Refusal, listed: int
) -> None:
    if isinstance(answer, Refusal):
        found.counts["refused"] += len(arrival.lines)
        if len(found.refusals) < listed:
            found.refusals.extend(
                Refusal(line, answer.faults, answer.person_key)
                for line in arrival.lines
            )
        return
    for kind in _kinds(answer):
        found.counts[kind] += 1
        mentions: list[Mention] | None = getattr(found, kind, None)
        if mentions is not None and len(mentions) < listed:
            mentions.append(_mention(answer))
    if answer.other_account:
        facts = {
            "person": arrival.personal.person_key,
            "said": arrival.personal.account_name or "",
            "ours": answer.person.account_name,
        }
        doubt = Doubt(arrival.lines[0], Sentence(OTHER_ACCOUNT, facts))
        _doubt(found, doubt, listed)


def _kinds(difference: Difference) -> Iterator[str]:
    if difference.is_new:
        yield "new"
    elif difference.what:
        yield "changed"
    else:
        yield "unchanged"
    if difference.withdrawn:
        yield "withdrawn"


def _doubt(found: Plan, doubt: Doubt, listed: int) -> None:
    found.counts["doubts"] += 1
    if len(found.doubts) < listed:
        found.doubts.append(doubt)


def _mention(difference: Difference) -> Mention:
    person = difference.person
    return Mention(
        line=difference.arrival.lines[0],
        person_key=difference.arrival.personal.person_key,
        name="" if person.confidential else person.display_name,
        what=() if difference.is_new else difference.what,
    )


def _acquaintances() -> Iterator[Acquaintance]:
    students = Person.objects.filter(kind=Kind.STUDENT).values_list(
        "person_key", "matriculation_no", "given_names", "family_name", "birth_date"
    )
    # A number that an account shares with the one it was merged into is no news.
    students = students.exclude(
        merged_into__isnull=False, matriculation_no=F("merged_into__matriculation_no")
    )
    for key, number, given, family, born in students.iterator(chunk_size=2000):
        yield Acquaintance(key or "", number, f"{given} {family}", born)
