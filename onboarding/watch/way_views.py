"""The cohort's way through the steps: charts, the same figures as tables and files."""

from collections.abc import Iterator
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signin.guard import staff
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.watch import figures, growth
from onboarding.watch.agents import WATCHING
from onboarding.watch.crowd import crowd
from onboarding.watch.drawing import bar, sketch
from onboarding.watch.forms import ScopeForm
from onboarding.watch.growth import Growth

WHERE, DAYS, HOURS = "where", "days", "hours"


@staff(*WATCHING)
@never_cache
@require_safe
def way(request: HttpRequest) -> HttpResponse:
    """Draw who is where, and how it grew by days and by the hours of one of them."""
    form, now = ScopeForm(request.GET), timezone.now()
    scope, day = form.scope(), _day(request)
    members = crowd(scope, at=now)
    rows = figures.steps(members)
    days = growth.per_day(members, until=timezone.localdate(now))
    hours = growth.per_hour(members, on=day)
    context = {
        "form": form,
        "scope": scope,
        "at": now,
        "day": day,
        "everybody": len(members),
        "rows": rows,
        "bars": [bar(one) for one in rows],
        "standings": [(one.value, figures.WORDS[one]) for one in figures.STANDINGS],
        "days": days,
        "day_sketches": [sketch(one) for one in days.curves],
        "hours": hours,
        "hour_sketches": [sketch(one) for one in hours.curves],
    }
    return render(request, "watch/way.html", context)


@staff(*WATCHING)
@never_cache
@require_safe
def way_file(request: HttpRequest, what: str) -> HttpResponse:
    """Give the figures of a chart as a table for spreadsheets."""
    scope, now = ScopeForm(request.GET).scope(), timezone.now()
    members, day = crowd(scope, at=now), _day(request)
    if what == WHERE:
        rows = _where(figures.steps(members))
    elif what == DAYS:
        rows = _grown(growth.per_day(members, until=timezone.localdate(now)))
    elif what == HOURS:
        rows = _grown(growth.per_hour(members, on=day))
    else:
        raise Http404
    content = MARK + b"".join(row(one) for one in rows)
    name = f"attachment; filename=steps-{what}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": name},
    )


def _day(request: HttpRequest) -> date:
    """Give the day that is asked for; today, where none is."""
    try:
        return date.fromisoformat(request.GET["day"])
    except (KeyError, ValueError):
        return timezone.localdate()


def _where(rows: tuple[figures.StepRow, ...]) -> Iterator[tuple[str, ...]]:
    yield ("step", "standing", "people")
    for one in rows:
        for standing, number in one.cells:
            yield one.key, standing.value, str(number)


def _grown(grown: Growth) -> Iterator[tuple[str, ...]]:
    yield ("from", "step", "new", "total")
    for one in grown.curves:
        yield "", one.key, str(one.before), str(one.before)
        for span, new, total in zip(grown.spans, one.new, one.totals, strict=True):
            yield span.isoformat(timespec="minutes"), one.key, str(new), str(total)
