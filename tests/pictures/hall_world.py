"""A day in the hall as the coordinator sees it: phones, and what waits."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.cards import boxes, cash
from onboarding.cards.acts import Act
from onboarding.handout import closing, phones, turns
from onboarding.handout.models import Phone
from onboarding.handout.receiving import Sent, receive
from tests.cast import a_colleague
from tests.onboarding.handout.hall import Hall, make_hall

GROUP = 7


def hall_world() -> tuple[Mapping[str, Person], Mapping[str, str]]:
    """Give who has a session, and what addresses are made of."""
    coordinator = a_colleague(
        account_name="coordinator", given_names="Pia", family_name="Łukasik"
    )
    hall = make_hall(number=GROUP, students=4, cards=6, first_serial=70_000)
    now, today = timezone.now(), timezone.localdate()
    turns.lend(
        group=hall.group,
        account="tutor03",
        days=(today, today + timedelta(days=2)),
        by=coordinator,
        at=now,
    )
    here, lost = (_phone(hall, minutes) for minutes in (0, 45))
    _says(hall, here, 0, 0)
    # Somebody else was first; and a phone that was shut out says something, too.
    _says(hall, here, 0, 1)
    phones.shut_out(key=lost.pk, by=coordinator, at=now)
    _says(hall, Phone.objects.get(pk=lost.pk), 1, 2)
    people = {"coordinator": coordinator}
    till = _till(hall)
    _back(coordinator)
    return people, {"hall_key": str(hall.students[0].pk), "hall_till": str(till)}


def _till(hall: Hall) -> UUID:
    now, key = timezone.now(), uuid4()
    cash.open_shift(key=key, by=hall.tutor, float_cents=2000, at=now)
    return key


def _back(coordinator: Person) -> None:
    """Bring a box back to the library that lacks a card; another is on its way."""
    back = make_hall(
        number=8, students=2, cards=3, tutor="tutor02", first_serial=71_000
    )
    way = make_hall(number=9, students=9, tutor="tutor03", first_serial=72_000)
    now = timezone.now()
    for one in (back, way):
        closing.give_back(
            act=uuid4(), group=one.group, counted=3, by=coordinator, at=now
        )
    act = Act(id=uuid4(), person=back.tutor, by=back.tutor, at=now)
    boxes.take_back(
        act=act, group=back.group, found=back.numbers[1:], missing_are_lost=True
    )


def _phone(hall: Hall, minutes: int) -> Phone:
    word = phones.Word(device="Android", waiting=minutes // 10)
    heard = timezone.now() - timedelta(minutes=minutes)
    return phones.enrol(key=uuid4(), person=hall.tutor, word=word, at=heard)


def _says(hall: Hall, phone: Phone, student: int, card: int) -> UUID:
    now = timezone.now()
    body = {
        "kind": "hand_out",
        "group": hall.group.number,
        "at": now.isoformat(),
        "handle": hall.handle(student),
        "number": hall.numbers[card],
        "deposit": "open",
    }
    sent = Sent(
        id=uuid4(),
        phone=phone,
        by=hall.tutor,
        roles=frozenset({Role.TUTOR}),
        body=body,
        noted_at=now,
    )
    receive(sent)
    return sent.id
