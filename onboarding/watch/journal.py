"""The journal as the auditor reads it: every look and act, whoever it is about."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.journal.models import Event

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows are asked for; what is empty leaves nothing out."""

    first: date | None = None
    last: date | None = None
    # People's ids.
    who: int | None = None
    whom: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row; people by their account, so that the page tells as little as it can."""

    at: datetime
    what: str
    # None where the portal itself acted, or where it was about no single person.
    who: str | None
    whom: str | None
    why: str
    facts: tuple[tuple[str, object], ...]


def rows(part: Part) -> QuerySet[Event]:
    """Give what was asked for, newest first."""
    found = Event.objects.select_related("who", "whom").order_by("-at", "-id")
    if part.first:
        found = found.filter(at__gte=_midnight(part.first))
    if part.last:
        found = found.filter(at__lt=_midnight(part.last + timedelta(days=1)))
    if part.who:
        found = found.filter(who=part.who)
    if part.whom:
        found = found.filter(whom=part.whom)
    return found.filter(what=part.what) if part.what else found


def page_of(part: Part, page: str | None) -> Page[Event]:
    """Give one page of it."""
    return Paginator(rows(part), A_PAGE).get_page(page)


def line(event: Event) -> Line:
    """Give a row as it was kept."""
    return Line(
        at=event.at,
        what=event.what,
        who=event.who.account_name if event.who else None,
        whom=event.whom.account_name if event.whom else None,
        why=event.why,
        facts=tuple(
            (name, fact)
            for name, fact in sorted(event.facts.items())
            if fact not in ("", None)
        ),
    )


def table(part: Part) -> Iterator[tuple[str, ...]]:
    """Give the rows as cells, with a head, one after the other."""
    yield (_("When"), _("Act"), _("By"), _("About"), _("Reason"), _("Facts"))
    for event in rows(part).iterator(chunk_size=1000):
        one = line(event)
        yield (
            one.at.isoformat(timespec="seconds"),
            one.what,
            one.who or "",
            one.whom or "",
            one.why,
            json.dumps(event.facts, ensure_ascii=False, sort_keys=True),
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
