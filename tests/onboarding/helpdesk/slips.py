"""The page for a new initial password: its form, its slip, and what that opens."""

import io
import re
from typing import Any

from django.test import Client
from pypdf import PdfReader

from accounts.directory import gateway, passwords
from accounts.journal.models import Event
from accounts.people.models import Person
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens

IN_PERSON = {
    "check_made": "in_person",
    "document": "passport",
    "cause": "no_letter",
}
VIDEO = {**IN_PERSON, "check_made": "video"}
PRINTED = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def address(person: Person) -> str:
    return f"/help-desk/{person.pk}/new-password/"


def at_the_record(desk: Desk, agent: Person, person: Person) -> Client:
    client = desk(agent)
    opens(client, person)
    return client


def press(client: Client, person: Person, **said: str) -> Any:
    return client.post(address(person), said)


def on_the_slip(answer: Any) -> str:
    """Give the initial password that is printed; fails where there is no slip."""
    assert answer.headers["Content-Type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(answer.content), strict=True).pages
    (printed,) = PRINTED.findall(page.extract_text())
    return str(printed).replace("-", "")


def opens_the_entry(person: Person, secret: str) -> bool:
    return passwords.proves(entry=gateway.person(person.account_name), password=secret)


def acts(person: Person) -> list[str]:
    mine = Event.objects.filter(whom=person).exclude(what="record_looked_at")
    return list(mine.order_by("pk").values_list("what", flat=True))
