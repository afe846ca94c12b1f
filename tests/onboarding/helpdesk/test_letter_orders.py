"""A letter that the desk orders: dead at once, printed by the next run, told of."""

import io
import re
from datetime import timedelta

import ldap3
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.directory import gateway, service_passwords
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.activation import choose_own_password
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment import letter_runs
from onboarding.enrolment.letter_orders import order_of
from onboarding.enrolment.letter_recipients import awaiting, ordered
from onboarding.enrolment.letters import issue
from onboarding.helpdesk import approvals
from tests.accounts.directory.entries import student_dn
from tests.cast import a_colleague, a_student
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import led_to, opens, text
from tests.onboarding.helpdesk.people import (
    a_beginner,
    an_active_student,
    settle,
    with_a_letter,
)
from tests.onboarding.helpdesk.slips import (
    IN_PERSON,
    acts,
    address,
    at_the_record,
    on_the_slip,
    opens_the_entry,
    press,
)
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.django_db, pytest.mark.rules]

LETTER = {**IN_PERSON, "way": "letter"}
MAIL = "laterne am kai seit gestern"
NEXT = "regenbogen ohne eile im mai"


def orders(person: Person) -> int:
    return Event.objects.filter(whom=person, what="letter_order_issued").count()


def agreed(client: Client, person: Person, by: Person, **said: str) -> None:
    """Ask for it, and have it agreed to."""
    press(client, person, **LETTER, **said)
    one = approvals.standing(kind="new_password", person=person, at=timezone.now())
    assert one is not None
    approvals.decide(approval=one.pk, by=by, approved=True, at=timezone.now())


def the_next_run() -> dict[str, str]:
    """Print what waits; give the initial passwords by account."""
    letters = issue(
        accounts=None, by=None, at=timezone.now(), run=letter_runs.new_name()
    )
    return {one.account_name: one.initial_password.replace("-", "") for one in letters}


