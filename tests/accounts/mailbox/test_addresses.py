"""Choosing an address: once, for good, and never somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import ldap3
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.catalogue.systems import MAILBOX
from accounts.directory.connection import hang_up
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.mailbox.addresses import (
    AddressRefused,
    choose,
    current,
    may_choose,
    offer,
)
from accounts.mailbox.models import MailAddress
from accounts.mailbox.standing import Ready, standing_of
from accounts.people.models import Person
from accounts.post.models import Mail
from onboarding.demo.servers.dovecot import Dovecot
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import Enrolment
from tests.accounts.directory.entries import add_colleague
from tests.accounts.mailbox.conftest import Students
from tests.accounts.mailbox.sweeping import set_up_mailboxes

DOMAIN = "@stud.leuphana.example"
CEM = f"cem.sondermann{DOMAIN}"
pytestmark = [pytest.mark.django_db, pytest.mark.rules]


def take(person: Person, address: str) -> str:
    return choose(person=person, address=address, at=timezone.now()).address


def test_a_chosen_address_is_the_persons_and_is_to_be_set_up(cem: Person) -> None:
    assert take(cem, offer(cem).addresses[0]) == CEM

    assert standing_of(cem.pk).address == CEM
    assert standing_of(cem.pk).ready is Ready.SETTING_UP
    assert not Sync.objects.get(person=cem, system=MAILBOX).settled
    assert [e.what for e in Event.objects.filter(whom=cem)] == ["mail_address_chosen"]


def test_choosing_twice_is_choosing_once(cem: Person) -> None:
    for _ in range(3):
        take(cem, f" {CEM.upper()} ")

    assert MailAddress.objects.count() == 1
    assert Event.objects.filter(what="mail_address_chosen").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        f"rektorat{DOMAIN}",
        f"lg1300001{DOMAIN}",
        f"somebody.else{DOMAIN}",
        "cem.sondermann@elsewhere.example",
        "cem.sondermann",
        f"cem.sondermann+x{DOMAIN}",
        # The rule could make it of the name, but offers the one without number.
        f"cem.sondermann2{DOMAIN}",
        f"cem.sondermann777{DOMAIN}",
        f"c.sondermann0{DOMAIN}",
        "",
        f"cem.sondermann{DOMAIN}\n",
    ],
)
def test_nobody_takes_what_the_rule_does_not_give(cem: Person, address: str) -> None:
    if address.endswith("\n"):
        assert take(cem, address) == CEM
        return
    with pytest.raises(AddressRefused):
        take(cem, address)

    assert current(cem.pk) is None


def test_a_form_made_by_hand_takes_nothing_that_was_not_offered(
    tab: Client, cem: Person
) -> None:
    answer = tab.post("/mail/address/", {"address": f"cem.sondermann777{DOMAIN}"})

    assert answer.status_code == 422
    assert "Please choose another one." in answer.content.decode()
    assert current(cem.pk) is None


def test_what_somebody_took_meanwhile_is_said_and_the_next_is_offered(
    tab: Client, cem: Person, student: Students
) -> None:
    shown = tab.get("/mail/address/").content.decode()
    take(student(given_names="Cem", family_name="Sondermann"), CEM)

    late = tab.post("/mail/address/", {"address": CEM})

    assert f'value="{CEM}"' in shown
    assert late.status_code == 422
    page = late.content.decode()
    assert "This address is not free any more. Please choose another one." in page
    assert f'value="cem.sondermann2{DOMAIN}"' in page
    again = tab.post("/mail/address/", {"address": f"cem.sondermann2{DOMAIN}"})
    assert again.status_code == 302
    assert standing_of(cem.pk).address == f"cem.sondermann2{DOMAIN}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_does_not_study_here_is_told_so_and_offered_nothing(
    tab: Client, cem: Person, method: str
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Enrolment.objects.update(status="withdrawn", status_date=yesterday)

    answer = getattr(tab, method)("/mail/address/", {"address": CEM}, follow=True)

    assert answer.redirect_chain[0][0] == "/journey/"
    assert "You are not enrolled at the moment" in answer.content.decode()
    assert current(cem.pk) is None


def test_there_is_no_second_choice(cem: Person) -> None:
    take(cem, CEM)

    assert not may_choose(cem)
    with pytest.raises(AddressRefused):
        take(cem, f"c.sondermann{DOMAIN}")
    assert standing_of(cem.pk).address == CEM


def test_an_address_is_never_given_to_somebody_else(student: Students) -> None:
    first, second = student(), student()
    take(first, CEM)
    # What forgetting a person leaves behind.
    MailAddress.objects.update(person=None, retired_at=timezone.now())

    assert CEM not in offer(second).addresses
    assert f"cem.sondermann2{DOMAIN}" in offer(second).addresses
    with pytest.raises(AddressRefused):
        take(second, CEM)


def test_an_address_of_the_staff_is_not_offered(slapd: Slapd, cem: Person) -> None:
    dn = add_colleague(slapd, "cem")
    slapd.admin().modify(dn, {"mail": [(ldap3.MODIFY_REPLACE, [CEM.upper()])]})

    assert CEM not in offer(cem).addresses
    with pytest.raises(AddressRefused):
        take(cem, CEM)


def test_an_address_from_before_the_portal_is_offered_first(
    slapd: Slapd, cem: Person
) -> None:
    old = f"sondermann.c{DOMAIN}"
    _give(slapd, cem, old)

    assert offer(cem).addresses[:2] == (old, CEM)
    take(cem, old)
    assert not may_choose(cem)


def test_mail_to_an_address_from_before_the_portal_goes_on_arriving(
    slapd: Slapd, dovecot: Dovecot, cem: Person
) -> None:
    old = f"sondermann.c{DOMAIN}"
    _give(slapd, cem, old)
    take(cem, CEM)

    set_up_mailboxes()

    assert standing_of(cem.pk).former == (old,)
    dovecot.deliver(address=old, mail=b"Subject: x\r\n\r\nx\r\n")


def test_without_the_directory_an_address_can_be_chosen(
    slapd: Slapd, cem: Person
) -> None:
    slapd.kill()

    assert take(cem, offer(cem).addresses[0]) == CEM


# --- A change of name ---------------------------------------------------------------


def renamed(person: Person, **names: str) -> Person:
    Person.objects.filter(pk=person.pk).update(**names)
    person.refresh_from_db()
    return person


def test_a_new_name_offers_a_new_address_and_keeps_the_old_one(
    dovecot: Dovecot, cem: Person
) -> None:
    take(cem, CEM)
    set_up_mailboxes()
    MailAddress.objects.update(proved_at=timezone.now())
    renamed(cem, family_name="Berg")

    assert may_choose(cem)
    take(cem, f"cem.berg{DOMAIN}")
    set_up_mailboxes()

    standing = standing_of(cem.pk)
    assert standing.address == f"cem.berg{DOMAIN}"
    assert standing.former == (CEM,)
    assert standing.proved
    assert standing.ready is Ready.YES
    assert not may_choose(cem)
    for address in (CEM, f"cem.berg{DOMAIN}"):
        dovecot.deliver(address=address, mail=b"Subject: x\r\n\r\nx\r\n")
    assert [mail.message for mail in Mail.objects.all()] == ["mail_address_changed"]


def test_the_old_name_back_brings_the_old_address_back(cem: Person) -> None:
    take(cem, CEM)
    renamed(cem, chosen_name="Emil")
    take(cem, f"emil.sondermann{DOMAIN}")
    renamed(cem, chosen_name="")
    take(cem, CEM)

    assert standing_of(cem.pk).address == CEM
    assert standing_of(cem.pk).former == (f"emil.sondermann{DOMAIN}",)


def test_a_further_given_name_changes_nothing(cem: Person) -> None:
    take(cem, CEM)

    assert not may_choose(renamed(cem, given_names="Cem Ali"))


def test_a_former_address_of_somebody_is_not_free(student: Students) -> None:
    first, second = student(), student()
    take(first, CEM)
    take(renamed(first, family_name="Berg"), f"cem.berg{DOMAIN}")

    with pytest.raises(AddressRefused):
        take(second, CEM)


# --- The directory has it for somebody else ------------------------------------------


def test_who_lost_the_address_in_the_directory_chooses_again(
    slapd: Slapd, dovecot: Dovecot, cem: Person
) -> None:
    take(cem, CEM)
    dn = add_colleague(slapd, "cem")
    slapd.admin().modify(dn, {"mail": [(ldap3.MODIFY_REPLACE, [CEM])]})
    set_up_mailboxes()
    assert standing_of(cem.pk).ready is Ready.TAKEN

    assert CEM not in offer(cem).addresses
    take(cem, f"c.sondermann{DOMAIN}")
    set_up_mailboxes()

    standing = standing_of(cem.pk)
    assert standing.ready is Ready.YES
    # What was never theirs is not theirs now.
    assert standing.former == ()


# --- Two at the same moment ----------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_students_at_the_same_instant_get_two_addresses(
    student: Students,
) -> None:
    people = [student() for _ in range(8)]
    start = Barrier(len(people), timeout=60)

    def race(person: Person) -> bool:
        try:
            start.wait()
            take(person, CEM)
        except AddressRefused:
            return False
        finally:
            hang_up()
            connection.close()
        return True

    with ThreadPoolExecutor(len(people)) as threads:
        won = list(threads.map(race, people))

    assert won.count(True) == 1
    assert MailAddress.objects.count() == 1
    for person, had in zip(people, won, strict=True):
        if not had:
            take(person, offer(person).addresses[0])
    everybody = MailAddress.objects.values_list("address", flat=True)
    assert len(set(everybody)) == len(people)


@pytest.mark.django_db(transaction=True)
def test_one_student_in_many_tabs_has_one_address(cem: Person) -> None:
    wishes = [one for one in offer(cem).addresses for _ in range(5)]
    start = Barrier(len(wishes), timeout=60)

    def press(wish: str) -> None:
        try:
            start.wait()
            take(cem, wish)
        except AddressRefused:
            pass
        finally:
            hang_up()
            connection.close()

    with ThreadPoolExecutor(len(wishes)) as threads:
        list(threads.map(press, wishes))

    assert MailAddress.objects.filter(person=cem, retired_at=None).count() == 1
    assert MailAddress.objects.count() == 1


def _give(slapd: Slapd, person: Person, address: str) -> None:
    dn = f"uid={person.account_name},ou=people,{slapd.base}"
    slapd.admin().modify(dn, {"mail": [(ldap3.MODIFY_REPLACE, [address])]})
