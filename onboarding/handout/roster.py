"""Today's list for a tutor's phone: who is in the group, and what a card needs.

Of a person it says display name and marks, and nothing else (DECISIONS 24); it dies at
the end of the day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.catalogue.standing import Programme
from accounts.people.models import Person
from onboarding.applications.models import LibraryRegistration
from onboarding.cards import amounts, cash
from onboarding.cards.handles import handle_of
from onboarding.cards.models import (
    Card,
    Kind,
    Move,
    OpenDeposit,
    RouteWish,
    Spot,
    Wish,
)
from onboarding.cards.numbers import Rule, masked
from onboarding.cards.route import route_of
from onboarding.cards.stock import current
from onboarding.enrolment.facts import programmes_of
from onboarding.enrolment.models import Cohort, Enrolment, GroupPlace, TutorGroup
from onboarding.handout.models import PhoneAct, What
from onboarding.handout.outcomes import DONE
from onboarding.handout.turns import groups_of, opening_week

Listed = dict[str, Any]
_WAIVERS = frozenset({Kind.DEPOSIT_WAIVER.value, Kind.FEE_WAIVER.value})


def roster(*, person: Person, at: datetime) -> Listed:
    """Give what a person's phone may know today; as many questions for any group."""
    on = timezone.localdate(at)
    groups = groups_of(person.account_name, at=at)
    rule = Rule.in_force()
    week = opening_week(on)
    return {
        "made_at": at.isoformat(),
        "expires_at": end_of_day(at).isoformat(),
        "day": on.isoformat(),
        "person": {"name": person.display_name},
        "cash": cash.allowed(at=at),
        "deposit_cents": amounts.deposit(on=on) + amounts.library_fee(on=on),
        "rules": {
            "prefix": rule.prefix,
            "lengths": sorted(rule.lengths),
            "check": rule.check.value,
        },
        "groups": _groups(groups, week, at) if groups else [],
        "elsewhere": _elsewhere(week),
    }


def end_of_day(at: datetime) -> datetime:
    """Give the midnight after a time, where the university is."""
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def _elsewhere(week: Cohort | None) -> str:
    hours = week.desk_hours(get_language() or "de") if week else ""
    place = _("Library service desk: %(place)s.") % {
        "place": settings.LIBRARY_DESK_PLACE
    }
    return f"{place} {hours}".strip()


def _groups(
    groups: Sequence[TutorGroup], week: Cohort | None, at: datetime
) -> list[Listed]:
    places = GroupPlace.objects.filter(group__in=groups).select_related("person")
    programmes = programmes_of([place.person_id for place in places])
    on = timezone.localdate(at)
    members: dict[int, list[Person]] = {one.pk: [] for one in groups}
    for place in places:
        # Who left keeps the place in the group, but a tutor has nothing to give.
        if any(one.holds(on) for one in programmes.get(place.person_id, ())):
            members[place.group_id].append(place.person)
    everybody = [person for several in members.values() for person in several]
    facts = _facts(everybody, programmes, week, at)
    boxes = boxes_of(groups)
    return [
        {
            "number": one.number,
            "meets_at": one.meets_at.isoformat() if one.meets_at else None,
            "meeting_point": one.meeting_point,
            "box": boxes.get(one.pk),
            "members": _listed(members[one.pk], facts),
        }
        for one in groups
    ]


def boxes_of(groups: Sequence[TutorGroup]) -> Mapping[int, list[str]]:
    """Give the numbers in each group's box; a group that never had one is left out."""
    had = Move.objects.filter(target=Spot.BOX, group__in=groups)
    boxes: dict[int, list[str]] = {
        group: [] for group in had.order_by().values_list("group", flat=True).distinct()
    }
    lying = current().filter(target=Spot.BOX, group__in=groups).order_by("card__number")
    for group, number in lying.values_list("group", "card__number"):
        boxes[group].append(number)
    return boxes


def _listed(people: Iterable[Person], facts: Mapping[int, Listed]) -> list[Listed]:
    inside = sorted(people, key=lambda one: one.sort_key)
    names = Counter(shown_name(one) for one in inside)
    return [
        {
            "name": shown_name(one),
            # The programme, and only to tell namesakes apart.
            "mark": facts[one.pk]["mark"] if names[shown_name(one)] > 1 else "",
            **{key: said for key, said in facts[one.pk].items() if key != "mark"},
        }
        for one in inside
    ]


def shown_name(person: Person) -> str:
    """Give the display name; where disclosure is blocked, the initials alone."""
    if not person.confidential:
        return person.display_name
    return " ".join(f"{part[0]}." for part in person.display_name.split())


def _facts(
    people: Sequence[Person],
    programmes: Mapping[int, tuple[Programme, ...]],
    week: Cohort | None,
    at: datetime,
) -> dict[int, Listed]:
    on, ids = timezone.localdate(at), [one.pk for one in people]
    cards = dict(
        Card.objects.filter(holding__person__in=ids).values_list(
            "holding__person", "number"
        )
    )
    deposits = _deposits(ids)
    wishes = _wishes(ids)
    declined = _declined(ids)
    registered = set(
        LibraryRegistration.objects.filter(person__in=ids).values_list(
            "person", flat=True
        )
    )
    marks = _marks(ids)
    return {
        one.pk: {
            "handle": handle_of(one, on=on),
            "card": masked(cards.get(one.pk, "")),
            "deposit": deposits.get(one.pk, "none"),
            "route": route_of(
                programmes=programmes.get(one.pk, ()),
                in_a_group=True,
                wish=wishes.get(one.pk, Wish.NONE),
                opening_until=week.last_day if week else None,
                on=on,
            ).value,
            "registered": one.pk in registered,
            "declined": one.pk in declined and one.pk not in cards,
            "mark": marks.get(one.pk, ""),
        }
        for one in people
    }


def _deposits(ids: Sequence[int]) -> dict[int, str]:
    claims = OpenDeposit.objects.filter(person__in=ids)
    return {
        person: "open" if kind is None else "waived" if kind in _WAIVERS else "paid"
        for person, kind in claims.values_list("person", "settlement__kind")
    }


def _wishes(ids: Sequence[int]) -> dict[int, Wish]:
    said = RouteWish.objects.filter(person__in=ids).order_by("at", "pk")
    return {person: Wish(wish) for person, wish in said.values_list("person", "wish")}


def _declined(ids: Sequence[int]) -> set[int]:
    said = PhoneAct.objects.filter(
        person__in=ids, kind=What.DECLINED, outcome=DONE
    ).values_list("person", flat=True)
    return {one for one in said if one is not None}


def _marks(ids: Sequence[int]) -> dict[int, str]:
    rows = Enrolment.objects.filter(person__in=ids).order_by("-pk")
    return dict(rows.values_list("person", "programme"))
