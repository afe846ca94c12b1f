"""Paper: the sheets to print before, and the form that records them afterwards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.journal.lists import note_list
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards.numbers import masked
from onboarding.enrolment.models import TutorGroup
from onboarding.handout.outcomes import in_words
from onboarding.handout.paper import Line, Noted, record_sheet
from onboarding.handout.paper_forms import SheetForm
from onboarding.handout.sheets import as_pdf

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.COORDINATOR)
@never_cache
@require_safe
def sheets(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Give the sheets to print, of one group or of all."""
    groups = list(TutorGroup.objects.order_by("number"))
    name = "groups"
    if number is not None:
        groups, name = [get_object_or_404(TutorGroup, number=number)], f"group-{number}"
    now = timezone.now()
    note_list(which="sheets", by=person_of(request).pk, at=now, groups=name)
    file = as_pdf(groups=groups, at=now, language=get_language() or "de")
    kept = f"inline; filename={name}.pdf"
    return HttpResponse(
        file,
        content_type="application/pdf",
        headers={"Content-Disposition": kept, "Cache-Control": "no-store"},
    )


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """Take a sheet in: typed, shown once more, then recorded."""
    group = get_object_or_404(TutorGroup, number=number)
    now = timezone.now()
    form = SheetForm(
        sent(request),
        people=_members(group),
        now=now,
        initial={"day": timezone.localdate(now)},
    )
    if form.is_bound and form.is_valid():
        if "confirmed" not in request.POST:
            return _shown_again(request, group, form)
        noted = record_sheet(
            group=group, lines=form.lines, by=person_of(request), at=now
        )
        context = {"group": group, "noted": [(one, _said(one)) for one in noted]}
        return render(request, "handout/paper_done.html", context)
    status = answers.MISTAKEN if form.errors else 200
    context = {"group": group, "form": form}
    return render(request, "handout/paper.html", context, status=status)


def _shown_again(
    request: HttpRequest, group: TutorGroup, form: SheetForm
) -> HttpResponse:
    said = [
        (name, value)
        for name, value in request.POST.items()
        if value and name != "csrfmiddlewaretoken"
    ]
    context = {
        "group": group,
        "lines": [(one, masked(one.number)) for one in _in_order(form.lines)],
        "said": said,
    }
    return render(request, "handout/paper_check.html", context)


def _in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: one.at)


def _said(one: Noted) -> str:
    if one.again:
        return _("This line was recorded before; nothing was recorded twice.")
    return in_words(one.outcome)


def _members(group: TutorGroup) -> list[Person]:
    inside = Person.objects.filter(group_place__group=group)
    return sorted(inside, key=lambda one: one.sort_key)
