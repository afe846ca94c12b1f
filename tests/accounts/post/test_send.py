"""Mails: one for each occasion, whatever crashes around it."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core.mail.message import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from accounts.people.models import Person
from accounts.post import send
from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, ask_for, send_due
from tests.cast import a_student
from tests.services.smtp import Postbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

ADDRESS = "cem@mail.example"


def written(mail: Mail) -> Text:
    return write(message="password_changed", person=mail.person)


WRITERS = {"password_changed": written}


def nowhere(_person: int) -> str:
    """Reach nobody: each of these mails has an address of its own."""
    return ""


def asked(
    person: Person, occasion: str = "once", *, address: str = ADDRESS
) -> datetime:
    now = timezone.now()
    ask_for(
        person=person.pk,
        message="password_changed",
        address=address,
        occasion=occasion,
        at=now,
    )
    return now


def swept(at: datetime) -> None:
    while send_due(writers=WRITERS, reach=nowhere, at=at):
        pass


def the_mail() -> Mail:
    return Mail.objects.get()


def test_one_occasion_gives_one_mail(smtp: Postbox) -> None:
    person = a_student()
    asked(person)
    at = asked(person)

    swept(at)
    swept(at + timedelta(hours=1))

    (mail,) = smtp.mails
    assert mail["To"] == ADDRESS
    assert mail["Auto-Submitted"] == "auto-generated"
    assert the_mail().sent_at == at


class Power:
    """Goes off after a mail has left, before anybody could note it."""

    class Gone(BaseException):
        pass

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._send = EmailMultiAlternatives.send

    def fails(self) -> None:
        def send_and_die(message: EmailMultiAlternatives) -> int:
            self._send(message)
            raise Power.Gone

        self._patch.setattr(EmailMultiAlternatives, "send", send_and_die)

    def is_back(self) -> None:
        self._patch.undo()


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    return Power(monkeypatch)


def test_a_crash_between_sending_and_noting_repeats_the_mail_once(
    smtp: Postbox, power: Power
) -> None:
    at = asked(a_student())
    power.fails()
    for minutes in range(5):
        try:
            swept(at + timedelta(minutes=2 * minutes))
        except Power.Gone:
            continue
    power.is_back()
    swept(at + timedelta(minutes=30))

    assert len(smtp.mails) == send.AMBIGUOUS_TRIES
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 1
    assert the_mail().due_at is None


def test_a_crash_before_a_mail_left_costs_no_try(smtp: Postbox, power: Power) -> None:
    people = [a_student(), a_student()]
    at = asked(people[0], "first")
    asked(people[1], "second")
    power.fails()
    for minutes in range(2):
        with pytest.raises(Power.Gone):
            swept(at + timedelta(minutes=2 * minutes))
    power.is_back()

    swept(at + timedelta(minutes=10))

    # The first was sent twice at most; the second waited, and arrived once.
    assert Mail.objects.get(occasion="second").sent_at is not None
    assert len({mail["Message-ID"] for mail in smtp.mails}) == 2


def test_a_server_that_is_down_is_only_a_delay(smtp: Postbox) -> None:
    at = asked(a_student())
    smtp.close()
    for minutes in range(0, 120, 11):
        swept(at + timedelta(minutes=minutes))
    assert the_mail().sent_at is None

    smtp.open()
    swept(at + timedelta(minutes=140))

    assert len(smtp.mails) == 1
    assert the_mail().last_error == ""


def test_a_server_that_is_down_is_asked_once_for_many_mails(
    smtp: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = a_student()
    for number in range(10):
        at = asked(person, f"occasion {number}")
    smtp.close()
    asked_for: list[object] = []
    connect = smtplib.SMTP.connect

    def counted(line: smtplib.SMTP, *where: object) -> tuple[int, bytes]:
        asked_for.append(where)
        return connect(line, *where)  # type: ignore[arg-type]

    monkeypatch.setattr(smtplib.SMTP, "connect", counted)

    swept(at)

    assert len(asked_for) == 1
    assert Mail.objects.filter(due_at__gt=at).count() == 10


@pytest.mark.parametrize("answer", ["550 5.1.1 Nobody of that name", "554 No"])
def test_a_mail_that_is_refused_for_good_ends(smtp: Postbox, answer: str) -> None:
    at = asked(a_student())
    smtp.answer = answer
    swept(at)
    smtp.answer = "250 OK"

    swept(at + timedelta(hours=1))

    assert smtp.mails == []
    assert the_mail().due_at is None
    assert the_mail().sent_at is None


def test_a_mail_that_is_refused_for_now_is_sent_later(smtp: Postbox) -> None:
    at = asked(a_student())
    smtp.answer = "451 4.7.1 Greylisted, try again"
    for minutes in range(0, 60, 11):
        swept(at + timedelta(minutes=minutes))
    smtp.answer = "250 OK"

    swept(at + timedelta(minutes=90))

    assert len(smtp.mails) == 1


def test_a_mail_nobody_can_write_stops_no_other(smtp: Postbox) -> None:
    person = a_student()
    at = asked(person, "bad")
    Mail.objects.update(message="of a version before")
    asked(person, "good")

    swept(at + timedelta(seconds=1))

    assert len(smtp.mails) == 1
    assert Mail.objects.get(occasion="good").sent_at is not None


def test_after_two_days_a_mail_is_of_no_use(smtp: Postbox) -> None:
    at = asked(a_student())

    swept(at + timedelta(days=2, minutes=1))

    assert smtp.mails == []
    assert the_mail().due_at is None


def test_what_another_sweep_has_taken_over_is_left_to_it(
    smtp: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = asked(a_student())
    later = at + send.LEASE + timedelta(seconds=1)

    def slowly(mail: Mail) -> Text:
        # While this mail is written, its lease runs out and somebody else sends it.
        send_due(writers=WRITERS, reach=nowhere, at=later)
        return written(mail)

    send_due(writers={"password_changed": slowly}, reach=nowhere, at=at)

    assert len(smtp.mails) == 1


@pytest.mark.parametrize(
    ("language", "tongue"), [("de", "de"), ("en", "en"), ("", "de")]
)
def test_a_mail_speaks_the_persons_language_plain_and_in_html(
    smtp: Postbox, language: str, tongue: str
) -> None:
    swept(asked(a_student(language=language)))

    (mail,) = smtp.mails
    plain, html = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert html.get_content_type() == "text/html"
    assert f'<html lang="{tongue}">' in html.get_content()
    assert "Cem Sondermann" in plain.get_content()


NAMES = (
    "Cem\r\nBcc: everybody@mail.example",
    "<script>alert(1)</script>",
    "{{ person.private_email }}",
    'Łukasz "O\'Neill" & Søn',
    "%(name)s %s {0}",
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_reaches_the_headers_or_becomes_markup(
    smtp: Postbox, name: str
) -> None:
    swept(asked(a_student(given_names=name)))

    (mail,) = smtp.mails
    assert set(mail.keys()) == {
        "Content-Type",
        "MIME-Version",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
    }
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


@pytest.mark.parametrize(
    "address",
    ["cem@mail.example\r\nBcc: you@mail.example", "cem@mail.example, you@x.example"],
)
def test_no_address_becomes_two(
    smtp: Postbox, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    at = asked(a_student(), address=address)

    swept(at)

    assert smtp.mails == []
    assert the_mail().due_at is None
    ours = [line.getMessage() for line in caplog.records if line.name != "mail.log"]
    assert not any("mail.example" in line for line in ours)


def test_whoever_asks_in_an_act_that_fails_has_not_asked(smtp: Postbox) -> None:
    person = a_student()

    @transaction.atomic
    def act() -> None:
        asked(person)
        raise LookupError

    with pytest.raises(LookupError):
        act()

    assert Mail.objects.count() == 0
