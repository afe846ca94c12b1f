"""The stock's pages: how many cards are where, deliveries, and one card."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import deliveries, stock
from onboarding.cards.acts import Act
from onboarding.cards.confirming import Facts, Question, act_id, ask
from onboarding.cards.deliveries import Expected
from onboarding.cards.models import Card, Delivery, Move, Spot
from onboarding.cards.noting import just_recorded, recorded
from onboarding.cards.numbers import masked
from onboarding.cards.opening import may_open
from onboarding.cards.refusals import Refused
from onboarding.cards.returns import set_aside
from onboarding.cards.stock_forms import AsideForm, DeliveryForm, ways_from
from onboarding.cards.stock_rows import as_errors, rows_to_look_at

CONFLICT = 409
DELIVERIES_SHOWN = 10
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.LIBRARY_DESK)
@never_cache
@require_safe
def stock_page(request: HttpRequest) -> HttpResponse:
    """Say how many cards are where, and what came in last."""
    there = stock.counts()
    newest = Delivery.objects.select_related("by").order_by("-at", "-pk")
    context = {
        "counts": [(spot.label, cards) for spot, cards in there.items()],
        "all": sum(there.values()),
        "deliveries": newest[:DELIVERIES_SHOWN],
        "recorded": just_recorded(request),
    }
    return render(request, "cards/stock.html", context)


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def delivery(request: HttpRequest) -> HttpResponse:
    """Take a delivery in: read it, show what it brings, record it once."""
    form = DeliveryForm(sent(request), request.FILES or None)
    if not form.is_bound or not form.is_valid():
        return _delivery_page(request, form)
    expected = deliveries.look_through(form.text)
    if not expected.listed.rows:
        as_errors(form, expected.listed)
        return _delivery_page(request, form)
    counted: int = form.cleaned_data["counted"]
    question = _delivery_question(request, expected, counted)
    if "act" not in request.POST:
        return ask(request, question)
    if any(name not in request.POST for name, _words in question.ticks):
        return ask(request, question, status=answers.MISTAKEN)
    try:
        stock.deliver(
            act=act_id(request),
            numbers=expected.numbers,
            counted=counted,
            by=person_of(request),
            at=timezone.now(),
            meant_for=expected.meant_for,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _delivery_page(request, form, status=CONFLICT)
    return recorded(request, reverse("cards:stock"))


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def one_card(request: HttpRequest, key: int) -> HttpResponse:
    """Show where a card is and was; put it aside, or take it back into the stock."""
    card = get_object_or_404(Card, pk=key)
    last = stock.newest(card)
    if last is None:
        raise Http404
    form = AsideForm(sent(request), last=last) if ways_from(last) else None
    if "act" in request.POST:
        return _put_aside(request, card, last)
    if form is None or not form.is_bound or not form.is_valid():
        status = answers.MISTAKEN if form is not None and form.errors else 200
        return _card_page(request, last, form, status=status)
    question = Question(
        facts=[
            (_("Card"), masked(card.number)),
            (_("Where it is"), str(Spot(last.target).label)),
            (_("Where it goes"), str(form.spot.label)),
            (_("Reason"), str(form.cause.label)),
        ],
        url=request.path,
        back=request.path,
        label=_("Record it"),
        sends={"to": form.spot.value, "why": form.cause.value},
    )
    return ask(request, question)


def _put_aside(request: HttpRequest, card: Card, last: Move) -> HttpResponse:
    by = person_of(request)
    act = Act(id=act_id(request), person=by, by=by, at=timezone.now())
    before = card.moves.filter(act=act.id).first()
    if before is None:
        form = AsideForm(sent(request), last=last) if ways_from(last) else None
        if form is None or not form.is_valid():
            refused = _("Somebody else has just recorded this card. Please look again.")
            return _card_page(request, last, form, status=CONFLICT, refused=refused)
        try:
            set_aside(act=act, card=card, to=form.spot, reason=form.cause)
        except Refused as refused:
            now = stock.newest(card) or last
            again = AsideForm(None, last=now) if ways_from(now) else None
            return _card_page(request, now, again, status=CONFLICT, refused=refused)
    return recorded(request, reverse("cards:one_card", args=[card.pk]))


def _card_page(
    request: HttpRequest,
    last: Move,
    form: AsideForm | None,
    *,
    status: int = 200,
    refused: object = "",
) -> HttpResponse:
    moves = Move.objects.filter(card=last.card_id).order_by("-number")
    context = {
        "card": masked(last.card.number),
        "last": last,
        "at": {spot.name: last.target == spot for spot in Spot},
        "moves": [
            (one, one.person is not None and may_open(request, one.person))
            for one in moves.select_related("by", "group", "person")
        ],
        "form": form,
        "refused": str(refused),
        "recorded": just_recorded(request),
    }
    return render(request, "cards/one_card.html", context, status=status)


def _delivery_page(
    request: HttpRequest, form: DeliveryForm, *, status: int = answers.MISTAKEN
) -> HttpResponse:
    context = {
        "title": _("A new delivery"),
        "lead": _("Nothing is recorded yet: the next page shows what came."),
        "form": form,
        "label": _("Show what came"),
        "back": reverse("cards:stock"),
        "back_label": _("Stock"),
    }
    shown = status if form.errors else 200
    return render(request, "cards/fill_in.html", context, status=shown)


def _doubts(expected: Expected, counted: int) -> tuple[list[str], Facts]:
    """Give what does not fit, and what has to be ticked before it is recorded."""
    heed, ticks, there = [], [], len(expected.listed.rows)
    if counted != there:
        numbers = {"counted": counted, "there": there}
        heed.append(
            _("You counted %(counted)s cards, but the list names %(there)s.") % numbers
        )
        ticks.append(("different", _("We have looked, and the difference stands.")))
    if expected.listed.doubtful:
        ticks.append(("compared", _("The doubtful numbers stand on the cards so.")))
    return heed, ticks


def _delivery_question(
    request: HttpRequest, expected: Expected, counted: int
) -> Question:
    listed = expected.listed
    heed, ticks = _doubts(expected, counted)
    return Question(
        facts=[
            (_("New"), str(expected.new)),
            (_("Known already, left where they are"), str(len(expected.known))),
            (_("Twice in the list"), str(len(listed.doubled))),
            (_("Refused lines"), str(len(listed.faults))),
            (_("Doubtful check digit"), str(len(listed.doubtful))),
            (_("Cards counted by hand"), str(counted)),
        ],
        url=request.path,
        back=request.path,
        label=_("Take the cards in"),
        sends={"numbers": listed.text(), "counted": str(counted)},
        heed=heed,
        caption=_("Lines to look at"),
        head=(_("Line"), _("Number"), _("What about it")),
        rows=rows_to_look_at(listed, expected.known),
        ticks=ticks,
    )
