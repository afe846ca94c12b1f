"""The code in the mailbox: sent when there is one, good once, and only here."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.connectors.mailbox import Mailboxes
from accounts.due.mark import mark
from accounts.journal.models import Event
from accounts.mailbox import addresses
from accounts.mailbox.models import MailAddress
from accounts.mailbox.standing import Code, Ready, standing_of
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import MailedCode
from onboarding.demo.servers.dovecot import Dovecot
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.mailbox.conftest import Students, code_in, signed_in
from tests.accounts.mailbox.sweeping import send_mails, set_up_mailboxes
from tests.services.smtp import Postbox

CEM = "cem.sondermann@stud.leuphana.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(dovecot: Dovecot, cem: Person) -> str:
    """Give Cem's address, whose mailbox is there."""
    addresses.choose(person=cem, address=CEM, at=timezone.now())
    set_up_mailboxes()
    return CEM


def sent_code(tab: Client, smtp: Postbox) -> str:
    tab.post("/mail/code/send/")
    send_mails()
    return code_in(smtp.mails[-1])


def test_the_way_from_the_address_to_the_code(
    dovecot: Dovecot, tab: Client, smtp: Postbox, cem: Person
) -> None:
    page = tab.get("/journey/mail/", follow=True)
    assert page.redirect_chain[-1][0] == "/mail/address/"
    assert CEM in page.content.decode()

    page = tab.post("/mail/address/", {"address": CEM}, follow=True)
    assert "We are setting up your mailbox" in page.content.decode()

    set_up_mailboxes()
    page = tab.get("/journey/mail/", follow=True)
    assert page.redirect_chain[-1][0] == "/mail/code/"
    assert "Send the code" in page.content.decode()

    code = sent_code(tab, smtp)
    assert smtp.mails[-1]["To"] == CEM
    page = tab.post("/mail/code/", {"code": code}, follow=True)
    assert "Your e-mail is ready" in page.content.decode()
    assert standing_of(cem.pk).proved
    assert [one.what for one in Event.objects.filter(whom=cem).order_by("pk")] == [
        "mail_address_chosen",
        "mailbox_proved",
    ]
    assert "Confirmed by a code" in tab.get("/journey/").content.decode()


