"""Who is to get an activation letter."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.people.models import Kind, Person
from accounts.signin.credentials import canonical_account
from onboarding.enrolment import letter_orders
from onboarding.enrolment.letter_runs import NoLetter, Obstacle
from onboarding.enrolment.models import STUDYING, Enrolment


def students(*, at: datetime) -> QuerySet[Person]:
    """Give everybody who is enrolled; a leaving status counts from its date."""
    programmes = Enrolment.objects.filter(person=OuterRef("pk"))
    holds = Q(status__in=STUDYING) | Q(status_date__gt=timezone.localdate(at))
    return Person.objects.filter(Exists(programmes.filter(holds)), kind=Kind.STUDENT)


def awaiting(*, at: datetime) -> QuerySet[Person]:
    """Give the students who never activated and have no letter that is still valid.

    And those who have activated, where the help desk ordered a letter for them.
    """
    void = Q(initial_password_until=None) | Q(initial_password_until__lte=at)
    return students(at=at).filter(void, Q(activated_at=None) | letter_orders.standing())


def ordered(*, at: datetime) -> QuerySet[Person]:
    """Give the students whose letter the help desk ordered and nobody has printed.

    ``initial_password_until`` is the moment of the order.
    """
    over = students(at=at).filter(initial_password_until__lte=at)
    return over.filter(letter_orders.standing())


def named(
    accounts: Sequence[str], *, at: datetime
) -> tuple[list[Person], list[NoLetter]]:
    """Give the students meant by these account names, and who can get no letter."""
    meant = {canonical_account(typed) or typed: None for typed in accounts}
    known = {
        one.account_name: one for one in Person.objects.filter(account_name__in=meant)
    }
    pks = [one.pk for one in known.values()]
    studying = set(students(at=at).filter(pk__in=pks).values_list("pk", flat=True))
    without: list[NoLetter] = []
    for name in meant:
        person = known.get(name)
        if person is None:
            without.append(NoLetter(name, Obstacle.UNKNOWN))
        elif person.pk not in studying:
            left = person.kind == Kind.STUDENT
            obstacle = Obstacle.LEFT if left else Obstacle.STAFF
            without.append(NoLetter(name, obstacle, person.pk))
    return [one for one in known.values() if one.pk in studying], without
