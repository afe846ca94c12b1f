"""The desk's pages for a card that is out: filled in, confirmed, recorded once."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.journal.looks import note_look
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards.acts import Act
from onboarding.cards.confirming import Question, act_id, ask
from onboarding.cards.deeds import DEEDS, Deed
from onboarding.cards.desk import Look, look_at
from onboarding.cards.desk_forms import DeedForm, ReplaceForm
from onboarding.cards.handout import foresee_card
from onboarding.cards.noting import recorded
from onboarding.cards.numbers import masked
from onboarding.cards.opening import opened
from onboarding.cards.refusals import Refused

CONFLICT = 409


@staff(Role.LIBRARY_DESK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def deed(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """Ask what is to be recorded, show it once more, and record it."""
    doing, look = DEEDS.get(name), _look(request, key)
    if doing is None:
        raise Http404
    note_look(whom=key, by=look.by.pk, at=timezone.now(), place="desk")
    form = doing.form(sent(request), look=look)
    if "act" not in request.POST and form.is_bound and form.is_valid():
        _foresee(form)
    if not form.is_bound or not form.is_valid():
        status = answers.MISTAKEN if form.errors else 200
        return _page(request, doing, form, status=status)
    if "act" not in request.POST:
        return _confirm(request, doing, form)
    act = Act(
        id=act_id(request), person=look.person, by=person_of(request), at=timezone.now()
    )
    try:
        doing.carry_out(act, form)
    except Refused as refused:
        now = _look(request, key)
        return _page(
            request,
            doing,
            doing.form(None, look=now),
            status=CONFLICT,
            refused=str(refused),
        )
    return recorded(request, reverse("cards:desk_person", args=[key]))


def _foresee(form: DeedForm) -> None:
    """Say at the field, before anything is confirmed, why a card cannot be given."""
    if not isinstance(form, ReplaceForm):
        return
    look = form.look
    act = Act(id=uuid4(), person=look.person, by=look.by, at=timezone.now())
    try:
        foresee_card(act=act, number=form.card.number)
    except Refused as refused:
        form.add_error("card_number", str(refused))


def _confirm(request: HttpRequest, doing: Deed[Any], form: DeedForm) -> HttpResponse:
    person = form.look.person
    heed = [str(doing.told)] if doing.told else []
    if isinstance(form, ReplaceForm) and form.card.doubtful:
        heed.append(
            _(
                "The last digit of the number does not fit the others: usually one"
                " digit is wrong. Compare it with the card."
            )
        )
    who = f"{person.display_name}, {person.account_name}"
    question = Question(
        facts=[(_("Student"), who), *_on_id(form.look), *doing.facts(form)],
        url=request.path,
        back=request.path,
        label=_("Record it"),
        sends=form.sends(),
        heed=heed,
    )
    return ask(request, question)


def _on_id(look: Look) -> list[tuple[str, str]]:
    return [(_("Name on the ID"), look.name_on_id)] if look.name_on_id else []


def _page(
    request: HttpRequest,
    doing: Deed[Any],
    form: DeedForm,
    *,
    status: int,
    refused: str = "",
) -> HttpResponse:
    context = {
        "look": form.look,
        "deed": doing,
        "form": form,
        "card": masked(form.look.standing.number),
        "possible": doing.offered(form.look) and not form.look.own,
        "refused": refused,
    }
    return render(request, "cards/deed.html", context, status=status)


def _look(request: HttpRequest, key: int) -> Look:
    return look_at(opened(request, key), by=person_of(request))
