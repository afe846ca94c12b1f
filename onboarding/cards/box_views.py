"""The pages of boxes: put together for a group, signed for, counted back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import boxes, stock
from onboarding.cards.acts import Act
from onboarding.cards.box_sheet import sheet
from onboarding.cards.boxes import Plan
from onboarding.cards.confirming import Question, act_id, ask
from onboarding.cards.models import BoxCount
from onboarding.cards.noting import just_recorded, recorded
from onboarding.cards.number_lists import read_list
from onboarding.cards.refusals import Refused
from onboarding.cards.stock_forms import AllotForm, BackForm, ListForm
from onboarding.cards.stock_rows import ROWS_SHOWN, as_errors, rows_to_look_at
from onboarding.enrolment.models import TutorGroup

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.LIBRARY_DESK)
@never_cache
@require_safe
def all_boxes(request: HttpRequest) -> HttpResponse:
    """List the boxes of all groups, with what differs."""
    context = {"boxes": boxes.all_boxes(), "recorded": just_recorded(request)}
    return render(request, "cards/boxes.html", context)


@staff(Role.LIBRARY_DESK)
@never_cache
@require_safe
def box(request: HttpRequest, key: int) -> HttpResponse:
    """Show what lies in a box, and who counted it."""
    group = get_object_or_404(TutorGroup, pk=key)
    counted = BoxCount.objects.filter(group=group).select_related("by")
    context = {
        "group": group,
        "cards": stock.box_of(group),
        "counted": counted.order_by("-at", "-pk"),
        "recorded": just_recorded(request),
    }
    return render(request, "cards/box.html", context)


@staff(Role.LIBRARY_DESK)
@never_cache
@require_safe
def box_sheet(request: HttpRequest, key: int) -> HttpResponse:  # noqa: ARG001
    """Give the sheet that goes with a box, to be signed."""
    group = get_object_or_404(TutorGroup, pk=key)
    paper = sheet(group, stock.box_of(group), language=get_language() or "de")
    answer = HttpResponse(paper, content_type="application/pdf")
    name = f"box-{group.number}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def allot(request: HttpRequest) -> HttpResponse:
    """Put cards into the boxes of many groups at once."""
    form = AllotForm(sent(request), request.FILES or None)
    return _allot(request, form, None)


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def box_allot(request: HttpRequest, key: int) -> HttpResponse:
    """Put cards into one group's box."""
    group = get_object_or_404(TutorGroup, pk=key)
    return _allot(request, ListForm(sent(request), request.FILES or None), group)


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def box_back(request: HttpRequest, key: int) -> HttpResponse:
    """Take what is left of a box back, and name what is missing."""
    group = get_object_or_404(TutorGroup, pk=key)
    form = BackForm(sent(request), request.FILES or None)
    if not form.is_bound or not form.is_valid():
        return _back_page(request, form, group)
    if "act" not in request.POST:
        return ask(request, _back_question(request, group, form.text))
    by = person_of(request)
    act = Act(id=act_id(request), person=by, by=by, at=timezone.now())
    found = [row.number for row in read_list(form.text).rows]
    try:
        boxes.take_back(
            act=act, group=group, found=found, missing_are_lost="lost" in request.POST
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _back_page(request, form, group, status=CONFLICT)
    return recorded(request, reverse("cards:box", args=[key]))


def _allot(
    request: HttpRequest, form: ListForm, group: TutorGroup | None
) -> HttpResponse:
    if not form.is_bound or not form.is_valid():
        return _allot_page(request, form, group)
    plan = boxes.plan(form.text, group=group)
    done = "act" in request.POST and boxes.done_before(act_id(request))
    if not plan.cards and not done:
        as_errors(form, plan.listed)
        return _allot_page(request, form, group)
    if "act" not in request.POST:
        return ask(request, _allot_question(request, plan, group))
    try:
        if not done:
            boxes.allot(
                act=act_id(request), plan=plan, by=person_of(request), at=timezone.now()
            )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _allot_page(request, form, group, status=CONFLICT)
    return recorded(request, _place(group))


def _allot_question(
    request: HttpRequest, plan: Plan, group: TutorGroup | None
) -> Question:
    listed = plan.listed
    per_group = [
        (_("Box of group %(number)s") % {"number": into.number}, str(len(cards)))
        for into, cards in sorted(plan.boxes.items(), key=lambda one: one[0].number)
    ]
    return Question(
        facts=[
            *per_group[:ROWS_SHOWN],
            (_("Cards in all"), str(plan.cards)),
            (_("Twice in the list"), str(len(listed.doubled))),
            (_("Refused lines"), str(len(listed.faults))),
        ],
        url=request.path,
        back=request.path,
        label=_("Put them into the box") if group else _("Put them into the boxes"),
        sends={"numbers": listed.text()},
        caption=_("Lines to look at"),
        head=(_("Line"), _("Number"), _("What about it")),
        rows=rows_to_look_at(listed),
    )


def _back_question(request: HttpRequest, group: TutorGroup, text: str) -> Question:
    listed = boxes.left_in(group, text)
    missing = boxes.missing_from(group, [row.number for row in listed.rows])
    word = _("Missing")
    rows = [("–", card.number, word) for card in missing[:ROWS_SHOWN]]
    lost = _("Record the missing cards as lost")
    return Question(
        facts=[
            (_("Group"), str(group.number)),
            (_("Cards that come back"), str(len(listed.rows))),
            (word, str(len(missing))),
            (_("Refused lines"), str(len(listed.faults))),
        ],
        url=request.path,
        back=request.path,
        label=_("Take the box back"),
        sends={"numbers": listed.text()},
        caption=_("Lines to look at"),
        head=(_("Line"), _("Number"), _("What about it")),
        rows=[*rows, *rows_to_look_at(listed)],
        ticks=[("lost", lost)] if missing else (),
    )


def _back_page(
    request: HttpRequest,
    form: ListForm,
    group: TutorGroup,
    *,
    status: int = answers.MISTAKEN,
) -> HttpResponse:
    lead = _(
        "Scan every card that is left. The next page names what is missing; nothing is"
        " recorded before."
    )
    title = _("Take back the box of group %(number)s") % {"number": group.number}
    return _page(request, form, group, title=title, lead=lead, status=status)


def _allot_page(
    request: HttpRequest,
    form: ListForm,
    group: TutorGroup | None,
    *,
    status: int = answers.MISTAKEN,
) -> HttpResponse:
    title = _("Fill many boxes")
    if group:
        title = _("Fill the box of group %(number)s") % {"number": group.number}
    lead = _("Nothing is recorded yet: the next page shows what goes where.")
    return _page(request, form, group, title=title, lead=lead, status=status)


def _page(  # noqa: PLR0913 - what stands on such a page
    request: HttpRequest,
    form: ListForm,
    group: TutorGroup | None,
    *,
    title: str,
    lead: str,
    status: int,
) -> HttpResponse:
    number = group.number if group else ""
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "label": _("Continue"),
        "back": _place(group),
        "back_label": _("Box of group %(number)s") % {"number": number}
        if group
        else _("Boxes"),
    }
    shown = status if form.errors else 200
    return render(request, "cards/fill_in.html", context, status=shown)


def _place(group: TutorGroup | None) -> str:
    return (
        reverse("cards:box", args=[group.pk]) if group else reverse("cards:all_boxes")
    )
