"""The cohort's way through the steps: charts, the same figures as tables and files."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signin.guard import staff
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.watch import figures, growth
from onboarding.watch.agents import WATCHING
from onboarding.watch.crowd import crowd
from onboarding.watch.drawing import Sketch, bar, sketch
from onboarding.watch.forms import ScopeForm
from onboarding.watch.growth import Growth

WHERE, DAYS, HOURS = "where", "days", "hours"
ONE_DAY = timedelta(days=1)


@staff(*WATCHING)
@never_cache
@require_safe
def way(request: HttpRequest) -> HttpResponse:
    """Draw who is where, and how it grew by days and by the hours of one of them."""
    form, now = ScopeForm(request.GET), timezone.now()
    scope, day, today = form.scope(), _day(request), timezone.localdate(now)
    members = crowd(scope, at=now)
    rows = figures.steps(members)
    days = growth.per_day(members, until=today)
    hours = growth.per_hour(members, on=day, at=now)
    context = {
        "form": form,
        "scope": scope,
        "at": now,
        "day": day,
        "day_before": day - ONE_DAY,
        "day_after": day + ONE_DAY if day < today else None,
        "everybody": len(members),
        "rows": rows,
        "bars": [bar(one) for one in rows],
        "standings": [(one.value, figures.WORDS[one]) for one in figures.STANDINGS],
        "days": days,
        "day_sketches": _sketches(days, places=len(days.spans)),
        "hours": hours,
        "hour_sketches": _sketches(hours, places=growth.hours_of(day)),
    }
    return render(request, "watch/way.html", context)


@staff(*WATCHING)
@never_cache
@require_safe
def way_file(request: HttpRequest, what: str) -> HttpResponse:
    """Give the figures of a chart as a table for spreadsheets, in the page's words."""
    scope, now = ScopeForm(request.GET).scope(), timezone.now()
    members, day = crowd(scope, at=now), _day(request)
    if what == WHERE:
        rows = _where(figures.steps(members))
    elif what == DAYS:
        grown = growth.per_day(members, until=timezone.localdate(now))
        rows = _grown(grown, _date)
    elif what == HOURS:
        rows = _grown(growth.per_hour(members, on=day, at=now), _hour)
    else:
        raise Http404
    content = MARK + b"".join(row(one) for one in rows)
    on = day if what == HOURS else timezone.localdate(now)
    parts = ("steps", what, scope.slug, on.isoformat())
    name = "-".join(one for one in parts if one)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _sketches(grown: Growth, *, places: int) -> list[Sketch]:
    return [sketch(one, grown.spans, places=places) for one in grown.curves]


def _day(request: HttpRequest) -> date:
    """Give the day that is asked for; today, where none is, or none of our times."""
    try:
        day = date.fromisoformat(request.GET["day"])
    except (KeyError, ValueError):
        return timezone.localdate()
    return day if day.year in range(2000, 2100) else timezone.localdate()


def _date(span: datetime) -> str:
    return f"{span:%Y-%m-%d}"


def _hour(span: datetime) -> str:
    return f"{span:%Y-%m-%d %H:%M}"


def _where(rows: tuple[figures.StepRow, ...]) -> Iterator[tuple[str, ...]]:
    yield (_("Step"), *(str(figures.WORDS[one]) for one in figures.STANDINGS))
    for one in rows:
        yield (str(one.title), *(str(number) for _standing, number in one.cells))


def _grown(
    grown: Growth, named: Callable[[datetime], str]
) -> Iterator[tuple[str, ...]]:
    """Give the table of the page: a row for each span, totals and new ones per step."""
    heads = (
        (str(one.title), _("%(step)s: new") % {"step": one.title})
        for one in grown.curves
    )
    yield (_("From"), *chain.from_iterable(heads))
    before = chain.from_iterable((str(one.before), "") for one in grown.curves)
    yield (_("before, or not known when"), *before)
    for span, cells in reversed(grown.rows):
        numbers = chain.from_iterable((str(total), str(new)) for total, new in cells)
        yield (named(span), *numbers)
