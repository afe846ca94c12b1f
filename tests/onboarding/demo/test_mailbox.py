"""Mail stays on the stage, and a page of the demo shows it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from onboarding.demo.ports import LOOPBACK, free_port
from onboarding.demo.servers.dovecot import ENTITLEMENT as MAY
from onboarding.demo.servers.dovecot import Dovecot
from onboarding.demo.servers.mailbox import Mailbox
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student
from tests.services.dovecot import MOST_BYTES, mails_of


@pytest.fixture
def mailbox(tmp_path: Path, settings: Settings) -> Iterator[Mailbox]:
    settings.DEMO_MAIL_DIR = tmp_path / "mail"
    mailbox = Mailbox(tmp_path / "mail", port=free_port())
    mailbox.start()
    yield mailbox
    mailbox.child.stop()


AFTERNOON = "Tue, 15 Sep 2026 12:00:00 +0200"


def send(mailbox: Mailbox, *, subject: str, date: str = AFTERNOON) -> None:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "start@leuphana.example"
    mail["To"] = "zoë@mail.example"
    mail["Date"] = date
    mail.set_content("Dein Code: 123456\n<b>kein HTML</b>")
    mail.add_alternative("<p style='color:red'>123456</p>", subtype="html")
    with smtplib.SMTP(LOOPBACK, mailbox.port, timeout=5) as door:
        door.send_message(mail)


def test_mail_is_kept_and_shown_newest_first(mailbox: Mailbox, client: Client) -> None:
    send(mailbox, subject="Übersicht")
    send(mailbox, subject="Danach")

    page = client.get("/demo/mail/").content.decode()

    assert page.index("Danach") < page.index("Übersicht")
    assert "zoë@mail.example" in page


@pytest.mark.parametrize("date", [AFTERNOON, "Tue, 15 Sep 2026 10:00:00 -0000"])
def test_a_mail_was_sent_in_the_time_of_this_place(
    mailbox: Mailbox, client: Client, date: str
) -> None:
    send(mailbox, subject="Code", date=date)

    page = client.get("/demo/mail/").content.decode()

    assert 'datetime="2026-09-15T12:00:00+02:00"' in page


def test_a_mails_text_is_text_and_its_html_runs_nothing(
    mailbox: Mailbox, client: Client
) -> None:
    send(mailbox, subject="Code")
    name = next(mailbox.folder.glob("*.eml")).stem

    page = client.get(f"/demo/mail/{name}/").content.decode()
    html = client.get(f"/demo/mail/{name}/html/")

    assert "123456" in page
    assert "&lt;b&gt;kein HTML" in page
    assert html.content.decode().strip() == "<p style='color:red'>123456</p>"
    policy = html["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("name", ["../secrets/redis", "x", "20260915T100000-1"])
def test_only_mails_are_found(mailbox: Mailbox, client: Client, name: str) -> None:
    assert client.get(f"/demo/mail/{name}/").status_code == 404


# --- The students' own domain ---------------------------------------------------------


@pytest.fixture
def with_mailboxes(
    dovecot: Dovecot, slapd: Slapd, tmp_path: Path, settings: Settings
) -> Iterator[Mailbox]:
    settings.DEMO_MAIL_DIR = tmp_path / "mail"
    add_student(slapd, "lg2", mail="cem@stud.example", eduPersonEntitlement=MAY)
    slapd.admin().modify(
        f"uid=lg2,ou=people,{slapd.base}",
        {"userPassword": [("MODIFY_REPLACE", ["kiesel tanzt"])]},
    )
    server = Mailbox(
        tmp_path / "mail",
        port=free_port(),
        lmtp_port=dovecot.lmtp_port,
        domain="stud.example",
    )
    server.start()
    yield server
    server.child.stop()


def bring(mailbox: Mailbox, *recipients: str, text: str = "Dein Code") -> None:
    mail = EmailMessage()
    mail["Subject"] = "Code"
    mail["From"] = "start@leuphana.example"
    mail["To"] = ", ".join(recipients)
    mail.set_content(text)
    with smtplib.SMTP(LOOPBACK, mailbox.port, timeout=5) as door:
        door.send_message(mail)


def kept(mailbox: Mailbox) -> int:
    return len(list(mailbox.folder.glob("*.eml")))


def test_mail_for_a_student_is_in_the_mailbox_and_on_the_page(
    with_mailboxes: Mailbox, dovecot: Dovecot
) -> None:
    bring(with_mailboxes, "Cem@Stud.example", "somebody@mail.example")

    (mail,) = mails_of(dovecot, "lg2", "kiesel tanzt")
    assert mail["Subject"] == "Code"
    assert kept(with_mailboxes) == 1


def test_what_no_mailbox_takes_is_refused(with_mailboxes: Mailbox) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        bring(with_mailboxes, "nobody@stud.example")

    assert refusal.value.smtp_code == 550
    assert kept(with_mailboxes) == 0


def test_a_full_mailbox_refuses_in_its_own_words(with_mailboxes: Mailbox) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        bring(with_mailboxes, "cem@stud.example", text="voll " * MOST_BYTES)

    assert refusal.value.smtp_code == 552


def test_without_the_mailboxes_mail_waits(
    with_mailboxes: Mailbox, dovecot: Dovecot
) -> None:
    dovecot.stop()

    with pytest.raises(smtplib.SMTPDataError) as refusal:
        bring(with_mailboxes, "cem@stud.example")

    assert refusal.value.smtp_code == 451
