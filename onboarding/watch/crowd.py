"""How far very many people are with every step, by the steps' own rules.

A step decides on a person's facts (``onboarding.journey``). Of ten thousand people most
are at the same point: everybody's facts are read as one short row, and the steps are
asked once for each kind of row.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.catalogue.standing import Programme
from accounts.catalogue.systems import DIRECTORY, MAILBOX, MOODLE, MYSTUDY, PAIA
from accounts.connectors.mystudy import ACCOUNT, LEUPHANA_ACCOUNT
from accounts.people.lifecycle import chosen_last
from accounts.people.models import Person
from onboarding.cards.models import Account, LedgerEntry, RouteWish, Wish
from onboarding.enrolment.models import Enrolment
from onboarding.journey.path import PATH
from onboarding.watch.point import SETTLED, Point, Programmes, Way, Ways
from onboarding.watch.scope import Scope

STEPS = tuple(step.key for step in PATH)
# The systems that steps wait for; what systems say; what students may say themselves.
_SYSTEMS = (DIRECTORY, MAILBOX, MYSTUDY, MOODLE)
_SAID = {
    "own_account": (MYSTUDY, ACCOUNT),
    "leuphana_account": (MYSTUDY, LEUPHANA_ACCOUNT),
    "user": (MOODLE, "user"),
    "there": (MOODLE, "last_seen"),
    "works": (PAIA, "works"),
    "state": (PAIA, "state"),
}
_TICKED = ("moodle", "library_account")
HOUR = timedelta(hours=1)
_STUDIES = (
    *("school", "degree", "faculty", "study_start", "semester_no", "status"),
    "status_date",
)


@dataclass(frozen=True, slots=True)
class Member:
    """One student, and how far the student is."""

    person: int
    confidential: bool
    # Where the programmes of the part are, and the number of the tutor group.
    schools: frozenset[str]
    group: int | None
    way: Way
    # When a step (key) was done, where somebody or something told us.
    done_at: Mapping[str, datetime | None]

    @property
    def begun(self) -> bool:
        """Say whether the account was ever activated."""
        return self.done_at["activation"] is not None

    def begun_lately(self, at: datetime) -> bool:
        """Say whether the account was activated within the hour before a moment."""
        activated_at = self.done_at["activation"]
        return activated_at is not None and activated_at > at - HOUR


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read beside the rows, by person (id)."""

    programmes: Mapping[int, Programmes]
    wishes: Mapping[int, Wish]
    owed: Mapping[int, int]
    chosen: Mapping[int, datetime]


def crowd(scope: Scope, *, at: datetime) -> tuple[Member, ...]:
    """Give everybody of a part who studies; as many queries for any number."""
    people = scope.people()
    unsettled = Q(
        syncs__system=DIRECTORY, syncs__settled_generation__lt=F("syncs__generation")
    )
    known = _Known(
        programmes=_programmes(people),
        wishes=_wishes(people),
        owed=_owed(people),
        chosen=chosen_last(people.filter(unsettled)),
    )
    return tuple(_members(scope, known, Ways(timezone.localdate(at))))


def _members(scope: Scope, known: _Known, ways: Ways) -> Iterator[Member]:
    schools: dict[Programmes, frozenset[str]] = {}
    for row in _rows(scope.people()):
        programmes = known.programmes.get(row["pk"], ())
        if ways.studies(programmes):
            if programmes not in schools:
                schools[programmes] = scope.schools(programmes)
            yield Member(
                person=row["pk"],
                confidential=row["confidential"],
                schools=schools[programmes],
                group=row["group_place__group__number"],
                way=ways.of(_point(row, known), programmes),
                done_at=_done_at(row),
            )


def _rows(people: QuerySet[Person]) -> QuerySet[Person, dict[str, Any]]:
    joined = {
        **{f"in_{one}": _only("syncs", system=one) for one in _SYSTEMS},
        **{
            name: _only("evidence", system=system, key=key)
            for name, (system, key) in _SAID.items()
        },
        **{
            f"tick_{one}": _only("ticks", step=one, taken_back_at=None)
            for one in _TICKED
        },
        "address": _only("mail_addresses", retired_at=None),
        "told": _only("library_registrations", version=1),
    }
    words = {f"word_{one}": _word(f"in_{one}") for one in _SYSTEMS}
    rows: QuerySet[Person, dict[str, Any]] = (
        people.annotate(**joined).annotate(**words).values(*_COLUMNS, *words)
    )
    return rows


_COLUMNS = (
    *("pk", "confidential", "activated_at", "initial_password_until"),
    *(
        "recovery_address__proved_at",
        "group_place__group__number",
        "in_directory__settled_at",
    ),
    *("address__chosen_at", "address__proved_at"),
    *("mystudy_account__made_at", "mystudy_account__made_here"),
    *(f"{name}__first_seen_at" for name in _SAID if name != "state"),
    "state__value",
    *(f"tick_{one}__ticked_at" for one in _TICKED),
    *("told__submitted_at", "holding__move__at", "open_deposit__settlement__at"),
)


