"""The student's pages: the way to the card, the card in hand, the deposit."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.catalogue.standing import EXCHANGE
from accounts.people.models import Person
from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.cards import amounts, wishes
from onboarding.cards.handles import as_picture, handle_of
from onboarding.cards.models import Wish
from onboarding.cards.receipts import as_pdf, printed, receipts_of
from onboarding.cards.returns import surplus
from onboarding.cards.route import Route
from onboarding.cards.standing import Standing, standing_of, way_of
from onboarding.enrolment.facts import group_of, programmes_of
from onboarding.enrolment.models import TutorGroup

HALL_LASTS = timedelta(hours=3)


@require_safe
@students
def card(request: HttpRequest) -> HttpResponse:
    """Tell the way to the card; afterwards, show it."""
    person, on = person_of(request), timezone.localdate()
    standing = standing_of(person.pk)
    programmes = programmes_of([person.pk]).get(person.pk, ())
    if standing.has_card:
        leaves = any(one.degree == EXCHANGE and one.holds(on) for one in programmes)
        return _page(request, "card_here", person, standing, on, leaves=leaves)
    group = group_of(person.pk)
    in_a_group = group is not None
    way = way_of(
        programmes=programmes, in_a_group=in_a_group, wish=standing.wish, on=on
    )
    # Who could get it from the tutor may say otherwise, and take that back.
    plain = way_of(programmes=programmes, in_a_group=in_a_group, wish=Wish.NONE, on=on)
    more = {
        "way": way,
        "tutor": way.route is Route.TUTOR,
        "code": as_picture(handle_of(person, on=on)),
        "choice": plain.route is Route.TUTOR,
        "group": group,
        "met": _is_over(group, timezone.now()),
        "hours": way.cohort.desk_hours(get_language() or "de"),
        "wishes": {one.name: one for one in Wish},
    }
    return _page(request, "card_way", person, standing, on, **more)


@require_POST
@students
def wish(request: HttpRequest) -> HttpResponse:
    """Take what the student says about the way, or takes back."""
    said = request.POST.get("wish", "")
    if said not in Wish.values:
        raise Http404
    wishes.say(person=person_of(request), wish=Wish(said), at=timezone.now())
    return redirect("cards:card")


@require_safe
@students
def deposit(request: HttpRequest) -> HttpResponse:
    """Say what the deposit is for, and how it stands."""
    person, on = person_of(request), timezone.localdate()
    standing = standing_of(person.pk)
    too_much = surplus(person.pk)
    more = {
        "receipts": [printed(one) for one in receipts_of(person)],
        "surplus": amounts.euros(too_much) if too_much else "",
    }
    return _page(request, "deposit", person, standing, on, **more)


@require_safe
@students
def receipt(request: HttpRequest, key: int) -> HttpResponse:
    """Give one of the student's own receipts as a PDF."""
    person = person_of(request)
    mine = receipts_of(person).filter(pk=key).first()
    if mine is None:
        raise Http404
    language = person.language or get_language() or "de"
    answer = HttpResponse(
        as_pdf(mine, language=language), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="leuphana-{mine}.pdf"'
    return answer


def _is_over(group: TutorGroup | None, at: datetime) -> bool:
    """Say whether the group's meeting has been; the hall goes on for hours."""
    return bool(group and group.meets_at and at > group.meets_at + HALL_LASTS)


def _page(
    request: HttpRequest,
    name: str,
    person: Person,
    standing: Standing,
    on: date,
    **more: object,
) -> HttpResponse:
    fee = amounts.library_fee(on=on)
    context = {
        "person": person,
        "standing": standing,
        "owed": amounts.euros(max(standing.owed, 0)),
        "price": amounts.euros(amounts.deposit(on=on)),
        "fee": amounts.euros(fee) if fee else "",
        "library": {
            "mail": settings.LIBRARY_DESK_MAIL,
            "place": settings.LIBRARY_DESK_PLACE,
        },
        **more,
    }
    return render(request, f"cards/{name}.html", context)
