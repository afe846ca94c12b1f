"""Students at every point of the card strand, and the colleague at the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.catalogue.cohort import cohort_code_of
from accounts.people.models import Person
from onboarding.applications.models import LibraryRegistration, SavedPage
from onboarding.cards import cash, stock, wishes
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement, keep_surplus
from onboarding.cards.handout import hand_out
from onboarding.cards.models import (
    Card,
    Direction,
    Reason,
    Shift,
    Side,
    Spot,
    Why,
    Wish,
)
from onboarding.cards.returns import set_aside
from onboarding.enrolment.models import Cohort, Enrolment, GroupPlace, TutorGroup
from tests.cast import a_colleague
from tests.pictures.arrived_world import a_number, directory_knows

Active = Callable[..., Person]
ANSWERS: dict[str, dict[str, str]] = {
    "name": {"chosen_name": "Cem"},
    "address": {
        "street": "Am Sande 1",
        "address_extra": "bei Hohenstein-Wolkenburg",
        "zip": "21335",
        "city": "Lüneburg",
        "country": "Deutschland",
    },
    "contact": {"email": "cem@mail.example", "phone": "+49 4131 000-0"},
    "terms": {},
}


@dataclass(frozen=True)
class LibraryWorld:
    """Who has a session, and what addresses are made of."""

    people: Mapping[str, Person]
    values: Mapping[str, str]


def library_world(active: Active) -> LibraryWorld:
    """Give them by how far they are; ``active`` makes an activated student."""
    desk = a_colleague(
        account_name="librarydesk", given_names="Mirjam", family_name="Okonkwo"
    )
    begun = _saved(active(birth_date="2010-01-01"), "name")
    filled = _saved(active(), *ANSWERS)
    sent = registered(active(birth_date="2010"))
    correcting = _saved(registered(active()), "address")
    tutor = _in_a_group(active(), 41)
    earlier = _in_a_group(active(), 42)
    wishes.say(person=earlier, wish=Wish.EARLIER, at=timezone.now())
    owing, waived = active(given_names="Owen"), active(given_names="Wanda")
    _give(owing, desk, 1, Settlement.OPEN)
    _give(waived, desk, 2, Settlement.WAIVED)
    paid = registered(active(given_names="Paula", confidential=True))
    _give(paid, desk, 3, Settlement.PAID)
    surplus = active(given_names="Petra")
    box = _stock(desk, TutorGroup.objects.get(number=41))
    tills = _tills(desk, surplus)
    finance = a_colleague(
        account_name="finance", given_names="Jörg", family_name="Wessel"
    )
    people = {
        "library-begun": begun,
        "library-filled": filled,
        "library-sent": sent,
        "library-correcting": correcting,
        "card-tutor": tutor,
        "card-earlier": earlier,
        "card-owing": owing,
        "card-waived": waived,
        "card-paid": paid,
        "card-surplus": surplus,
        "librarydesk": desk,
        "finance": finance,
    }
    keys = {name.replace("-", "_"): str(one.pk) for name, one in people.items()}
    return LibraryWorld(
        people, {f"{name}_key": key for name, key in (keys | box | tills).items()}
    )


def _stock(desk: Person, group: TutorGroup) -> dict[str, str]:
    """Give cards at every spot, and a box whose two counts differ."""
    now = timezone.now()
    numbers = [a_number(serial) for serial in range(100, 120)]
    stock.deliver(act=uuid4(), numbers=numbers, counted=20, by=desk, at=now)
    cards = list(Card.objects.filter(number__in=numbers).order_by("number"))
    stock.allot(act=uuid4(), group=group, cards=cards[:6], by=desk, at=now)
    stock.sign(
        act=uuid4(),
        group=group,
        way=Direction.OUT,
        side=Side.TAKEN,
        counted=5,
        by=desk,
        at=now,
    )
    act = Act(id=uuid4(), person=desk, by=desk, at=now)
    set_aside(act=act, card=cards[19], to=Spot.LOST, reason=Why.MISSING)
    there = {"box": group, "stocked": cards[10], "boxed": cards[0], "lost": cards[19]}
    return {name: str(one.pk) for name, one in there.items()}


def _tills(desk: Person, person: Person) -> dict[str, str]:
    """Give a closed till with a difference, and one that is open."""
    counted = Shift.objects.get()
    now = timezone.now()
    cash.count(key=counted.key, act=uuid4(), counted_cents=950, by=desk, at=now)
    _give(person, desk, 4, Settlement.PAID)
    keep_surplus(act=Act(id=uuid4(), person=person, by=desk, at=now), cents=1000)
    return {"till": str(counted.pk)}


def _saved(person: Person, *sections: str) -> Person:
    now = timezone.now()
    for key in sections:
        values = {**ANSWERS[key], **({"agree": True} if key == "terms" else {})}
        SavedPage.objects.create(
            person=person, section=key, values=values, saved_at=now
        )
    return person


def registered(person: Person) -> Person:
    fields = {"family_name": person.family_name, "given_names": person.given_names}
    for values in ANSWERS.values():
        fields |= values
    LibraryRegistration.objects.create(
        person=person,
        version=1,
        reference=f"ACDE-{person.pk:04}",
        submitted_at=timezone.now(),
        fields=[list(pair) for pair in fields.items()],
        terms_version="2026-09-01",
    )
    return person


def _in_a_group(person: Person, number: int) -> Person:
    today = timezone.localdate()
    Enrolment.objects.filter(person=person).update(study_start=today)
    Cohort.objects.update_or_create(
        code=cohort_code_of(today),
        defaults={
            "opening_from": today - timedelta(days=1),
            "opening_until": today + timedelta(days=3),
            "desk_hours_de": "Montag bis Freitag 9 bis 18 Uhr",
            "desk_hours_en": "Monday to Friday, 9:00 to 18:00",
        },
    )
    group = TutorGroup.objects.create(
        number=number,
        meeting_point="Central building, foyer, table 1",
        meets_at=timezone.now() + timedelta(days=1),
    )
    GroupPlace.objects.create(person=person, group=group)
    return person


def _give(person: Person, by: Person, serial: int, how: Settlement) -> None:
    act = Act(id=uuid4(), person=person, by=by, at=timezone.now())
    hand_out(act=act, number=a_number(serial), how=how, reason=Reason.HARDSHIP)
    directory_knows(person, at=act.at)