def _only(relation: str, **conditions: object) -> FilteredRelation:
    where = {f"{relation}__{name}": value for name, value in conditions.items()}
    return FilteredRelation(relation, condition=Q(**where))


def _word(row: str) -> Case:
    settled = Q(**{f"{row}__settled_generation__gte": F(f"{row}__generation")})
    return Case(When(settled, then=Value(SETTLED)), default=F(f"{row}__last_error"))


def _point(row: Mapping[str, Any], known: _Known) -> Point:
    one = row["pk"]
    activated = row["activated_at"] is not None
    ticks = frozenset(step for step in _TICKED if row[f"tick_{step}__ticked_at"])
    return Point(
        activated=activated,
        own_password=activated and row["initial_password_until"] is None,
        opened=_opened(row, known.chosen.get(one)),
        directory=row["word_directory"],
        recovery=row["recovery_address__proved_at"] is not None,
        in_a_group=row["group_place__group__number"] is not None,
        address=row["address__chosen_at"] is not None,
        proved=row["address__proved_at"] is not None,
        mailbox=row["word_mailbox"],
        own_name=row["mystudy_account__made_at"] is not None,
        made_here=row["mystudy_account__made_here"] is not False,
        own_account=row["own_account__first_seen_at"] is not None,
        leuphana_account=row["leuphana_account__first_seen_at"] is not None,
        mystudy=row["word_mystudy"],
        user=row["user__first_seen_at"] is not None,
        there=row["there__first_seen_at"] is not None,
        moodle=row["word_moodle"],
        ticks=ticks,
        registered=row["told__submitted_at"] is not None,
        has_card=row["holding__move__at"] is not None,
        owes=known.owed.get(one, 0) > 0,
        wish=known.wishes.get(one, Wish.NONE),
        works=row["works__first_seen_at"] is not None,
        state=row["state__value"] or "",
    )


def _opened(row: Mapping[str, Any], chosen_at: datetime | None) -> bool:
    """Say what ``onboarding.journey.facts`` says of what the own password opens."""
    settled_at: datetime | None = row["in_directory__settled_at"]
    # Without a row nothing was ever asked for.
    settled = row["word_directory"] in {None, SETTLED}
    if settled or settled_at is None:
        return settled
    return chosen_at is not None and chosen_at <= settled_at


def _done_at(row: Mapping[str, Any]) -> dict[str, datetime | None]:
    """Give the moments that the student's own sheet shows (``journey.summary``)."""
    return {
        "activation": row["activated_at"],
        "recovery": row["recovery_address__proved_at"],
        "mail": row["address__proved_at"],
        "mystudy": row["own_account__first_seen_at"]
        or row["leuphana_account__first_seen_at"],
        "moodle": row["there__first_seen_at"] or row["tick_moodle__ticked_at"],
        "registration": row["told__submitted_at"],
        "card": row["holding__move__at"],
        "deposit": row["open_deposit__settlement__at"] or row["holding__move__at"],
        "library_account": row["works__first_seen_at"]
        or row["tick_library_account__ticked_at"],
    }


def _programmes(people: QuerySet[Person]) -> dict[int, Programmes]:
    """Give everybody's programmes; equal ones are the same object."""
    made: dict[tuple[Any, ...], Programme] = {}
    found: defaultdict[int, list[Programme]] = defaultdict(list)
    rows = Enrolment.objects.filter(person__in=people).order_by("pk")
    for one, *values in rows.values_list("person_id", *_STUDIES):
        facts = tuple(values)
        if facts not in made:
            made[facts] = Programme(*facts)
        found[one].append(made[facts])
    return {one: tuple(several) for one, several in found.items()}


def _wishes(people: QuerySet[Person]) -> dict[int, Wish]:
    said = RouteWish.objects.filter(person__in=people).order_by("at", "pk")
    return {one: Wish(wish) for one, wish in said.values_list("person_id", "wish")}


def _owed(people: QuerySet[Person]) -> dict[int, int]:
    """Give the cents that are open, by person (id)."""
    open_ones = Q(debit=Account.OPEN) | Q(credit=Account.OPEN)
    rows = LedgerEntry.objects.filter(open_ones, person__in=people).order_by()
    due, paid = (
        Coalesce(Sum("cents", filter=Q(**{side: Account.OPEN})), 0)
        for side in ("debit", "credit")
    )
    sums = rows.values_list("person_id").annotate(owed=due - paid)
    return {one: cents for one, cents in sums if one is not None}
