"""How far one person is with card, deposit and library: one question to the tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.catalogue.cohort import cohort_code_of
from accounts.catalogue.standing import Programme
from accounts.catalogue.systems import PAIA
from accounts.people.models import Person
from accounts.people.questions import Question
from onboarding.applications.models import SavedPage
from onboarding.cards.models import Account, Kind, LedgerEntry, RouteWish, Wish
from onboarding.cards.route import Route, first_semester, route_of
from onboarding.enrolment.models import Cohort
from onboarding.enrolment.opening_week import dates_of

WAIVERS = frozenset({Kind.DEPOSIT_WAIVER.value, Kind.FEE_WAIVER.value})


@dataclass(frozen=True, slots=True)
class Standing:
    """Registration, card, deposit and library account of one person."""

    # Sent to the library; or begun, with some pages saved.
    registered_at: datetime | None = None
    reference: str = ""
    begun: bool = False
    # The card in hand.
    number: str = ""
    handed_out_at: datetime | None = None
    place: str = ""
    wish: Wish = Wish.NONE
    # Cents that are still to be paid, and when the last of them were paid or waived.
    owed: int = 0
    settled_at: datetime | None = None
    waived: bool = False
    receipt: int | None = None
    # What the library says of the account: a state (PAIA 2.8), and when it last did.
    account_state: str = ""
    account_seen_at: datetime | None = None
    # When it first said that the account works; that stays.
    works_since: datetime | None = None

    @property
    def has_card(self) -> bool:
        """Say whether somebody recorded that the person got a card."""
        return bool(self.number)

    @property
    def settled(self) -> bool:
        """Say whether nothing is to be paid any more, with a card in hand."""
        return self.has_card and self.owed <= 0


@dataclass(frozen=True, slots=True)
class Way:
    """Where the card is to be had, and when."""

    route: Route
    cohort: Cohort

    def begun(self, on: date) -> bool:
        """Say whether somebody can go there on a day."""
        if self.route is Route.LIBRARY:
            return True
        first = self.cohort.opening_from
        return first is not None and on >= first


def standing_of(person: int) -> Standing:
    """Say how far a person (id) is."""
    (row,) = _ASKED(person)
    return _standing(dict(zip(_COLUMNS, row, strict=True)))


def way_of(
    *,
    programmes: Iterable[Programme],
    in_a_group: bool,
    wish: Wish,
    on: date,
    dates: Callable[[str], Cohort] = dates_of,
) -> Way:
    """Say where somebody gets the card; one small question, where nobody has asked it.

    ``dates`` gives a cohort by its code.
    """
    studies = tuple(programmes)
    first = first_semester(studies, on=on)
    cohort = dates(cohort_code_of(first.study_start if first else on))
    route = route_of(
        programmes=studies,
        in_a_group=in_a_group,
        wish=wish,
        opening_until=cohort.last_day,
        on=on,
    )
    return Way(route=route, cohort=cohort)


def _sum(side: str) -> Coalesce:
    mine = LedgerEntry.objects.filter(person=OuterRef("pk"), **{side: Account.OPEN})
    total = mine.order_by().values("person").annotate(all=Sum("cents")).values("all")
    return Coalesce(Subquery(total), 0)


_COLUMNS = (
    "told__submitted_at",
    "told__reference",
    "begun",
    "holding__card__number",
    "holding__move__at",
    "holding__move__place",
    "wish",
    "due",
    "done",
    "open_deposit__settlement__at",
    "open_deposit__settlement__kind",
    "open_deposit__settlement__receipt",
    "state__value",
    "state__seen_at",
    "works__first_seen_at",
)
_EVERYBODY = (
    Person.objects.annotate(
        told=FilteredRelation(
            "library_registrations", condition=Q(library_registrations__version=1)
        ),
        state=FilteredRelation(
            "evidence", condition=Q(evidence__system=PAIA, evidence__key="state")
        ),
        works=FilteredRelation(
            "evidence", condition=Q(evidence__system=PAIA, evidence__key="works")
        ),
    )
    .annotate(
        begun=Exists(SavedPage.objects.filter(person=OuterRef("pk"))),
        wish=Coalesce(
            Subquery(
                RouteWish.objects.filter(person=OuterRef("pk"))
                .order_by("-at", "-pk")
                .values("wish")[:1]
            ),
            Value(Wish.NONE),
        ),
        due=_sum("debit"),
        done=_sum("credit"),
    )
    .values_list(*_COLUMNS)
)
_ASKED = Question(lambda person: _EVERYBODY.filter(pk=person))


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(
        registered_at=row["told__submitted_at"],
        reference=row["told__reference"] or "",
        begun=row["begun"],
        number=row["holding__card__number"] or "",
        handed_out_at=row["holding__move__at"],
        place=row["holding__move__place"] or "",
        wish=Wish(row["wish"]),
        owed=row["due"] - row["done"],
        settled_at=row["open_deposit__settlement__at"],
        waived=row["open_deposit__settlement__kind"] in WAIVERS,
        receipt=row["open_deposit__settlement__receipt"],
        account_state=row["state__value"] or "",
        account_seen_at=row["state__seen_at"],
        works_since=row["works__first_seen_at"],
    )
