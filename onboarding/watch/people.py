"""The people behind a number: a page of them, with what tells them apart."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import Promise

from accounts.due.lease import PARKED
from accounts.people.models import Person
from accounts.people.naming import sort_key
from onboarding.enrolment.models import GroupPlace
from onboarding.helpdesk.failures import in_words
from onboarding.helpdesk.systems import NAMES
from onboarding.watch import work
from onboarding.watch.scope import Scope

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in somebody's way in one system."""

    name: Promise
    sentence: Promise | str
    since: datetime | None
    parked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list."""

    person: Person
    group: int | None
    obstacles: Sequence[Obstacle]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the people, and how many more only the lead may see."""

    page: Page[int]
    lines: Sequence[Line]
    for_the_lead: int


def listed(
    ids: Collection[int],
    scope: Scope,
    *,
    lead: bool,
    page: str | None,
    at: datetime,
) -> Listed:
    """Give a page of these people (ids), sorted by DIN 5007-2.

    Records with blocked disclosure are for the lead; others learn that there are some.
    """
    columns = ("pk", "family_name", "given_names", "confidential")
    rows = [row for row in scope.people().values_list(*columns) if row[0] in ids]
    shown = [row for row in rows if lead or not row[3]]
    shown.sort(key=lambda row: (sort_key(f"{row[1]} {row[2]}"), row[0]))
    one_page = Paginator([row[0] for row in shown], A_PAGE).get_page(page)
    return Listed(one_page, _lines(list(one_page), at), len(rows) - len(shown))


def _lines(ids: Sequence[int], at: datetime) -> list[Line]:
    people = Person.objects.in_bulk(ids)
    places = GroupPlace.objects.filter(person__in=ids)
    groups = dict(places.values_list("person_id", "group__number"))
    obstacles = _obstacles(ids, at)
    return [
        Line(people[one], groups.get(one), obstacles[one])
        for one in ids
        if one in people
    ]


def _obstacles(ids: Sequence[int], at: datetime) -> defaultdict[int, list[Obstacle]]:
    found: defaultdict[int, list[Obstacle]] = defaultdict(list)
    rows = work.rows_of(Person.objects.filter(pk__in=ids))
    open_ones = rows.filter(~Q(last_error="") | Q(due_at__isnull=False))
    for row in open_ones.annotate(since=work.since(at)).order_by("since", "pk"):
        found[row.person_id].append(
            Obstacle(
                name=NAMES[row.system],
                sentence=in_words(row.last_error),
                since=row.since,
                parked=row.last_error.startswith(PARKED),
            )
        )
    return found
