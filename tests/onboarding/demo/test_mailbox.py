"""Mail stays on the stage, and a page of the demo shows it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from onboarding.demo.ports import LOOPBACK, free_port
from onboarding.demo.servers.mailbox import Mailbox


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
