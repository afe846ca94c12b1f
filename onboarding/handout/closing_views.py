"""The end of the week: what stands in the way, boxes and cash back, the sums."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import cash
from onboarding.cards.amounts import euros
from onboarding.cards.models import Place, Shift
from onboarding.cards.refusals import Refused
from onboarding.enrolment.models import TutorGroup
from onboarding.handout import closing, summary_files
from onboarding.handout.closing_forms import GiveBackForm, TillForm
from onboarding.handout.summary import OF_BOXES, OF_TILLS, Summary
from onboarding.handout.summary import summary as sums

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def close(request: HttpRequest) -> HttpResponse:
    """Show what stands in the way of closing the lists; close them."""
    now, refused = timezone.now(), ""
    week = closing.current_week(at=now)
    if request.method == "POST" and week is not None:
        try:
            closing.close(week=week, by=person_of(request), at=now)
        except Refused as still_open:
            refused = str(still_open)
        else:
            return redirect("handout:close")
    context = {
        "week": week,
        "way": closing.in_the_way(at=now),
        "without": len(closing.without_card(at=now)),
        "refused": refused,
    }
    status = CONFLICT if refused else 200
    return render(request, "handout/closing.html", context, status=status)


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def give_back(request: HttpRequest, number: int) -> HttpResponse:
    """Sign for what is left in a box."""
    group = get_object_or_404(TutorGroup, number=number)
    form = GiveBackForm(sent(request))
    if form.is_bound and form.is_valid():
        closing.give_back(
            act=_act(request),
            group=group,
            counted=form.cleaned_data["counted"],
            by=person_of(request),
            at=timezone.now(),
        )
        return redirect("handout:close")
    context = {"group": group, "form": form, "act": uuid4()}
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "handout/give_back.html", context, status=status)


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def count_till(request: HttpRequest, key: UUID) -> HttpResponse:
    """Count a till that is still open: blind, whoever has it."""
    shift = get_object_or_404(Shift, key=key, place=Place.TUTOR)
    form, refused = TillForm(sent(request)), ""
    if form.is_bound and form.is_valid():
        try:
            cash.count(
                key=key,
                act=_act(request),
                counted_cents=form.cents,
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as no:
            refused = str(no)
        else:
            return redirect("handout:board")
    context = {"shift": shift, "form": form, "act": uuid4(), "refused": refused}
    status = CONFLICT if refused else answers.MISTAKEN if form.errors else 200
    return render(request, "handout/count_till.html", context, status=status)


@staff(Role.COORDINATOR, Role.FINANCE)
@never_cache
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """Show the week in sums, and that they come out even."""
    whole = sums()
    names = summary_files.words()
    context = {
        "sums": whole,
        "of_boxes": [names[name] for name in OF_BOXES],
        "boxes": [
            (one, [getattr(one, name) for name in OF_BOXES]) for one in whole.boxes
        ],
        "all_boxes": [whole.whole[name] for name in OF_BOXES],
        "of_tills": [names[name] for name in OF_TILLS],
        "tills": [
            (one, [_amount(getattr(one, name)) for name in OF_TILLS])
            for one in whole.tills
        ],
        "all_tills": [euros(whole.cash[name]) for name in OF_TILLS],
    }
    return render(request, "handout/summary.html", context)


@staff(Role.COORDINATOR, Role.FINANCE)
@never_cache
@require_safe
def summary_file(request: HttpRequest, kind: str) -> HttpResponse:  # noqa: ARG001
    """Give the sums as a file: csv or pdf."""
    whole: Summary = sums()
    if kind == "csv":
        content, of = summary_files.table(whole), "text/csv; charset=utf-8"
    elif kind == "pdf":
        language = get_language() or "de"
        content = summary_files.as_pdf(whole, at=timezone.now(), language=language)
        of = "application/pdf"
    else:
        raise Http404
    name = f"attachment; filename=opening-week.{kind}"
    return HttpResponse(content, content_type=of, headers={"Content-Disposition": name})


def _amount(cents: int | None) -> str:
    return "–" if cents is None else euros(cents)


def _act(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("act", ""))
    except ValueError as wrong:
        raise Http404 from wrong
