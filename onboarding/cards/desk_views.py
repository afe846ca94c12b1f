"""The library's desk: find a student, look, record a card and a deposit."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.journal.looks import note_look
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.people.search import Hits
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards.acts import Act
from onboarding.cards.amounts import euros
from onboarding.cards.confirming import act_id
from onboarding.cards.deeds import DEEDS
from onboarding.cards.deposits import Settlement, settle
from onboarding.cards.desk import Look, look_at
from onboarding.cards.finding import card_meant, find, name_meant
from onboarding.cards.forms import FindForm, HandOutForm, SettleForm
from onboarding.cards.handout import card_numbers_of, foresee, hand_out
from onboarding.cards.noting import just_recorded, recorded
from onboarding.cards.numbers import masked
from onboarding.cards.opening import note_typed, opened
from onboarding.cards.refusals import Refused
from onboarding.cards.route import Route

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def desk(request: HttpRequest) -> HttpResponse:
    """Find a student; what is typed stands in no address, so in no log."""
    form = FindForm(sent(request))
    hits, number = None, ""
    if form.is_bound and form.is_valid():
        hits = find(form.cleaned_data["who"])
        if len(hits.people) == 1:
            # Whom disclosure is blocked for is found by nothing less than all of it.
            note_typed(request, hits.people[0])
            return redirect("cards:desk_person", hits.people[0].pk)
        number, card = card_meant(form.cleaned_data["who"])
        if card is not None:
            return redirect("cards:one_card", card.pk)
    status = answers.MISTAKEN if form.errors else 200
    context = {
        "form": form,
        "hits": hits,
        "rows": _rows(hits, request),
        "number": number,
    }
    return render(request, "cards/desk.html", context, status=status)


@staff(Role.LIBRARY_DESK)
@never_cache
@_FORM
def desk_person(request: HttpRequest, key: int) -> HttpResponse:
    """Show one student; what is to be recorded is shown once more before it is."""
    look = _look(request, key)
    note_look(whom=key, by=look.by.pk, at=timezone.now(), place="desk")
    form = _form(look, request)
    if form is not None and form.is_bound and form.is_valid():
        _foresee(look, form)
    if form is not None and form.is_bound and form.is_valid():
        return _confirm(request, look, form)
    status = answers.MISTAKEN if form is not None and form.errors else 200
    return _person(request, look, form, status=status)


@staff(Role.LIBRARY_DESK)
@never_cache
@require_POST
def record(request: HttpRequest, key: int) -> HttpResponse:
    """Record what was confirmed: once, however often the button is pressed."""
    look = _look(request, key)
    act = Act(
        id=act_id(request),
        person=look.person,
        by=person_of(request),
        at=timezone.now(),
    )
    try:
        if "card_number" in request.POST:
            _hand_out(request, act, look)
        else:
            _settle(request, act, look)
    except Refused as refused:
        # Somebody else may have been first: the page is made anew.
        now = _look(request, key)
        form = _form(now, None)
        return _person(request, now, form, status=CONFLICT, refused=str(refused))
    return recorded(request, reverse("cards:desk_person", args=[key]))


def _foresee(look: Look, form: SettleForm) -> None:
    """Say at the field, before anything is confirmed, why a card cannot be given."""
    if not isinstance(form, HandOutForm):
        return
    act = Act(id=uuid4(), person=look.person, by=look.by, at=timezone.now())
    try:
        foresee(act=act, number=form.card.number)
    except Refused as refused:
        form.add_error("card_number", str(refused))


def _hand_out(request: HttpRequest, act: Act, look: Look) -> None:
    form = HandOutForm(_confirmed(request), cents=look.cents)
    if not form.is_valid():
        raise Http404
    hand_out(act=act, number=form.card.number, how=form.how, reason=form.because)


def _settle(request: HttpRequest, act: Act, look: Look) -> None:
    form = SettleForm(_confirmed(request), cents=look.cents)
    if not form.is_valid():
        raise Http404
    settle(act=act, how=form.how, reason=form.because)


def _confirmed(request: HttpRequest) -> dict[str, str]:
    """Give what the confirming page sent; where nothing is due, it stays so."""
    said = {name: str(value) for name, value in request.POST.items()}
    return {"deposit": Settlement.OPEN.value, "reason": "", **said}


def _confirm(request: HttpRequest, look: Look, form: SettleForm) -> HttpResponse:
    card = form.card if isinstance(form, HandOutForm) else None
    context = {
        "look": look,
        "act": uuid4(),
        "card": card,
        "how": form.how,
        "ways": {one.name: one for one in Settlement},
        "reason": form.because or "",
        "reason_words": form.because.label if form.because else "",
        "amount": euros(look.cents),
        "due": bool(look.cents),
    }
    return render(request, "cards/confirm.html", context)


def _person(
    request: HttpRequest,
    look: Look,
    form: SettleForm | None,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    said = just_recorded(request)
    if form is not None and "card_number" in form.fields and not said:
        # The scanner types at once; what was recorded is read first.
        form.fields["card_number"].widget.attrs["autofocus"] = True
    context = {
        "look": look,
        "form": form,
        "card": masked(look.standing.number),
        "owed": euros(max(look.standing.owed, 0)),
        "tutor": look.way.route is Route.TUTOR,
        "refused": refused,
        "recorded": said,
        "payable": euros(look.payable) if look.payable else "",
        "deeds": _offered(look),
    }
    return render(request, "cards/desk_person.html", context, status=status)


def _offered(look: Look) -> list[tuple[str, object, str]]:
    """Give what else can be recorded; the first is the main thing if no form is."""
    if look.own:
        return []
    names = [name for name, deed in DEEDS.items() if deed.offered(look)]
    main = names[0] if names and look.form is None else ""
    return [
        (name, DEEDS[name].title, "primary" if name == main else "secondary")
        for name in names
    ]


def _look(request: HttpRequest, key: int) -> Look:
    return look_at(opened(request, key), by=person_of(request))


def _form(look: Look, request: HttpRequest | None) -> SettleForm | None:
    if look.form is None:
        return None
    said = sent(request) if request is not None else None
    return look.form(said, cents=look.cents)


def _rows(hits: Hits | None, request: HttpRequest) -> list[tuple[Person, str, str]]:
    typed = request.POST.get("who", "")
    people = hits.people if hits else ()
    numbers = card_numbers_of([one.pk for one in people])
    return [
        (one, name_meant(one, typed), masked(numbers.get(one.pk, ""))) for one in people
    ]
