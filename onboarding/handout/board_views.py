"""The coordinator's pages: what waits, which phones there are, who hands out."""

from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.directory.gateway import taken
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import cash
from onboarding.cards.amounts import euros
from onboarding.cards.models import Place, ShiftCount
from onboarding.cards.refusals import Refused
from onboarding.enrolment.models import TutorGroup
from onboarding.handout import conflicts, figures, phones, turns
from onboarding.handout.forms import TurnForm
from onboarding.handout.models import How, PhoneAct
from onboarding.handout.outcomes import in_words
from onboarding.handout.recording import Kept
from onboarding.handout.tiles import tile

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.COORDINATOR)
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits for the coordinator."""
    return _board(request)


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make of one act what the coordinator pressed."""
    act = get_object_or_404(PhoneAct, pk=key)
    if request.POST.get("how") not in How.values:
        raise Http404
    how = How(request.POST["how"])
    try:
        conflicts.correct(act=act, how=how, by=person_of(request), at=timezone.now())
    except Kept as kept:
        return _board(request, refused=in_words(kept.outcome), status=CONFLICT)
    except Refused as refused:
        return _board(request, refused=str(refused), status=CONFLICT)
    return redirect("handout:board")


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def shut_out(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a lost phone get no list any more."""
    phones.shut_out(key=key, by=person_of(request), at=timezone.now())
    return redirect("handout:board")


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def take_over(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sign for the cash of a tutor's till, with the own login."""
    try:
        cash.take_over(key=key, act=uuid4(), by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _board(request, refused=str(refused), status=CONFLICT)
    return redirect("handout:board")


@staff(Role.COORDINATOR)
@never_cache
@_FORM
def group(request: HttpRequest, number: int) -> HttpResponse:
    """Show who hands out for a group, and let somebody else do so."""
    one = get_object_or_404(TutorGroup, number=number)
    form = TurnForm(sent(request), initial=_days())
    if form.is_bound and form.is_valid():
        account = form.cleaned_data["account"]
        if _known(account):
            days = (form.cleaned_data["first"], form.cleaned_data["last"])
            turns.lend(
                group=one,
                account=account,
                days=days,
                by=person_of(request),
                at=timezone.now(),
            )
            return redirect("handout:group", number)
        form.add_error("account", _("Nobody has this user name."))
    held = turns.turns_of([one.pk], on=timezone.localdate())
    context = {"group": one, "form": form, "turns": held}
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "handout/group.html", context, status=status)


@staff(Role.COORDINATOR)
@never_cache
@require_POST
def end_turn(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Take a turn back."""
    turns.end(turn=key, by=person_of(request), at=timezone.now())
    return redirect("handout:group", number)


def _board(
    request: HttpRequest, *, refused: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    # Named before anything is looked at: what happens meanwhile is news.
    version = figures.version(at=now)
    board = figures.board(at=now)
    context = {
        "board": board,
        "tiles": [(one, tile(one)) for one in board.groups],
        "marks": [(one.value, figures.WORDS[one]) for one in figures.WHERE],
        "version": version,
        "conflicts": conflicts.open_conflicts(),
        "tills": [(one, euros(one.counted_cents)) for one in _tills()],
        "refused": refused,
    }
    return render(request, "handout/board.html", context, status=status)


def _tills() -> QuerySet[ShiftCount]:
    """Give the tutors' tills that were counted and nobody has signed for."""
    mine = ShiftCount.objects.filter(shift__place=Place.TUTOR, shift__handing_over=None)
    return mine.select_related("shift__by").order_by("at")


def _days() -> dict[str, object]:
    today = timezone.localdate()
    week = turns.opening_week(today)
    last = week.opening_until if week else today
    return {"first": today, "last": last}


def _known(account: str) -> bool:
    known = Person.objects.filter(account_name=account).exists()
    return known or account in taken([account])
