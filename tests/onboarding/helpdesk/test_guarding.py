"""Records that others may be curious about: for the lead, and not for the family."""

import pytest
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people import lifecycle
from accounts.people.models import Person
from onboarding.helpdesk.guarding import is_guarded, perhaps_family
from tests.cast import a_student
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import find, opens, text

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

WHY = {"reason": "counter"}


def guards(desk: Desk, lead: Person, person: Person, on: str = "yes") -> str:
    client = desk(lead)
    opens(client, person)
    path = f"/help-desk/{person.pk}/guard/"
    return text(client.post(path, {"guarded": on}, follow=True))


def test_a_guarded_record_opens_to_the_lead_alone(
    desk: Desk, tarek: Person, solveig: Person, cem: Person
) -> None:
    opens(desk(tarek), cem)

    said = guards(desk, solveig, cem)
    shut = desk(tarek).get(f"/help-desk/{cem.pk}/")

    assert "Only the lead opens this record now." in said
    assert shut.status_code == 403
    assert "whom the lead guards" in text(shut)
    assert opens(desk(solveig), cem).status_code == 200


def test_the_lead_lets_all_agents_in_again(
    desk: Desk, tarek: Person, solveig: Person, cem: Person
) -> None:
    guards(desk, solveig, cem)
    guards(desk, solveig, cem)
    said = guards(desk, solveig, cem, on="no")

    assert "All agents may open this record again." in said
    assert opens(desk(tarek), cem).status_code == 200
    acts = Event.objects.filter(whom=cem, what__contains="guarded").order_by("pk")
    assert [one.what for one in acts] == ["record_guarded", "record_unguarded"]


def test_an_agent_is_not_offered_the_guard_and_cannot_press_it(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    client = desk(tarek)

    assert "Guard the record" not in text(opens(client, cem))
    path = f"/help-desk/{cem.pk}/guard/"
    assert client.post(path, {"guarded": "yes"}).status_code == 403
    assert not is_guarded(cem)


def test_a_guard_comes_along_from_a_merged_account(
    desk: Desk, solveig: Person, cem: Person
) -> None:
    stays = a_student(family_name="Ander")
    guards(desk, solveig, cem)

    lifecycle.close(person=cem.pk, into=stays.pk)

    assert is_guarded(stays)


def test_whoever_has_a_name_of_the_family_is_asked(desk: Desk, tarek: Person) -> None:
    aydin = a_student(given_names="Elif", family_name="AYDIN-Vogt")
    client = desk(tarek)

    page = find(client, aydin.account_name)
    asked = client.get(f"/help-desk/{aydin.pk}/reason/")
    refused = client.post(f"/help-desk/{aydin.pk}/reason/", WHY)
    looked = Event.objects.filter(whom=aydin, what="record_looked_at")

    assert page.status_code == 302
    assert "nobody of my family" in text(asked)
    assert refused.status_code == 422
    assert "Leave the record of family and friends to a colleague." in text(refused)
    assert not looked.exists()
    assert opens(client, aydin, no_family="on").status_code == 200
    assert looked.get().facts == {"no_family": True}


def test_nobody_else_is_asked(desk: Desk, tarek: Person, cem: Person) -> None:
    page = desk(tarek).get(f"/help-desk/{cem.pk}/reason/")

    assert "nobody of my family" not in text(page)
    assert not perhaps_family(cem, tarek)
    assert not perhaps_family(a_student(family_name=""), tarek)


def test_what_is_not_looked_at_any_more_stays_guarded(
    desk: Desk, solveig: Person, cem: Person
) -> None:
    guards(desk, solveig, cem)
    Event.objects.create(at=timezone.now(), what="record_looked_at", whom=cem)

    assert is_guarded(cem)
