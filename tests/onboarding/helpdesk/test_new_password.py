"""A new initial password at the desk: checked, limited, on paper alone."""

import re
from contextlib import suppress
from datetime import timedelta

import ldap3
import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone
from ldap3.core.exceptions import LDAPOperationResult

from accounts.directory import gateway
from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import RecoveryAddress
from onboarding.demo.servers.slapd import Slapd
from onboarding.demo.staff import PASSWORD
from onboarding.helpdesk import approvals, new_password
from onboarding.helpdesk.agents import Agent
from onboarding.helpdesk.refusals import NeverHere
from tests.accounts.directory.entries import staff_dn, student_dn
from tests.cast import a_student
from tests.onboarding.helpdesk.conftest import Desk
from tests.onboarding.helpdesk.pages import led_to, opens, text
from tests.onboarding.helpdesk.people import an_active_student, with_a_letter
from tests.onboarding.helpdesk.slips import (
    IN_PERSON,
    VIDEO,
    acts,
    address,
    at_the_record,
    on_the_slip,
    opens_the_entry,
    press,
)
from tests.stories.visitor import OWN

pytestmark = pytest.mark.django_db


def test_a_lost_letter_becomes_a_slip_and_the_letter_is_dead(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, before = with_a_letter()
    phone, laptop = desk(person), desk(person)
    # Signed in on both: asked for consent, and for no password.
    assert [led_to(one) for one in (phone, laptop)] == ["/consent/"] * 2
    opens(agent, person)

    slip = press(agent, person, **IN_PERSON)
    secret = on_the_slip(slip)

    assert slip.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in slip.headers["Cache-Control"]
    assert opens_the_entry(person, secret)
    assert not opens_the_entry(person, before.replace("-", ""))
    entry = gateway.person(person.account_name)
    assert entry is not None
    assert entry.ends_at is not None
    assert entry.ends_at - timezone.now() <= timedelta(days=8)
    assert [led_to(one) for one in (phone, laptop)] == ["/sign-in/"] * 2
    assert Mail.objects.filter(person=person, message="initial_password_set").exists()
    assert acts(person)[-2:] == ["identity_checked", "letter_issued"]
    noted = Event.objects.get(whom=person, what="identity_checked")
    assert noted.who == tarek
    assert {name: noted.facts[name] for name in ("check", "document", "cause")} == {
        "check": "in_person",
        "document": "passport",
        "cause": "no_letter",
    }


def test_the_secret_stands_on_no_page_and_in_no_row(desk: Desk, tarek: Person) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    secret = on_the_slip(press(agent, person, **IN_PERSON))

    rows = [*Event.objects.values_list("facts", "why"), *Mail.objects.values_list()]
    pages = [
        agent.get(one).content.decode()
        for one in (address(person), f"/help-desk/{person.pk}/")
    ]
    whole = "".join([*map(str, rows), *pages, str(dict(agent.session))])
    for one in (secret, f"{secret[:4]}-{secret[4:8]}-{secret[8:]}"):
        assert one not in whole
    assert "in person, with a photo ID: Passport; The letter never came" in text(
        agent.get(f"/help-desk/{person.pk}/")
    )


def test_an_activated_account_needs_a_second_agent_and_then_one_press(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    desk(tarek)
    person = an_active_student()
    agent = at_the_record(desk, tarek, person)
    asks = {**IN_PERSON, "cause": "misused"}
    # Whoever misused it would come back in by an address of theirs.
    RecoveryAddress.objects.create(
        person=person, address="somebody@mail.example", proved_at=timezone.now()
    )

    asked = press(agent, person, **asks)
    waits = text(agent.get(address(person)))
    early = press(agent, person, press="approved")
    assert opens_the_entry(person, OWN)
    request = approvals.standing(kind="new_password", person=person, at=timezone.now())
    assert request is not None
    lead = desk(solveig)
    lead.post(f"/help-desk/approvals/{request.pk}/", {"decision": "approve"})
    ready = text(agent.get(address(person)))
    secret = on_the_slip(press(agent, person, press="approved"))

    assert (asked.status_code, early.status_code) == (302, 409)
    assert "Asked by Tarek Aydın" in waits
    assert "Solveig Brandt, to this: seen in person" in ready
    assert opens_the_entry(person, secret)
    assert not opens_the_entry(person, OWN)
    assert not RecoveryAddress.objects.exists()
    assert acts(person)[-5:] == [
        "approval_asked",
        "approval_given",
        "identity_checked",
        "recovery_address_dropped",
        "letter_issued",
    ]
    record = text(agent.get(f"/help-desk/{person.pk}/"))
    assert "Tarek Aydın" in record
    assert "Solveig Brandt" in record


def test_by_video_a_second_agent_agrees_always(desk: Desk, tarek: Person) -> None:
    agent = desk(tarek)
    person, before = with_a_letter()
    opens(agent, person)

    assert press(agent, person, **VIDEO).status_code == 302
    assert "Waiting for a second agent" in text(agent.get(address(person)))
    assert opens_the_entry(person, before.replace("-", ""))


def test_pressed_twice_says_what_has_happened_and_makes_no_second_slip(
    desk: Desk, tarek: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    secret = on_the_slip(press(agent, person, **IN_PERSON))

    twice = press(agent, person, **IN_PERSON)

    assert twice.status_code == 409
    assert "Nothing was done" not in text(twice)
    assert "The slip was made out" in text(twice)
    assert "Make the slip out again" in text(twice)
    assert opens_the_entry(person, secret)


def test_a_slip_that_did_not_print_is_made_out_again_and_counts_once(
    desk: Desk, tarek: Person, settings: LazySettings
) -> None:
    settings.HELP_DESK_PASSWORDS_A_DAY = 1
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    first = on_the_slip(press(agent, person, **IN_PERSON))

    too_soon = press(agent, person, press="again")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        second = on_the_slip(press(agent, person, press="again"))

    assert too_soon.status_code == 409
    assert opens_the_entry(person, second)
    assert not opens_the_entry(person, first)


def test_one_agent_makes_out_so_many_a_day(
    desk: Desk, tarek: Person, settings: LazySettings
) -> None:
    settings.HELP_DESK_PASSWORDS_A_DAY = 1
    agent = desk(tarek)
    (first, _), (other, before) = with_a_letter(), with_a_letter()
    for one in (first, other):
        opens(agent, one)
    on_the_slip(press(agent, first, **IN_PERSON))

    refused = press(agent, other, **IN_PERSON)

    assert refused.status_code == 409
    assert "that is the most for one agent" in text(refused)
    assert opens_the_entry(other, before.replace("-", ""))


def test_one_account_gets_one_a_day_and_more_from_the_lead(
    desk: Desk, tarek: Person, solveig: Person
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    on_the_slip(press(agent, person, **IN_PERSON))
    lead = at_the_record(desk, solveig, person)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        agent = at_the_record(desk, tarek, person)
        refused = press(agent, person, **IN_PERSON)
        lead = at_the_record(desk, solveig, person)
        on_the_slip(press(lead, person, **IN_PERSON))

    assert refused.status_code == 409
    assert "within the last 24 hours" in text(refused)


def test_without_an_entry_nothing_is_lost_and_nothing_counted(
    desk: Desk, tarek: Person, slapd: Slapd, settings: LazySettings
) -> None:
    settings.HELP_DESK_PASSWORDS_A_DAY = 1
    agent = desk(tarek)
    (person, _), (other, _) = with_a_letter(), with_a_letter()
    admin = slapd.admin()
    admin.delete(student_dn(slapd, person.account_name))
    admin.unbind()
    opens(agent, person)
    opens(agent, other)

    refused = press(agent, person, **IN_PERSON)

    assert refused.status_code == 409
    assert "Nothing was counted" in text(refused)
    assert 'value="passport"' in refused.content.decode()
    on_the_slip(press(agent, other, **IN_PERSON))


def test_a_silent_directory_is_said_and_nothing_is_counted(
    desk: Desk, tarek: Person, slapd: Slapd
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)
    before = acts(person)
    slapd.child.freeze()
    try:
        silent = press(agent, person, **IN_PERSON)
    finally:
        slapd.child.thaw()

    assert silent.status_code == 503
    assert acts(person) == before


def test_what_came_of_an_approval_in_vain_can_be_used_again(
    desk: Desk, tarek: Person, solveig: Person, slapd: Slapd
) -> None:
    agent = desk(tarek)
    person = an_active_student()
    opens(agent, person)
    press(agent, person, **IN_PERSON)
    request = approvals.standing(kind="new_password", person=person, at=timezone.now())
    assert request is not None
    approvals.decide(approval=request.pk, by=solveig, approved=True, at=timezone.now())
    admin = slapd.admin()
    admin.delete(student_dn(slapd, person.account_name))
    admin.unbind()

    press(agent, person, press="approved")

    request.refresh_from_db()
    assert request.used_at is None


@pytest.mark.parametrize("left_out", ["check_made", "document", "cause"])
def test_nothing_happens_without_check_document_and_reason(
    desk: Desk, tarek: Person, left_out: str
) -> None:
    agent = desk(tarek)
    person, _ = with_a_letter()
    opens(agent, person)

    refused = press(agent, person, **{**IN_PERSON, left_out: ""})

    assert refused.status_code == 422
    assert "What somebody knows is never enough" in text(refused)
    assert "identity_checked" not in acts(person)


def test_the_own_password_is_asked_for_again_and_what_was_chosen_is_kept(
    desk: Desk, tarek: Person
) -> None:
    desk(tarek)
    person, _ = with_a_letter()
    agent = desk(tarek, fresh=False)
    opens(agent, person)

    asked = press(agent, person, **IN_PERSON)
    again = agent.post(asked.headers["Location"], {"password": PASSWORD})
    page = agent.get(again.headers["Location"]).content.decode()

    assert asked.headers["Location"].startswith("/sign-in/again/")
    assert re.search(r'value="passport"[^>]*checked', page)
    on_the_slip(press(agent, person, **IN_PERSON))


def test_no_colleague_gets_a_password_here(
    desk: Desk, slapd: Slapd, tarek: Person, solveig: Person
) -> None:
    desk(tarek)
    person, before = with_a_letter()
    admin = slapd.admin()
    dn = student_dn(slapd, person.account_name)
    member = {"member": [(ldap3.MODIFY_ADD, [dn])]}
    admin.modify(f"cn=help-desk,ou=roles,{slapd.base}", member)
    cache.clear()

    lead = at_the_record(desk, solveig, person)
    refused = press(lead, person, **IN_PERSON)
    own = at_the_record(desk, person, person)
    admin.modify(
        f"cn=help-desk,ou=roles,{slapd.base}", {"member": [(ldap3.MODIFY_DELETE, [dn])]}
    )
    admin.unbind()

    assert "repairs no account of a colleague" in text(refused)
    assert press(own, person, **IN_PERSON).status_code == 403
    assert opens_the_entry(person, before.replace("-", ""))


def test_the_directory_itself_keeps_the_portal_off_the_staff(
    desk: Desk, slapd: Slapd, tarek: Person, solveig: Person
) -> None:
    client = desk(solveig)
    assert client.get(address(tarek)).status_code == 404
    with pytest.raises(NeverHere):
        new_password.make(
            person=tarek,
            facts={"check": "in_person"},
            agent=Agent(solveig, lead=True),
            at=timezone.now(),
        )
    dn, attributes = staff_dn(slapd, "helpdesk"), ["userPassword", "pwdEndTime"]
    admin, portal = slapd.admin(), slapd.bound("portal")
    admin.search(dn, "(objectClass=*)", "BASE", attributes=attributes)
    before = admin.entries[0].entry_attributes_as_dict
    with suppress(LDAPOperationResult):
        portal.modify(
            dn,
            {
                "userPassword": [(ldap3.MODIFY_REPLACE, ["K7QM4XR9PW2D"])],
                "pwdEndTime": [(ldap3.MODIFY_REPLACE, ["20991231235959Z"])],
            },
        )
    admin.search(dn, "(objectClass=*)", "BASE", attributes=attributes)
    after = admin.entries[0].entry_attributes_as_dict
    admin.unbind()
    portal.unbind()

    assert after == before
    assert opens_the_entry(tarek, PASSWORD)


def test_whoever_left_gets_none(desk: Desk, tarek: Person) -> None:
    gone = a_student()
    agent = at_the_record(desk, tarek, gone)

    refused = press(agent, gone, **IN_PERSON)

    assert refused.status_code == 409
    assert "not enrolled" in text(refused)