def test_looking_at_the_pages_uses_no_code_up(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    code = sent_code(tab, smtp)
    for path in ("/mail/code/", f"/mail/code/?code={code}", "/journey/mail/"):
        for _ in range(6):
            tab.get(path)
            tab.head(path)

    assert not standing_of(cem.pk).proved
    tab.post("/mail/code/", {"code": code})
    assert standing_of(cem.pk).proved


def test_the_code_is_good_in_its_own_browser_alone(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    code = sent_code(tab, smtp)
    elsewhere = signed_in(cem)

    answer = elsewhere.post("/mail/code/", {"code": code})

    assert answer.status_code == 422
    assert not standing_of(cem.pk).proved


def test_nobody_else_can_use_the_code(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person, student: Students
) -> None:
    code = sent_code(tab, smtp)
    other = student(given_names="Ada", family_name="Quell")
    addresses.choose(
        person=other,
        address="ada.quell@stud.leuphana.example",
        at=timezone.now(),
    )
    # The same browser, after somebody else has signed in.
    tab.force_login(other)

    tab.post("/mail/code/", {"code": code})

    assert not standing_of(other.pk).proved
    assert not standing_of(cem.pk).proved


def test_five_wrong_tries_end_a_code(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    code = sent_code(tab, smtp)
    wrong = str((int(code) + 1) % 10**8).zfill(8)
    for _ in range(5):
        assert tab.post("/mail/code/", {"code": wrong}).status_code == 422

    assert tab.post("/mail/code/", {"code": code}).status_code == 422
    assert not standing_of(cem.pk).proved


def test_only_the_newest_code_counts(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    first = sent_code(tab, smtp)
    MailedCode.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    second = sent_code(tab, smtp)

    assert tab.post("/mail/code/", {"code": first}).status_code == 422
    tab.post("/mail/code/", {"code": second})
    assert standing_of(cem.pk).proved


def test_a_second_code_within_the_minute_is_not_sent(
    mailbox: str, tab: Client, smtp: Postbox
) -> None:
    sent_code(tab, smtp)

    answer = tab.post("/mail/code/send/")

    assert answer.status_code == 429
    assert "wait a minute" in answer.content.decode()
    send_mails()
    assert len(smtp.mails) == 1


def test_a_code_to_an_address_of_before_proves_nothing(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    code = sent_code(tab, smtp)
    Person.objects.update(family_name="Berg")
    cem.refresh_from_db()
    addresses.choose(
        person=cem, address="cem.berg@stud.leuphana.example", at=timezone.now()
    )

    tab.post("/mail/code/", {"code": code})

    assert not standing_of(cem.pk).proved


# --- Not ready, away, full ----------------------------------------------------------


def test_no_code_is_sent_before_there_is_a_mailbox(
    dovecot: Dovecot, slapd: Slapd, tab: Client, smtp: Postbox, cem: Person
) -> None:
    dn = f"uid={cem.account_name},ou=people,{slapd.base}"
    slapd.admin().modify(dn, {"eduPersonEntitlement": [("MODIFY_REPLACE", [])]})
    tab.post("/mail/address/", {"address": CEM})
    for minutes in (0, 30, 60):
        set_up_mailboxes(later=timedelta(minutes=minutes))

    assert standing_of(cem.pk).ready is Ready.NOT_YET
    page = tab.get("/journey/mail/").content.decode()
    assert "longer than usual" in page
    assert tab.post("/mail/code/send/").status_code == 302
    assert not MailedCode.objects.exists()
    assert "longer than usual" in tab.get("/journey/").content.decode()

    entitled = [("MODIFY_REPLACE", ["urn:leuphana:service:mail"])]
    slapd.admin().modify(dn, {"eduPersonEntitlement": entitled})
    set_up_mailboxes(later=timedelta(hours=3))
    assert standing_of(cem.pk).ready is Ready.YES


def test_a_mail_server_that_is_down_is_said_so_and_comes_back(
    dovecot: Dovecot, tab: Client, cem: Person
) -> None:
    dovecot.stop()
    tab.post("/mail/address/", {"address": CEM})
    set_up_mailboxes()

    assert standing_of(cem.pk).ready is Ready.SILENT
    page = tab.get("/journey/mail/").content.decode()
    assert "does not answer" in page
    assert CEM in page

    dovecot.start()
    set_up_mailboxes(later=timedelta(hours=1))
    assert standing_of(cem.pk).ready is Ready.YES


def test_a_full_mailbox_is_said_so(mailbox: str, tab: Client, smtp: Postbox) -> None:
    smtp.answer = "552 5.2.2 Mailbox is full"
    tab.post("/mail/code/send/")
    send_mails()

    assert "could not be delivered" in tab.get("/mail/code/").content.decode()
    assert "Perhaps it is full" in tab.get("/journey/").content.decode()


def test_a_mail_server_that_takes_nothing_now_delays_the_code(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person
) -> None:
    smtp.close()
    tab.post("/mail/code/send/")
    send_mails()

    assert standing_of(cem.pk).code is Code.DELAYED
    assert "on its way" in tab.get("/mail/code/").content.decode()


def test_a_finished_step_stays_finished(
    mailbox: str, tab: Client, smtp: Postbox, cem: Person, dovecot: Dovecot
) -> None:
    tab.post("/mail/code/", {"code": sent_code(tab, smtp)})
    dovecot.stop()
    mark(people=[cem.pk], systems=["mailbox"], at=timezone.now())
    set_up_mailboxes()

    assert standing_of(cem.pk).proved
    assert "Your e-mail is ready" in tab.get("/journey/mail/").content.decode()


def test_the_poll_tells_news(mailbox: str, tab: Client, smtp: Postbox) -> None:
    before = tab.get("/mail/status.json")
    same = tab.get("/mail/status.json", headers={"if-none-match": before["ETag"]})
    tab.post("/mail/code/send/")
    after = tab.get("/mail/status.json", headers={"if-none-match": before["ETag"]})

    assert same.status_code == 304
    assert after.status_code == 200
    assert after.json()["version"] != before.json()["version"]
    assert Client().get("/mail/status.json").status_code == 401


@pytest.mark.parametrize(
    "path", ["/journey/mail/", "/mail/address/", "/mail/code/", "/mail/settings/"]
)
def test_e_mail_comes_after_activation(path: str, student: Students) -> None:
    newcomer = student(activated_at=None)

    assert signed_in(newcomer).get(path)["Location"] == "/journey/"
    signed_in(newcomer).post("/mail/address/", {"address": CEM})
    assert not MailAddress.objects.exists()
    assert not Mail.objects.exists()


def test_the_mailbox_connector_is_polite_about_nobody(dovecot: Dovecot) -> None:
    Mailboxes().ask()
