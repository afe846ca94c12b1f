"""Nothing of a person is shown or changed at the help desk that the journal lacks."""

import pytest
from django.test import Client

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague, a_first_year, a_student
from tests.house.addresses import ADDRESSES, HELP_DESK, Address
from tests.onboarding.helpdesk.conftest import proved

pytestmark = pytest.mark.django_db

# Whatever begins like this is about one person.
RECORD = "/help-desk/1/"
RECORDS = {
    name: address
    for name, address in ADDRESSES.items()
    if address.path.startswith(RECORD) and address.roles == HELP_DESK
}
ASKS_WHY = "helpdesk:reason"
# Nothing that a page of the record shows to anybody: days of birth, whole card numbers.
BORN = ("2006-02-27", "27. Februar 2006", "27 February 2006")


@pytest.fixture
def agent(slapd: Slapd) -> Client:
    return at_the_desk(slapd, "helpdesk")


def at_the_desk(slapd: Slapd, account: str) -> Client:
    staff.seat(slapd)
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_colleague(account_name=account))
    proved(client)
    return client


def knocks(client: Client, address: Address, person: Person) -> set[tuple[int, str]]:
    path = address.path.replace(RECORD, f"/help-desk/{person.pk}/")
    answers = [client.post(path)]
    if not address.act:
        answers.append(client.get(path))
    return {(one.status_code, one.headers.get("Location", "")) for one in answers}


def test_every_address_of_a_record_asks_why_before_anything_else(agent: Client) -> None:
    cem = a_first_year()
    led = {(302, f"/help-desk/{cem.pk}/reason/")}
    # What takes no POST at all says so before it looks who knocks.
    open_without = {
        name: answers
        for name, address in RECORDS.items()
        if name != ASKS_WHY
        and (answers := knocks(agent, address, cem)) - {(405, "")} != led
    }

    assert open_without == {}
    assert not Event.objects.filter(whom=cem).exists()


def test_a_blocked_record_opens_nowhere_but_to_the_lead(
    agent: Client, slapd: Slapd
) -> None:
    hidden = a_student(family_name="Verborgen", confidential=True)
    shut = {name: knocks(agent, address, hidden) for name, address in RECORDS.items()}
    lead = at_the_desk(slapd, "helpdesk-lead")
    asked = lead.get(f"/help-desk/{hidden.pk}/reason/")

    assert {name: one for name, one in shut.items() if one != {(403, "")}} == {}
    assert asked.status_code == 200


def test_a_reason_opens_a_record_to_whoever_gave_it_alone(
    agent: Client, slapd: Slapd
) -> None:
    cem = a_first_year()
    agent.post(f"/help-desk/{cem.pk}/reason/", {"reason": "phone"})
    other = at_the_desk(slapd, "helpdesk-lead")

    assert agent.get(f"/help-desk/{cem.pk}/").status_code == 200
    assert other.get(f"/help-desk/{cem.pk}/").status_code == 302
    (look,) = Event.objects.filter(whom=cem)
    assert (look.what, look.why) == ("record_looked_at", "phone")


def test_no_page_of_a_record_says_when_somebody_was_born(agent: Client) -> None:
    cem = a_first_year()
    agent.post(f"/help-desk/{cem.pk}/reason/", {"reason": "counter"})
    told = {}
    for name, address in RECORDS.items():
        if address.act:
            continue
        path = address.path.replace(RECORD, f"/help-desk/{cem.pk}/")
        page = agent.get(path, follow=True).content.decode()
        told[name] = [day for day in BORN if day in page]

    assert {name: days for name, days in told.items() if days} == {}