def test_an_ordered_letter_kills_the_one_before_and_the_next_run_prints_it(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, before = with_a_letter()
    browser = desk(person)
    assert led_to(browser) == "/consent/"
    opens(agent, person)
    assert not awaiting(at=timezone.now()).exists()

    answer = press(agent, person, **LETTER)

    assert answer.headers["Location"] == address(person)
    page = text(agent.get(address(person)))
    assert "A letter is ordered" in page
    assert "by Tarek Aydın. Student administration prints it with its next run" in page
    assert "cannot be withdrawn" in page
    assert not opens_the_entry(person, before.replace("-", ""))
    assert led_to(browser) == "/sign-in/"
    assert Mail.objects.filter(person=person, message="letter_ordered").exists()
    assert acts(person)[-2:] == ["identity_checked", "letter_order_issued"]
    noted = Event.objects.get(whom=person, what="identity_checked")
    assert (noted.who, noted.facts["way"]) == (tarek, "letter")
    record = text(agent.get(f"/help-desk/{person.pk}/"))
    assert "by Tarek Aydın; not printed yet" in record
    assert "none that anybody knows: a letter is ordered" in record
    assert "Passport; The letter never came, or is lost; as a letter by post" in record
    assert list(ordered(at=timezone.now())) == [person]

    secret = the_next_run()[person.account_name]

    assert opens_the_entry(person, secret)
    assert not ordered(at=timezone.now()).exists()
    assert re.search(
        r"ordered on .* by Tarek Aydın; printed on ",
        text(agent.get(f"/help-desk/{person.pk}/")),
    )


def test_an_activated_account_comes_into_the_run_once_a_second_agent_agrees(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    agent = desk(tarek)
    person = an_active_student()
    dn = gateway.name_of(person.account_name)
    service_passwords.put(dn=dn, service="mail", password=MAIL)
    student = desk(person)
    opens(agent, person)

    asked = press(agent, person, **LETTER)
    assert asked.status_code == 302
    assert opens_the_entry(person, OWN)
    agreed(agent, person, solveig)
    ready = agent.get(address(person))
    done = press(agent, person, press="approved")

    assert "Order the letter" in text(ready)
    assert "as a letter by post" in text(ready)
    assert done.headers["Location"] == address(person)
    assert not opens_the_entry(person, OWN)
    assert not service_passwords.exists(dn=dn, service="mail")
    assert led_to(student) == "/sign-in/"
    assert acts(person)[-3:] == [
        "identity_checked",
        "letter_order_issued",
        "mail_password_dropped",
    ]
    settle()
    assert list(awaiting(at=timezone.now())) == [person]

    secret = the_next_run()[person.account_name]
    choose_own_password(
        account=person.account_name, initial=secret, new=NEXT, at=timezone.now()
    )

    assert opens_the_entry(person, NEXT)
    assert the_next_run() == {}


def test_two_presses_make_one_order(desk: Desk, tarek: Person, solveig: Person) -> None:
    agent = desk(tarek)
    newcomer, _ = with_a_letter()
    active = an_active_student()
    for one in (newcomer, active):
        opens(agent, one)
    agreed(agent, active, solveig)

    presses = [
        *(press(agent, newcomer, **LETTER) for _ in range(2)),
        *(press(agent, active, press="approved") for _ in range(2)),
    ]

    assert [one.status_code for one in presses] == [302] * 4
    assert (orders(newcomer), orders(active)) == (1, 1)
    told = Mail.objects.filter(message="letter_ordered")
    assert told.count() == 2


def test_a_second_order_is_refused_while_the_first_one_waits(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    press(agent, person, **LETTER)
    lead = at_the_record(desk, solveig, person)

    refused = press(lead, person, **LETTER)

    assert refused.status_code == 409
    assert "is ordered already and waits" in text(refused)
    assert "Order a letter by post" not in text(lead.get(address(person)))
    assert orders(person) == 1


def test_a_slip_takes_the_place_of_a_letter_that_waits(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    press(agent, person, **LETTER)

    slip = on_the_slip(press(agent, person, **IN_PERSON))

    assert opens_the_entry(person, slip)
    assert the_next_run() == {}
    record = text(agent.get(f"/help-desk/{person.pk}/"))
    assert "not printed: another password took its place" in record
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        agent = at_the_record(desk, tarek, person)
        # Both count by now.
        assert "within the last 24 hours" in text(press(agent, person, **LETTER))


def test_what_the_desk_did_not_print_again_it_does_not_print_for_a_letter(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    press(agent, person, **LETTER)

    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        again = press(agent, person, press="again")

    assert again.status_code == 409
    assert orders(person) == 1
    assert list(ordered(at=timezone.now())) == [person]


def test_without_an_entry_no_letter_is_ordered(
    desk: Desk, tarek: Person, slapd: Slapd
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    admin = slapd.admin()
    admin.delete(student_dn(slapd, person.account_name))
    admin.unbind()
    opens(agent, person)

    refused = press(agent, person, **LETTER)

    assert refused.status_code == 409
    assert "Nothing was counted" in text(refused)
    assert "A letter is ordered" not in text(refused)
    assert not ordered(at=timezone.now()).exists()
    person.refresh_from_db()
    assert order_of(person) is None
    assert not Mail.objects.filter(message="letter_ordered").exists()


def test_whoever_left_gets_no_letter(desk: Desk, tarek: Person) -> None:
    gone = a_student()
    agent = at_the_record(desk, tarek, gone)

    refused = press(agent, gone, **LETTER)

    assert refused.status_code == 409
    assert "not enrolled" in text(refused)
    assert orders(gone) == 0


def test_an_order_stands_where_its_run_came_to_nothing(
    desk: Desk, tarek: Person, solveig: Person, slapd: Slapd
) -> None:
    agent = desk(tarek)
    person = an_active_student()
    opens(agent, person)
    agreed(agent, person, solveig)
    press(agent, person, press="approved")
    slapd.stop()

    assert the_next_run() == {}

    assert list(ordered(at=timezone.now())) == [person]
    slapd.start()
    assert opens_the_entry(person, the_next_run()[person.account_name])


def test_an_order_is_done_with_once_its_owner_is_back_by_another_way(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    press(agent, person, **LETTER)
    # As after a code that was mailed to a private address.
    Person.objects.filter(pk=person.pk).update(
        activated_at=timezone.now(), initial_password_until=None
    )

    assert the_next_run() == {}


def test_the_registrar_sees_how_many_wait_and_since_when(
    desk: Desk, tarek: Person, slapd: Slapd
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    a_beginner()
    registrar = desk(a_colleague(account_name="registrar"))
    before = text(registrar.get("/registrar/letters/"))
    opens(agent, person)
    press(agent, person, **LETTER)

    page = text(registrar.get("/registrar/letters/"))

    assert "Ordered by the help desk" not in before
    assert "2 people are waiting for a letter." in page
    assert "1 of these letters was ordered by the help desk, on " in page
    planned = registrar.post("/registrar/letters/", {"kind": "pdf", "accounts": ""})
    file = b"".join(registrar.post(f"{planned.headers['Location']}file/"))
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(file)).pages]
    assert any(person.account_name in one for one in pages)
    assert "Ordered by the help desk" not in text(registrar.get("/registrar/letters/"))


def test_the_secret_of_an_order_is_one_that_has_ended(
    desk: Desk, tarek: Person, slapd: Slapd, directory_admin: ldap3.Connection
) -> None:
    agent = desk(tarek)
    person, before = with_a_letter()
    opens(agent, person)

    def kept() -> tuple[bytes, str]:
        dn, names = (
            student_dn(slapd, person.account_name),
            ["userPassword", "pwdEndTime"],
        )
        directory_admin.search(dn, "(objectClass=*)", "BASE", attributes=names)
        raw = directory_admin.entries[0].entry_raw_attributes
        return raw["userPassword"][0], raw["pwdEndTime"][0].decode()

    was, _ends = kept()
    press(agent, person, **LETTER)

    secret, ends = kept()
    assert secret != was
    assert ends <= timezone.now().strftime("%Y%m%d%H%M%SZ")
    assert before not in str(secret)
