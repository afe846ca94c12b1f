"""Where a person reads what the portal writes."""

from typing import Any

from django.db.models import QuerySet, Value

from accounts.mailbox.models import MailAddress
from accounts.people.questions import Question
from accounts.signin.models import RecoveryAddress


def _both(person: int) -> "QuerySet[Any, tuple[int, str]]":
    proved = MailAddress.objects.filter(
        person=person, retired_at=None, proved_at__isnull=False
    )
    private = RecoveryAddress.objects.filter(person=person)
    first, second = (
        addresses.order_by().values_list(Value(rank), "address")
        for rank, addresses in enumerate((proved, private))
    )
    return first.union(second, all=True)


_BOTH = Question(_both)


def reachable(person: int) -> str:
    """Give the Leuphana address of a person (id) once proved, else the private one.

    Nothing where there is neither: the portal's pages say it all the same. What the
    enrolment export says of a private address is used for nothing.
    """
    return str(min(_BOTH(person), default=(0, ""))[1])
