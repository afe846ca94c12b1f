"""Fifty phones at the same instant, through the real web server: one wins."""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from onboarding.cards.ledger import balance
from onboarding.cards.models import Account, Holding, LedgerEntry, Move
from onboarding.demo import staff
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.slapd import Slapd
from onboarding.handout.models import Phone, PhoneAct
from tests.onboarding.handout.hall import Hall, make_hall
from tests.services.portal import Portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

FIFTY = 50
TOKEN = "t" * 32
Said = dict[str, Any]


@pytest.fixture
def hall(portal: Portal, slapd: Slapd) -> Hall:
    cache.clear()
    staff.seat(slapd)
    return make_hall(students=FIFTY, cards=FIFTY)


def hands_out(hall: Hall, place: int, card: int, phone: Phone) -> Said:
    now = timezone.now().isoformat()
    return {
        "kind": "hand_out",
        "group": hall.group.number,
        "at": now,
        "sent_at": now,
        "phone": str(phone.pk),
        "handle": hall.handle(place),
        "number": hall.numbers[card],
        "deposit": "open",
    }


def some_phones(hall: Hall) -> list[Phone]:
    now = timezone.now()
    return Phone.objects.bulk_create(
        Phone(id=uuid4(), person=hall.tutor, enrolled_at=now, heard_at=now)
        for _ in range(FIFTY)
    )


def at_once(
    portal: Portal, hall: Hall, acts: Sequence[tuple[str, Said]]
) -> "Counter[tuple[int, str]]":
    """Send all acts at the same instant; give status and outcome of the answers."""
    client = Client()
    client.force_login(hall.tutor)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{names[0]}={session}; {names[1]}={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    ready = Barrier(len(acts), timeout=60)

    def send(act: tuple[str, Said]) -> tuple[int, str]:
        line = HTTPConnection(LOOPBACK, portal.port, timeout=60)
        line.connect()
        ready.wait()
        try:
            line.request("PUT", f"/handout/acts/{act[0]}", json.dumps(act[1]), headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())["outcome"]
        finally:
            line.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(send, acts))


def test_of_fifty_phones_with_one_card_one_hands_it_out(
    portal: Portal, hall: Hall
) -> None:
    acts = [
        (str(uuid4()), hands_out(hall, place, 0, phone))
        for place, phone in enumerate(some_phones(hall))
    ]

    told = at_once(portal, hall, acts)

    assert told[201, "done"] == 1
    # Who looked first is told that it is taken, who came in between that it moved.
    assert told.keys() <= {
        (201, "done"),
        (422, "card_taken"),
        (422, "card_moved"),
        (422, "not_in_box"),
    }
    assert (told.total(), PhoneAct.objects.count()) == (FIFTY, FIFTY)
    assert Holding.objects.count() == 1
    assert Move.objects.filter(target="person").count() == 1
    assert LedgerEntry.objects.count() == 1
    assert balance(Account.OPEN) == 1000


def test_of_fifty_cards_for_one_student_one_is_handed_out(
    portal: Portal, hall: Hall
) -> None:
    acts = [
        (str(uuid4()), hands_out(hall, 0, card, phone))
        for card, phone in enumerate(some_phones(hall))
    ]

    told = at_once(portal, hall, acts)

    assert told == {(201, "done"): 1, (422, "already_has_card"): FIFTY - 1}
    assert Holding.objects.count() == 1
    assert LedgerEntry.objects.count() == 1


def test_an_act_that_comes_fifty_times_at_once_is_done_once(
    portal: Portal, hall: Hall
) -> None:
    phone = some_phones(hall)[0]
    act = (str(uuid4()), hands_out(hall, 0, 0, phone))

    told = at_once(portal, hall, [act] * FIFTY)

    assert told == {(201, "done"): 1, (200, "done"): FIFTY - 1}
    assert PhoneAct.objects.count() == 1
    assert Move.objects.filter(target="person").count() == 1
