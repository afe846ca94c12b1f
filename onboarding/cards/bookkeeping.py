"""What Finance reads of the ledger: accounts, a period, money to be paid back."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from onboarding.cards.models import Account, Kind, LedgerEntry


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands in an account; one side of the two is zero."""

    account: Account
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What was posted of one kind in a period, and taken back."""

    kind: Kind
    entries: int
    cents: int
    taken_back: int


@dataclass(frozen=True, slots=True)
class Task:
    """Somebody who gets money back."""

    account_name: str
    cents: int
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, the first and the last of them included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """Give its first moment."""
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def ends(self) -> datetime:
        """Give the moment after its last."""
        after = self.last + timedelta(days=1)
        return timezone.make_aware(datetime.combine(after, time.min))


def balances(*, before: datetime | None = None) -> list[Balance]:
    """Give every account, with two questions; both sides add up to the same."""
    rows = LedgerEntry.objects.order_by()
    if before is not None:
        rows = rows.filter(at__lt=before)
    stands: defaultdict[str, int] = defaultdict(int)
    for side, sign in (("debit", 1), ("credit", -1)):
        for account, cents in rows.values_list(side).annotate(all=Sum("cents")):
            stands[account] += sign * cents
    return [Balance(one, max(stands[one], 0), max(-stands[one], 0)) for one in Account]


def entries(period: Period) -> QuerySet[LedgerEntry]:
    """Give what was posted in a period, in the order in which it was."""
    rows = LedgerEntry.objects.filter(at__gte=period.begins, at__lt=period.ends)
    rows = rows.select_related("person", "card", "receipt", "shift", "by")
    return rows.select_related("reverses__receipt").order_by("pk")


def by_kind(period: Period) -> list[Sums]:
    """Add up what was posted in a period, with one question."""
    rows = LedgerEntry.objects.filter(at__gte=period.begins, at__lt=period.ends)
    plain, counter = Q(reverses=None), Q(reverses__isnull=False)
    found = (
        rows.order_by("kind")
        .values_list("kind")
        .annotate(
            many=Count("pk", filter=plain),
            posted=Sum("cents", filter=plain),
            back=Sum("cents", filter=counter),
        )
    )
    return [
        Sums(Kind(kind), many, cents or 0, back or 0)
        for kind, many, cents, back in found
    ]


def tasks() -> list[Task]:
    """Give who paid too much and has not got it back, with one question."""
    touching = Q(debit=Account.SURPLUS) | Q(credit=Account.SURPLUS)
    rows = LedgerEntry.objects.filter(touching, person__isnull=False)
    cents: defaultdict[str, int] = defaultdict(int)
    receipts: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows.select_related("person", "receipt").order_by("pk"):
        name = row.person.account_name if row.person else ""
        cents[name] += row.cents if row.credit == Account.SURPLUS else -row.cents
        if row.receipt is not None and row.credit == Account.SURPLUS:
            receipts[name].append(str(row.receipt))
    return list(_open_tasks(cents, receipts))


def _open_tasks(
    cents: dict[str, int], receipts: dict[str, list[str]]
) -> Iterator[Task]:
    for name, left in sorted(cents.items()):
        if left > 0:
            yield Task(name, left, tuple(receipts.get(name, ())))
