"""A hall: a tutor, a group, cards in its box, and what a phone sends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.cards.handles import handle_of
from onboarding.cards.models import Card, Holding
from onboarding.cards.numbers import check_digit
from onboarding.cards.stock import allot, deliver
from onboarding.enrolment.models import Cohort, GroupPlace, TutorGroup
from tests.cast import a_colleague, a_student, enrolled

GROUP = 41
NAMES = (
    ("Ada", "Brandt"),
    ("Bela", "Çelik"),
    ("Cem", "Sondermann"),
    ("Dörte", "Ölmann"),
    ("Elif", "Şahin"),
    ("Finn", "Groß"),
    ("Greta", "Nguyễn"),
    ("Hamid", "Rahimi"),
    ("Ines", "de la Cruz"),
    ("Jonas", "Weiß"),
    ("Kofi", "Mensah"),
    ("Lea", "Freifrau von und zu Hohenstein-Wolkenburg"),
    ("Mika", "Sandberg"),
    ("Noor", ""),
    ("Ole", "Żak"),
)


def a_number(serial: int) -> str:
    digits = f"3110{serial:05}"
    return digits + check_digit(digits)


def open_the_week(*, code: str = "2026ws") -> None:
    today = timezone.localdate()
    Cohort.objects.update_or_create(
        code=code,
        defaults={
            "opening_from": today - timedelta(days=1),
            "opening_until": today + timedelta(days=3),
            "desk_hours_de": "Montag bis Freitag 9 bis 18 Uhr",
            "desk_hours_en": "Monday to Friday, 9:00 to 18:00",
        },
    )


@dataclass
class Hall:
    """One group of Opening Week, as it is on the day."""

    group: TutorGroup
    students: list[Person]
    numbers: list[str]
    tutor: Person

    def handle(self, place: int) -> str:
        return handle_of(self.students[place], on=timezone.localdate())

    def holdings(self) -> dict[str, str]:
        """Give who has which card."""
        held = Holding.objects.filter(person__in=self.students)
        return dict(held.values_list("person__given_names", "card__number"))


def make_hall(
    *,
    number: int = GROUP,
    students: int = 3,
    cards: int = 5,
    tutor: str = "tutor01",
    first_serial: int = 10_000,
    by: Person | None = None,
) -> Hall:
    """Fill a group, and its box with cards that were delivered and signed for."""
    open_the_week()
    group = TutorGroup.objects.create(
        number=number,
        tutor_account=tutor,
        meeting_point="Central building, foyer, table 1",
        meets_at=timezone.now(),
    )
    people = [_student(group, place) for place in range(students)]
    numbers = [a_number(first_serial + place) for place in range(cards)]
    coordinator = by or a_colleague(account_name=f"librarian{number}")
    now = timezone.now() - timedelta(hours=3)
    deliver(act=uuid4(), numbers=numbers, counted=cards, by=coordinator, at=now)
    lying = list(Card.objects.filter(number__in=numbers).order_by("number"))
    if lying:
        allot(act=uuid4(), group=group, cards=lying, by=coordinator, at=now)
    person = Person.objects.filter(account_name=tutor).first()
    return Hall(group, people, numbers, person or a_colleague(account_name=tutor))


def _student(group: TutorGroup, place: int) -> Person:
    given, family = NAMES[place % len(NAMES)]
    person = a_student(
        given_names=given,
        family_name=family,
        activated_at=timezone.now(),
        private_email="secret@mail.example",
    )
    enrolled(person, study_start=timezone.localdate())
    GroupPlace.objects.create(person=person, group=group)
    return person


@dataclass
class PhoneInHand:
    """A phone that is signed in, as the portal knows it: by what it sends."""

    client: Client
    group: int = GROUP
    key: UUID = field(default_factory=uuid4)
    # Added to what the phone's clock says.
    off: timedelta = timedelta()

    def enrols(self) -> int:
        said = {"device": "Android", "waiting": 0, "app": "test"}
        response = self.client.put(
            f"/handout/phones/{self.key}", said, content_type="application/json"
        )
        return int(response.status_code)

    def roster(self) -> Any:
        return self.client.get(f"/handout/roster.json?phone={self.key}")

    def sends(
        self,
        kind: str,
        *,
        id: UUID | None = None,  # noqa: A002
        at: datetime | None = None,
        **body: Any,
    ) -> Any:
        """Send an act that happened at a time by the right clock."""
        now = timezone.now()
        said = {
            "kind": kind,
            "group": self.group,
            "at": ((at or now) + self.off).isoformat(),
            "sent_at": (now + self.off).isoformat(),
            "phone": str(self.key),
            "app": "test",
            **body,
        }
        return self.client.put(
            f"/handout/acts/{id or uuid4()}", said, content_type="application/json"
        )

    def hands_out(self, hall: Hall, place: int, card: int, **more: Any) -> Any:
        said = {"handle": hall.handle(place), "number": hall.numbers[card]}
        return self.sends("hand_out", **{**said, "deposit": "open", **more})


def outcomes(responses: Sequence[Any]) -> list[tuple[int, str]]:
    return [(one.status_code, one.json()["outcome"]) for one in responses]
