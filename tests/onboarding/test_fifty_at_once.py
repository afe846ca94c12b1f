"""The same form sent fifty times at once, through the real web server: one effect."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.mailbox.models import MailAddress
from accounts.mystudy.models import MyStudyAccount
from accounts.people.models import Person
from onboarding.applications.models import LibraryRegistration, SavedPage
from onboarding.cards.deposits import owed
from onboarding.cards.models import LedgerEntry, Move, Receipt
from onboarding.demo import staff
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import binds
from tests.cast import a_colleague
from tests.onboarding.applications.test_registration import complete
from tests.onboarding.cards.conftest import a_number
from tests.services.portal import Portal
from tests.stories.newcomers import an_active_student
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

FIFTY = 50
TOKEN = "t" * 32
NEW = "laterne am kai seit gestern"
CEM = "cem.sondermann@stud.leuphana.example"
Sent = Mapping[str, str]
Post = Callable[[str, Sequence[tuple[Person, Sent]]], "Counter[int]"]


@pytest.fixture
def cem(portal: Portal) -> Person:
    return an_active_student()


@pytest.fixture
def mirjam(portal: Portal, slapd: Slapd) -> Person:
    staff.seat(slapd)
    return a_colleague(account_name="librarydesk")


@pytest.fixture
def post(portal: Portal) -> Post:
    """Give a way to send many forms at the same instant; tells the answers' status."""

    def post(path: str, forms: Sequence[tuple[Person, Sent]]) -> "Counter[int]":
        cookies = {one.pk: _cookies(one) for one in {who for who, _ in forms}}
        ready = Barrier(len(forms), timeout=60)

        def send(form: tuple[Person, Sent]) -> int:
            who, sent = form
            line = HTTPConnection(LOOPBACK, portal.port, timeout=60)
            line.connect()
            ready.wait()
            try:
                return _sent(line, path, sent, cookies[who.pk])
            finally:
                line.close()

        with ThreadPoolExecutor(len(forms)) as threads:
            return Counter(threads.map(send, forms))

    return post


def _sent(line: HTTPConnection, path: str, sent: Sent, cookies: str) -> int:
    body = urlencode({"csrfmiddlewaretoken": TOKEN, **sent})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookies,
    }
    line.request("POST", path, body, headers)
    return line.getresponse().status


def _cookies(person: Person) -> str:
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return (
        f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    )


def proved(person: Person) -> None:
    MailAddress.objects.create(
        person=person, address=CEM, chosen_at=timezone.now(), proved_at=timezone.now()
    )


def acts(person: Person, what: str) -> int:
    return Event.objects.filter(whom=person, what=what).count()


def test_a_registration_is_sent_once(post: Post, cem: Person) -> None:
    complete(cem)

    answers = post("/library-registration/check/", [(cem, {"version": "1"})] * FIFTY)

    assert answers == {302: FIFTY}
    assert LibraryRegistration.objects.count() == 1
    assert acts(cem, "library_registered") == 1
    assert not SavedPage.objects.exists()


def test_an_address_is_chosen_once(post: Post, cem: Person) -> None:
    answers = post("/mail/address/", [(cem, {"address": CEM})] * FIFTY)

    assert answers == {302: FIFTY}
    assert [one.address for one in MailAddress.objects.all()] == [CEM]
    assert acts(cem, "mail_address_chosen") == 1


def test_of_many_who_want_one_address_one_gets_it(post: Post, cem: Person) -> None:
    namesakes = [cem, *(an_active_student() for _ in range(7))]

    answers = post("/mail/address/", [(one, {"address": CEM}) for one in namesakes])

    # The others are offered what is still free.
    assert answers == {302: 1, 422: 7}
    assert [one.address for one in MailAddress.objects.all()] == [CEM]


def test_a_mystudy_account_is_made_once(post: Post, slapd: Slapd, cem: Person) -> None:
    proved(cem)
    form = {"user_name": "cem.s", "new_password": NEW, "password": OWN}

    answers = post("/journey/mystudy/", [(cem, form)] * FIFTY)

    # One try at a password at a time: who would wait too long is told to come again,
    # and who comes when it is made is shown how it stands.
    assert answers[302] >= 1
    assert answers.keys() <= {302, 429, 200}
    assert MyStudyAccount.objects.get().user_name == "cem.s"
    assert acts(cem, "mystudy_account_made") == 1
    assert binds(slapd, f"uid=cem.s,ou=mystudy,{slapd.base}", NEW)


def test_a_card_is_handed_out_once(post: Post, cem: Person, mirjam: Person) -> None:
    number = a_number()
    form = {
        "act": str(uuid4()),
        "card_number": number,
        "deposit": "paid",
        "photo_id": "on",
    }

    answers = post(f"/library/{cem.pk}/record/", [(mirjam, form)] * FIFTY)

    assert answers == {302: FIFTY}
    assert _recorded(cem) == (1, 1, 2, 0)


def test_of_many_desks_one_hands_a_card_out(
    post: Post, cem: Person, mirjam: Person
) -> None:
    forms = [
        {
            "act": str(uuid4()),
            "card_number": a_number(n),
            "deposit": "paid",
            "photo_id": "on",
        }
        for n in range(FIFTY)
    ]

    answers = post(f"/library/{cem.pk}/record/", [(mirjam, one) for one in forms])

    assert answers == {302: 1, 409: FIFTY - 1}
    assert _recorded(cem) == (1, 1, 2, 0)


def _recorded(person: Person) -> tuple[int, int, int, int]:
    """Give hand-outs, receipts, entries of the ledger, and cents that are owed."""
    mine = {"person": person}
    return (
        Move.objects.filter(**mine).count(),
        Receipt.objects.filter(**mine).count(),
        LedgerEntry.objects.filter(**mine).count(),
        owed(person.pk),
    )
