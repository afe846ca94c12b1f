"""What the pages of the staff tell of a person: each field only where work needs it."""

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin.models import RecoveryAddress
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague
from tests.house.addresses import ADDRESSES, KEY
from tests.house.test_doors import colleague
from tests.onboarding.handout.hall import Hall, make_hall

pytestmark = pytest.mark.django_db

FACTS = {
    "birth_date": date(1999, 12, 24),
    "matriculation_no": "3177123",
    "private_email": "from.the.export@mail.example",
}
# What each field looks like on a page, whole.
LOOKS = {
    "date of birth": ("1999-12-24", "24 Dec. 1999", "24 December 1999", "24.12.1999"),
    "matriculation number": ("3177123",),
    "address of the export": ("from.the.export@mail.example",),
    "recovery address": ("proved@mail.example",),
}
CARD = "card number"
# The record tells two people apart and says where a code goes; the merge shows more,
# after a press that is written down, and what is handed on goes to its one body.
ON_THE_RECORD = {
    "matriculation number": {"helpdesk:person"},
    "recovery address": {"helpdesk:person"},
}
SHOWN = dict.fromkeys((Role.HELP_DESK, Role.HELP_DESK_LEAD), ON_THE_RECORD)


@pytest.fixture
def hall(slapd: Slapd) -> Hall:
    cache.clear()
    staff.seat(slapd)
    hall = make_hall(students=2)
    ada = hall.students[0]
    Person.objects.filter(pk=ada.pk).update(**FACTS)
    RecoveryAddress.objects.create(
        person=ada, address="proved@mail.example", proved_at=timezone.now()
    )
    by = a_colleague(account_name="librarian")
    act = Act(UUID(KEY), ada, by, timezone.now())
    hand_out(act=act, number=hall.numbers[0], how=Settlement.OPEN, box=hall.group)
    return hall


def about(path: str, hall: Hall) -> str:
    """Put Ada and her group where the table has an example."""
    ada = hall.students[0].pk
    for before in ("/help-desk", "/library", "/handout/board/students"):
        path = path.replace(f"{before}/1/", f"{before}/{ada}/")
    return path.replace("/groups/1/", f"/groups/{hall.group.number}/")


def told(page: str, hall: Hall) -> set[str]:
    looks = {**LOOKS, CARD: (hall.numbers[0],)}
    return {field for field, ways in looks.items() if any(one in page for one in ways)}


@pytest.mark.parametrize("role", Role)
def test_a_field_stands_only_where_work_needs_it(hall: Hall, role: Role) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(hall.tutor if role is Role.TUTOR else colleague(role))
    ada = hall.students[0].pk
    client.post(f"/help-desk/{ada}/reason/", {"reason": "counter"})
    found: defaultdict[str, set[str]] = defaultdict(set)
    opened = set()
    for name, address in ADDRESSES.items():
        if role not in address.roles or address.act:
            continue
        answer = client.get(about(address.path, hall))
        if answer.status_code != 200 or "pdf" in answer.headers["Content-Type"]:
            continue
        opened.add(name)
        page = b"".join(answer).decode()
        for field in told(page, hall):
            found[field].add(name)

    assert opened
    assert found == SHOWN.get(role, {})
