"""A matter goes to whoever has to act, with what they need to know; notes stay."""

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.signin import terms
from accounts.signin.credentials import make_initial_password, printed
from onboarding.helpdesk.tickets import address_of
from onboarding.notes.models import Note
from tests.cast import a_colleague, a_student, enrolled
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import opens, text

pytestmark = pytest.mark.django_db


def acts(person: Person, what: str) -> list[tuple[str, dict[str, object]]]:
    rows = Event.objects.filter(whom=person, what=what).order_by("pk")
    return [(one.who.account_name, one.facts) for one in rows if one.who]


def own_history(desk: Desk, person: Person) -> str:
    Person.objects.filter(pk=person.pk).update(activated_at=timezone.now())
    terms.accept(person=person.pk, at=timezone.now())
    return text(desk(person).get("/journey/history/"))


def test_a_note_is_kept_and_its_subject_learns_that_there_is_one(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent, address = desk(tarek), f"/help-desk/{cem.pk}/note/"
    opens(agent, cem)
    said = {"text": "Needs large print.", "readers": "help_desk"}

    asked = text(agent.get(address))
    answer = agent.post(address, said)
    record = text(agent.get(f"/help-desk/{cem.pk}/"))

    assert "the person may read every note on request (GDPR, Article 15)" in asked
    assert answer.headers["Location"] == f"/help-desk/{cem.pk}/?done=noted"
    assert "Needs large print." in record
    assert "read by: help desk only" in record
    assert acts(cem, "note_written") == [("helpdesk", {"readers": "help_desk"})]
    mine = own_history(desk, cem)
    assert "The help desk wrote a note about you." in mine
    assert "large print" not in mine


@pytest.mark.parametrize(("readers", "shown"), [("both", True), ("help_desk", False)])
def test_the_library_desk_reads_what_is_meant_for_it(
    desk: Desk, tarek: Person, cem: Person, readers: str, shown: bool
) -> None:
    agent = desk(tarek)
    opens(agent, cem)
    agent.post(
        f"/help-desk/{cem.pk}/note/", {"text": "Needs large print.", "readers": readers}
    )

    library = desk(a_colleague(account_name="librarydesk"))

    assert ("large print" in text(library.get(f"/library/{cem.pk}/"))) is shown


@pytest.mark.rules
def test_a_note_is_never_changed(cem: Person, tarek: Person) -> None:
    note = Note.objects.create(
        person=cem, by=tarek, at=timezone.now(), text="One.", readers="both"
    )

    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(text="Two.")

    assert Note.objects.get(pk=note.pk).text == "One."
    assert connection.vendor in {"sqlite", "postgresql"}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"text": "", "readers": "both"}, "Write what colleagues should know."),
        ({"text": "Something."}, "Choose who reads the note."),
        ({"text": "x" * 601, "readers": "both"}, "at most 600 characters"),
        ({"text": "It is {secret}!", "readers": "both"}, "Passwords stand in no note."),
    ],
)
def test_what_no_note_may_be(
    desk: Desk, tarek: Person, cem: Person, said: dict[str, str], complaint: str
) -> None:
    agent = desk(tarek)
    opens(agent, cem)
    secret = printed(make_initial_password())
    sent = {name: value.format(secret=secret) for name, value in said.items()}

    page = agent.post(f"/help-desk/{cem.pk}/note/", sent)

    assert page.status_code == 422
    assert complaint in text(page)
    assert Note.objects.count() == 0


