"""The journal's page and file; whoever reads it stands in it, too."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.watch.journal import line, page_of, table
from onboarding.watch.journal_forms import JournalForm


@staff(Role.AUDITOR)
@never_cache
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the newest rows of a part; all of them, where nothing is asked for."""
    form = JournalForm(request.GET)
    context: dict[str, object] = {"form": form, "query": _query(request)}
    if form.is_valid():
        page = page_of(form.part(), request.GET.get("page"))
        context |= {"page": page, "lines": [line(one) for one in page]}
        _note(request, "journal")
    return render(request, "watch/journal.html", context)


@staff(Role.AUDITOR)
@never_cache
@require_safe
def journal_file(request: HttpRequest) -> HttpResponseBase:
    """Give the same rows, all of them, as a table for spreadsheets."""
    form = JournalForm(request.GET)
    if not form.is_valid():
        # The page says what is wrong.
        return HttpResponseRedirect(f"{reverse('watch:journal')}{_query(request)}")
    _note(request, "journal_file")
    day = timezone.localdate()
    rows = (row(one) for one in table(form.part()))
    return StreamingHttpResponse(
        (part for rest in ((MARK,), rows) for part in rest),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="journal-{day}.csv"'},
    )


def _note(request: HttpRequest, which: str) -> None:
    asked = {
        name: request.GET[name]
        for name in JournalForm.base_fields
        if request.GET.get(name)
    }
    note_list(which=which, by=person_of(request).pk, at=timezone.now(), **asked)


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"?{asked.urlencode()}" if asked else ""
