"""Two accounts side by side, and which ones may be one person's."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.mailbox.models import MailAddress
from accounts.people.models import Kind, Person
from accounts.people.naming import match_key
from onboarding.cards.amounts import euros
from onboarding.cards.models import OpenDeposit
from onboarding.cards.numbers import masked
from onboarding.cards.standing import standing_of
from onboarding.enrolment.facts import group_of
from onboarding.enrolment.models import Enrolment

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
        (_("Date of birth"), person.birth_date),
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
