"""An own password for e-mail: set, changed, taken away; tried on the real server."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.mailbox import addresses, own_password
from accounts.people.models import Person
from accounts.post.models import Mail
from onboarding.demo.servers.dovecot import Dovecot
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.mailbox.conftest import OWN
from tests.accounts.mailbox.sweeping import set_up_mailboxes
from tests.services.dovecot import lets_in

ADDRESS = "cem.sondermann@stud.leuphana.example"
MAIL = "laterne am kai seit gestern"
pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(dovecot: Dovecot, cem: Person) -> Dovecot:
    addresses.choose(person=cem, address=ADDRESS, at=timezone.now())
    set_up_mailboxes()
    return dovecot


def choose(tab: Client, new: str, *, password: str = OWN) -> int:
    typed = {"password": password, "new_password": new}
    return tab.post("/mail/password/", typed).status_code


def remove(tab: Client, *, password: str = OWN) -> int:
    typed = {"removal-password": password}
    return tab.post("/mail/password/remove/", typed).status_code


def test_an_own_password_is_set_changed_and_removed(
    mailbox: Dovecot, tab: Client, cem: Person
) -> None:
    assert "your own one" not in tab.get("/mail/settings/").content.decode()
    assert choose(tab, MAIL) == 302
    assert lets_in(mailbox, ADDRESS, MAIL)
    assert not lets_in(mailbox, ADDRESS, OWN)
    assert "your own one" in tab.get("/mail/settings/").content.decode()

    assert choose(tab, f"{MAIL} abend") == 302
    assert lets_in(mailbox, ADDRESS, f"{MAIL} abend")
    assert not lets_in(mailbox, ADDRESS, MAIL)

    assert remove(tab, password="something else") == 422
    assert remove(tab, password="") == 422
    assert lets_in(mailbox, ADDRESS, f"{MAIL} abend")
    assert remove(tab) == 302
    assert remove(tab) == 302
    assert lets_in(mailbox, ADDRESS, OWN)
    assert not lets_in(mailbox, ADDRESS, f"{MAIL} abend")
    assert [
        e.what for e in Event.objects.filter(what__contains="mail_pass").order_by("pk")
    ] == [
        "mail_password_set",
        "mail_password_set",
        "mail_password_removed",
    ]
    # Each is told by mail as well.
    told = Mail.objects.filter(message__contains="mail_pass").order_by("pk")
    assert list(told.values_list("message", "address")) == [
        ("mail_password_set", ""),
        ("mail_password_set", ""),
        ("mail_password_removed", ""),
    ]


def test_who_sets_one_proves_the_accounts_password(
    mailbox: Dovecot, tab: Client
) -> None:
    assert choose(tab, MAIL, password="something else") == 422
    assert not lets_in(mailbox, ADDRESS, MAIL)


@pytest.mark.parametrize("new", [OWN, "short", "passwort123456", "sondermann-cem-1"])
def test_a_weak_one_is_refused(mailbox: Dovecot, tab: Client, new: str) -> None:
    assert choose(tab, new) == 422
    assert lets_in(mailbox, ADDRESS, OWN)


def test_without_the_directory_nothing_is_lost(
    mailbox: Dovecot, tab: Client, slapd: Slapd
) -> None:
    slapd.kill()

    assert choose(tab, MAIL) == 503
    assert "does not answer" in tab.get("/mail/settings/").content.decode()


def test_without_an_address_there_is_none_to_set(
    tab: Client, cem: Person, slapd: Slapd
) -> None:
    assert tab.get("/mail/password/")["Location"] == "/journey/mail/"
    answer = tab.post("/mail/password/", {"password": OWN, "new_password": MAIL})

    assert answer["Location"] == "/journey/mail/"
    assert not own_password.is_set(cem)
