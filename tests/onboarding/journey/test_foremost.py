"""The journey's card: one thing, and never something to press while all is stuck."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.signin import terms
from tests.cast import a_student, enrolled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("slapd")]

CARD = re.compile(r'<section class="next next--(\w+)".*?</section>', re.DOTALL)


def somebody(**sync: Any) -> Client:
    """Give the browser of a student who has activated; their account stands so."""
    person: Person = a_student(activated_at=timezone.now())
    enrolled(person)
    terms.accept(person=person.pk, at=timezone.now())
    far = timezone.now() + timedelta(days=1)
    settled = {"generation": 1, "settled_generation": 1, "settled_at": timezone.now()}
    Sync.objects.create(
        person=person, system=DIRECTORY, **{**settled, **sync}, due_at=far
    )
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def cards(client: Client) -> list[tuple[str, str]]:
    """Give the kind of each card, and what stands on it."""
    page = client.get("/journey/").content.decode()
    return [
        (one[1], re.sub(r"<[^>]+>|\s+", " ", one[0])) for one in CARD.finditer(page)
    ]


def test_what_is_to_do_stands_on_the_card() -> None:
    [(kind, card)] = cards(somebody())

    assert kind == "here"
    assert "Your next step" in card


def test_what_is_being_set_up_is_the_one_thing() -> None:
    [(kind, card)] = cards(somebody(generation=2))

    assert kind == "waiting"
    assert "We are on it" in card
    assert "We are switching on your services" in card
    assert "A way back in" not in card


def test_a_problem_is_the_one_thing_and_names_what_can_be_done() -> None:
    client = somebody(generation=2, failures=1, last_error="!two entries")

    [(kind, card)] = cards(client)

    assert kind == "problem"
    assert "Ask the help desk" in card
    assert "What you can do meanwhile:" in card
    assert "If you like" not in card
    # It is a station still.
    assert "A way back in" in client.get("/journey/").content.decode()
