"""Records that others may be curious about: for the lead, and not for the family."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.journal.models import Event
from accounts.people import lifecycle
from accounts.people.models import Person
from onboarding.helpdesk.guarding import is_guarded, perhaps_family
from tests.cast import a_student
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import find, opens, text
from tests.onboarding.helpdesk.test_held_pages import held_back

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
    assert not perhaps_family(cem.family_name, tarek)
    assert not perhaps_family("", tarek)


def test_what_is_not_looked_at_any_more_stays_guarded(
    desk: Desk, solveig: Person, cem: Person
) -> None:
    guards(desk, solveig, cem)
    Event.objects.create(at=timezone.now(), what="record_looked_at", whom=cem)

    assert is_guarded(cem)


def test_a_record_in_the_agents_own_name_is_looked_at_and_nothing_else(
    desk: Desk, tarek: Person
) -> None:
    his = a_student(given_names="TAREK", family_name="Aydin")
    client = desk(tarek)

    asked = client.get(f"/help-desk/{his.pk}/reason/")

    assert "This record is in your name" in text(asked)
    assert opens(client, his).status_code == 200
    assert client.post(f"/help-desk/{his.pk}/unlock/").status_code == 403
    assert client.get(f"/help-desk/{his.pk}/new-password/").status_code == 403


def test_a_merge_shows_no_family_before_it_was_asked_for(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    aydin = a_student(given_names="Elif", family_name="Aydın-Vogt")
    client = desk(tarek)
    opens(client, cem)
    path, second = f"/help-desk/{cem.pk}/merge/", {"other": aydin.account_name}

    refused = client.post(path, second)
    opens(client, aydin, no_family="on")
    seen = client.post(path, second)

    assert refused.status_code == 409
    assert "Elif" not in text(refused)
    assert "Open its record first" in text(refused)
    assert seen.status_code == 200


def test_held_rows_of_family_are_asked_for_as_well(desk: Desk, tarek: Person) -> None:
    held = held_back(family_name="Aydın", birth_date="yesterday")
    client = desk(tarek)
    path = f"/help-desk/held/{held.pk}/reason/"

    refused = client.post(path, WHY)
    opened = client.post(path, {**WHY, "no_family": "on"})

    assert refused.status_code == 422
    assert "Leave the record of family and friends" in text(refused)
    assert opened.status_code == 302
    assert Event.objects.get(what="held_looked_at").facts["no_family"] is True


def test_guards_count_among_the_acts_of_a_day(
    desk: Desk, solveig: Person, cem: Person, settings: Settings
) -> None:
    settings.HELP_DESK_REMEDIES_A_DAY = 1

    guards(desk, solveig, cem)
    said = guards(desk, solveig, cem, on="no")

    assert "that is the most for one agent" in said
    assert is_guarded(cem)


# --- Whom a barrier keeps out ---------------------------------------------------------


def refusals(person: Person | None) -> list[tuple[str, dict[str, int]]]:
    rows = Event.objects.filter(whom=person, what="record_refused").order_by("pk")
    return [(one.who.account_name, one.facts) for one in rows if one.who]


def test_whoever_is_not_let_in_is_written_down_once(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    hidden = a_student(family_name="Verborgen", confidential=True)
    client, path = desk(tarek), f"/help-desk/{hidden.pk}/"

    for page in ("", "reason/", "note/"):
        assert client.get(f"{path}{page}").status_code == 403

    assert refusals(hidden) == [("helpdesk", {})]
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        desk(tarek).get(path)
    assert len(refusals(hidden)) == 2
    assert "wanted to open your record" in text(opens(desk(solveig), hidden))


def test_so_is_who_wanted_to_see_held_rows(desk: Desk, tarek: Person) -> None:
    held = held_back(confidential="1")
    client = desk(tarek)

    for page in ("", "reason/"):
        assert client.get(f"/help-desk/held/{held.pk}/{page}").status_code == 403

    assert refusals(None) == [("helpdesk", {"held": held.pk})]