def test_a_matter_is_handed_on_once_the_button_is_pressed(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent, address = desk(tarek), f"/help-desk/{cem.pk}/hand-on/student-service/"
    opens(agent, cem)

    before = text(agent.get(address))
    pressed = agent.post(address, {"ticket": "MIZ-4711"})
    after = agent.get(address)

    assert "This goes there, and no more." in before
    assert pressed.headers["Location"] == address
    assert "Handed on" in text(after)
    assert 'href="https://tickets.leuphana.example/MIZ-4711"' in after.content.decode()
    assert acts(cem, "handed_on") == [
        ("helpdesk", {"body": "student-service", "ticket": "MIZ-4711"})
    ]
    assert "The help desk handed your matter on to: Student Service." in own_history(
        desk, cem
    )


def test_what_they_are_to_do_goes_along_and_stays_as_a_note(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent, address = desk(tarek), f"/help-desk/{cem.pk}/hand-on/student-service/"
    opens(agent, cem, reason="ticket", ticket="MIZ-4711")
    matter = "The family name is misspelt: with ss, says the passport."

    form = agent.get(address).content.decode()
    secret = agent.post(address, {"matter": printed(make_initial_password())})
    agent.post(address, {"matter": matter, "ticket": ""})
    after = text(agent.get(address))

    # The record was opened for this ticket.
    assert 'value="MIZ-4711"' in form
    assert secret.status_code == 422
    assert matter in after
    note = Note.objects.get()
    assert (note.text, note.readers) == (matter, "help_desk")
    assert acts(cem, "handed_on") == [
        ("helpdesk", {"body": "student-service", "note": note.pk})
    ]
    assert matter not in own_history(desk, cem)


@pytest.mark.parametrize(
    ("body", "known"),
    [
        (
            "student-service",
            # Names are theirs, the chosen one, too.
            {"name", "name in the papers", "matriculation", "studies"},
        ),
        ("library", {"name", "account"}),
        ("mystudy-support", {"name", "account"}),
        ("miz", {"name", "account"}),
    ],
)
def test_each_body_learns_what_it_needs_and_no_more(
    desk: Desk, tarek: Person, body: str, known: set[str]
) -> None:
    student = a_student(
        given_names="Margarethe", family_name="Vogel", chosen_name="Greta"
    )
    enrolled(student)
    facts = {
        "name": "Greta Vogel",
        "name in the papers": "Margarethe Vogel",
        "account": student.account_name,
        "matriculation": student.matriculation_no or "",
        "studies": str(student.enrolments.get()),
        "date of birth": student.birth_date,
    }
    agent = desk(tarek)
    opens(agent, student)

    page = agent.get(f"/help-desk/{student.pk}/hand-on/{body}/").content.decode()
    sheet = page.partition('<pre class="handed">')[2].partition("</pre>")[0]

    assert {what for what, value in facts.items() if value in sheet} == known


def test_a_body_that_nobody_knows_is_no_page(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    opens(agent, cem)

    assert agent.get(f"/help-desk/{cem.pk}/hand-on/press/").status_code == 404


def test_whoever_is_withdrawn_is_handed_on_from_the_trouble_itself(
    desk: Desk, tarek: Person
) -> None:
    student = a_student()
    agent = desk(tarek)
    opens(agent, student)
    there = f"/help-desk/{student.pk}/hand-on/student-service/"

    record = agent.get(f"/help-desk/{student.pk}/").content.decode()
    choice = text(agent.get(f"/help-desk/{student.pk}/hand-on/"))

    assert f'href="{there}"' in record
    assert "Student Service – has to act in what is stuck now" in choice
    assert "Not enrolled. Student administration says" in text(agent.get(there))


@pytest.mark.parametrize("path", ["note/", "hand-on/", "hand-on/library/"])
def test_nobody_writes_about_themselves_or_without_a_reason(
    desk: Desk, tarek: Person, cem: Person, path: str
) -> None:
    answer = desk(tarek).get(f"/help-desk/{cem.pk}/{path}")

    assert answer.headers["Location"] == f"/help-desk/{cem.pk}/reason/"


@override_settings(HELP_DESK_REMEDIES_A_DAY=1)
def test_notes_and_handing_on_count_as_what_is_quickly_done(
    desk: Desk, tarek: Person, cem: Person
) -> None:
    agent = desk(tarek)
    opens(agent, cem)
    said = {"text": "One.", "readers": "both"}
    agent.post(f"/help-desk/{cem.pk}/note/", said)

    note = agent.post(f"/help-desk/{cem.pk}/note/", said)
    handed = agent.post(f"/help-desk/{cem.pk}/hand-on/library/", {"ticket": ""})

    assert (note.status_code, handed.status_code) == (409, 409)
    assert Note.objects.count() == 1
    assert acts(cem, "handed_on") == []


@pytest.mark.parametrize(
    ("template", "address", "complaints"),
    [
        ("", "", 0),
        ("https://t.example/{number}", "https://t.example/A%231", 0),
        ("javascript:{number}", None, 1),
        ("https://t.example/", None, 1),
    ],
)
def test_where_tickets_are_is_a_setting(
    template: str, address: str | None, complaints: int
) -> None:
    with override_settings(TICKET_URL_TEMPLATE=template):
        found = [one for one in run_checks() if one.id == "helpdesk.E001"]
        assert len(found) == complaints
        if address is not None:
            assert address_of("A#1") == address
