"""Closing the desk's till, and taking counted cash over as the second person."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import cash
from onboarding.cards.amounts import euros
from onboarding.cards.confirming import Question, act_id, ask
from onboarding.cards.models import Place, Shift
from onboarding.cards.money_forms import CountForm
from onboarding.cards.noting import just_recorded, recorded
from onboarding.cards.refusals import Refused
from onboarding.cards.tills import Till, newest_first, open_desk_till, tills_of

CONFLICT = 409
PAGE = 50
CLOSINGS_SHOWN = 20
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def closing(request: HttpRequest) -> HttpResponse:
    """Count the desk's till; what should lie in it is told only afterwards."""
    form = CountForm(sent(request))
    till = open_desk_till()
    if "act" in request.POST:
        return _close(request, form)
    if form.is_bound and form.is_valid() and till is not None:
        question = Question(
            facts=[
                (_("Till"), _named(till)),
                (_("Cash that you counted"), euros(form.cleaned_data["counted"])),
            ],
            url=request.path,
            back=request.path,
            label=_("Close the till"),
            sends={
                "till": str(till.key),
                "counted": _plain(form.cleaned_data["counted"]),
            },
        )
        return ask(request, question)
    status = answers.MISTAKEN if form.errors else 200
    return _closing_page(request, form, status=status)


@staff(Role.FINANCE, Role.LIBRARY_DESK, Role.COORDINATOR)
@never_cache
@require_safe
def tills(request: HttpRequest) -> HttpResponse:
    """List all tills, with what was counted and who took it over."""
    return _tills_page(request)


@staff(Role.FINANCE, Role.LIBRARY_DESK, Role.COORDINATOR)
@never_cache
@_FORM
def take_over(request: HttpRequest, key: int) -> HttpResponse:
    """Sign for the counted cash of somebody else's till."""
    shift = get_object_or_404(newest_first(), pk=key)
    if request.method == "POST":
        try:
            cash.take_over(
                key=shift.key,
                act=act_id(request),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refused:
            return _tills_page(request, status=CONFLICT, refused=str(refused))
        return recorded(request, reverse("cards:tills"))
    (till,) = tills_of([shift])
    if till.counted is None:
        raise Http404
    question = Question(
        facts=[
            (_("Till"), _named(shift)),
            (_("Counted by"), shift.counting.by.display_name),
            (_("Cash that you take over"), euros(till.counted)),
        ],
        url=request.path,
        back=reverse("cards:tills"),
        label=_("Take the cash over"),
        heed=[_("Count it yourself first. With this you sign for it.")],
    )
    return ask(request, question)


def _close(request: HttpRequest, form: CountForm) -> HttpResponse:
    try:
        key = UUID(request.POST.get("till", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    shift = get_object_or_404(Shift, key=key, place=Place.DESK)
    if not form.is_valid():
        raise Http404
    try:
        cash.count(
            key=shift.key,
            act=act_id(request),
            counted_cents=form.cleaned_data["counted"],
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        again = CountForm(None)
        return _closing_page(request, again, status=CONFLICT, refused=str(refused))
    return recorded(request, reverse("cards:closing"))


def _closing_page(
    request: HttpRequest, form: CountForm, *, status: int, refused: str = ""
) -> HttpResponse:
    shifts = newest_first(Place.DESK).filter(counting__isnull=False)
    context = {
        "form": form,
        "open": open_desk_till(),
        "closings": _shown(tills_of(shifts[:CLOSINGS_SHOWN])),
        "refused": refused,
        "recorded": just_recorded(request),
    }
    return render(request, "cards/closing.html", context, status=status)


def _tills_page(
    request: HttpRequest, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    page = Paginator(newest_first(), PAGE).get_page(request.GET.get("page"))
    me = person_of(request).pk
    rows = [
        (till, words, till.waiting and me not in _counters(till))
        for till, words in _shown(tills_of(page.object_list))
    ]
    context = {
        "page": page,
        "tills": rows,
        "refused": refused,
        "recorded": just_recorded(request),
    }
    return render(request, "cards/tills.html", context, status=status)


def _counters(till: Till) -> set[int]:
    """Give who cannot be the second person."""
    return {till.shift.by_id, till.shift.counting.by_id}


def _shown(several: list[Till]) -> list[tuple[Till, dict[str, str]]]:
    return [(till, _words(till)) for till in several]


def _words(till: Till) -> dict[str, str]:
    if till.counted is None:
        return {}
    difference = _("none")
    if till.difference > 0:
        difference = _("%(amount)s too much") % {"amount": euros(till.difference)}
    elif till.difference < 0:
        difference = _("%(amount)s too little") % {"amount": euros(-till.difference)}
    return {
        "counted": euros(till.counted),
        "expected": euros(till.expected or 0),
        "difference": difference,
    }


def _named(shift: Shift) -> str:
    """Tell tills of one series apart by the day on which they began."""
    day = date_format(timezone.localtime(shift.opened_at), "DATE_FORMAT")
    return f"{shift}, {day}"


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
