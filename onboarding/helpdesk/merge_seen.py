"""Two accounts side by side, and which ones may be one person's."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.mailbox.models import MailAddress
from accounts.people.models import Kind, Person
from onboarding.cards.amounts import euros
from onboarding.cards.models import OpenDeposit
from onboarding.cards.numbers import masked
from onboarding.cards.standing import standing_of
from onboarding.enrolment.facts import group_of
from onboarding.enrolment.models import Enrolment
from onboarding.helpdesk import born

MOST = 200
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one account says beside the other one, in words."""

    what: str
    values: tuple[str, str]

    @property
    def differs(self) -> bool:
        """Say whether the two say different things."""
        return self.values[0] != self.values[1]


def compared(one: Person, other: Person) -> tuple[Fact, ...]:
    """Give what an agent compares, fact by fact."""
    first, second = _side(one), _side(other)
    return tuple(
        Fact(what, (mine or _NOTHING, theirs or _NOTHING))
        for (what, mine), (_what, theirs) in zip(first, second, strict=True)
    )


def _side(person: Person) -> list[tuple[str, str]]:
    now = standing_of(person.pk)
    mail = MailAddress.objects.filter(person=person, retired_at=None).first()
    studies = Enrolment.objects.filter(person=person).order_by("pk")
    group = group_of(person.pk)
    return [
        (_("Name"), f"{person.given_names} {person.family_name}".strip()),
        (_("Date of birth"), born.in_words(person.birth_date)),
        (_("Matriculation number"), person.matriculation_no),
        (_("Studies"), "; ".join(str(one) for one in studies)),
        (_("Group"), str(group or "")),
        (_("Activated"), _moment(person.activated_at) or _("no")),
        (_("Last sign-in"), _moment(person.last_login)),
        (_("Card"), masked(now.number) if now.number else ""),
        (_("Deposit"), _deposit(person, now.owed)),
        (_("E-mail"), mail.address if mail else ""),
    ]


def _deposit(person: Person, owed: int) -> str:
    if owed > 0:
        return _("%(owed)s open") % {"owed": euros(owed)}
    has_one = OpenDeposit.objects.filter(person=person).exists()
    return _("settled") if has_one else ""


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else ""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Some accounts that may be one person's."""

    people: tuple[Person, ...]
    same_number: bool


@dataclass(frozen=True, slots=True)
class Suspicions:
    """The first of them, and whether there are more."""

    shown: tuple[Suspicion, ...]
    more: bool


def suspicions(*, lead: bool) -> Suspicions:
    """Name open accounts with one number, or one name and one date of birth.

    A suspicion, never more; records with blocked disclosure are for the lead. The
    database finds what is equal: four questions, however many people there are.
    """
    students = Person.objects.filter(kind=Kind.STUDENT, merged_into=None)
    if not lead:
        students = students.filter(confidential=False)
    numbers = _alike(students, _NUMBER)
    known = {tuple(one.pk for one in people) for people in numbers}
    names = [
        people
        for people in _alike(students, _NAME)
        if tuple(one.pk for one in people) not in known
    ]
    found = [
        *(Suspicion(people, same_number=True) for people in numbers),
        *(Suspicion(people, same_number=False) for people in names),
    ]
    return Suspicions(tuple(found[:MOST]), more=len(found) > MOST)


_NUMBER = ("matriculation_no",)
_NAME = ("name_key", "birth_date")


def _alike(
    students: QuerySet[Person], columns: tuple[str, ...]
) -> list[tuple[Person, ...]]:
    """Give those who have the same in all columns, at most one group more than MOST."""
    said = students
    for name in columns:
        said = said.exclude(**{name: ""})
    counted = said.values_list(*columns).annotate(of=Count("pk"), first=Min("pk"))
    shared = counted.filter(of__gt=1).order_by("first")[: MOST + 1]
    groups: dict[tuple[str, ...], list[Person]] = {row[:-2]: [] for row in shared}
    for place, name in enumerate(columns):
        said = said.filter(**{f"{name}__in": {values[place] for values in groups}})
    for person in said.order_by("pk"):
        values = tuple(getattr(person, name) for name in columns)
        if values in groups:
            groups[values].append(person)
    return [tuple(people) for people in groups.values() if len(people) > 1]
