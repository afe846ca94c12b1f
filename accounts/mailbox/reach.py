"""Where a person reads what the portal writes."""

from django.db.models import Value

from accounts.mailbox.models import MailAddress
from accounts.signin.models import RecoveryAddress


def reachable(person: int) -> str:
    """Give the Leuphana address of a person (id) once proved, else the private one.

    Nothing where there is neither: the portal's pages say it all the same. What the
    enrolment export says of a private address is used for nothing.
    """
    proved = MailAddress.objects.filter(
        person=person, retired_at=None, proved_at__isnull=False
    )
    private = RecoveryAddress.objects.filter(person=person)
    both = (
        addresses.order_by().values_list(Value(rank), "address")
        for rank, addresses in enumerate((proved, private))
    )
    first, second = both
    return str(min(first.union(second, all=True), default=(0, ""))[1])
