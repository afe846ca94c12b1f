"""Asking for mails, and sending them: once, even when everything crashes around it."""

import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q

from accounts.due.nudge import nudge
from accounts.post.models import Mail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 20
# After so long a mail is of no use to anybody.
GIVEN_UP_AFTER = timedelta(days=2)
# For so long an address may be of use to whoever looks for a lost mail.
ADDRESS_KEPT = timedelta(days=30)
SHORTEST_WAIT = timedelta(seconds=4)
LONGEST_WAIT = timedelta(minutes=10)
# A mail may have arrived although its answer was lost: it is tried once more, no more.
# Both have the same Message-ID.
AMBIGUOUS_TRIES = 2
_NEVER = 500
# Why a mail was not sent whose person had no proved address.
NOWHERE = "no address yet"
POINTLESS = "pointless by now"


@dataclass(frozen=True)
class Text:
    """A written mail."""

    subject: str
    plain: str
    html: str


# Writes a mail at the moment it is sent; nothing where it has become pointless.
Writer = Callable[[Mail], Text | None]
# Says where a person (id) reads mail now; empty where nowhere.
Reach = Callable[[int], str]


def ask_for(
    *, person: int, message: str, occasion: str, at: datetime, address: str = ""
) -> None:
    """Ask for a mail, in the transaction of the act; one occasion gives one mail.

    Without an address it goes where the person reads mail when it is sent.
    """
    with transaction.atomic():
        Mail.objects.bulk_create(
            [
                Mail(
                    person_id=person,
                    message=message,
                    address=address,
                    occasion=occasion,
                    asked_at=at,
                    due_at=at,
                )
            ],
            ignore_conflicts=True,
        )
        transaction.on_commit(nudge)


def ask_for_many(*, occasions: Mapping[int, str], message: str, at: datetime) -> None:
    """Ask for the same mail to many people (id → occasion), where each reads mail."""
    with transaction.atomic():
        Mail.objects.bulk_create(
            (
                Mail(
                    person_id=person,
                    message=message,
                    occasion=occasion,
                    asked_at=at,
                    due_at=at,
                )
                for person, occasion in occasions.items()
            ),
            ignore_conflicts=True,
            batch_size=500,
        )
        transaction.on_commit(nudge)


def catch_up(*, person: int, at: datetime) -> None:
    """Send what had nowhere to go: the person (id) has an address now."""
    waiting = Mail.objects.filter(
        person=person,
        address="",
        due_at=None,
        last_error=NOWHERE,
        asked_at__gt=at - GIVEN_UP_AFTER,
    )
    with transaction.atomic():
        if waiting.update(due_at=at, last_error=""):
            transaction.on_commit(nudge)


def send_again(*, person: int, occasion: str, at: datetime) -> bool:
    """Send a mail to a person (id) now that hangs or was refused; says whether.

    What a server took is not sent twice: it has arrived, or it is looked for.
    """
    with transaction.atomic():
        hanging = Mail.objects.filter(person=person, occasion=occasion, sent_at=None)
        again = hanging.update(due_at=at, tries=0, last_error="")
        transaction.on_commit(nudge)
    return bool(again)


def send_due(*, writers: Mapping[str, Writer], reach: Reach, at: datetime) -> int:
    """Send what is due; says how many mails were looked at."""
    mails = _claim(at)
    if not mails:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as failure:
        # One that does not answer is asked once, not once for every mail.
        for mail in mails:
            _later(mail, failure, at)
        return len(mails)
    try:
        _send_all(mails, writers, reach, connection, at)
    finally:
        connection.close()
    return len(mails)


def forget(*, at: datetime) -> None:
    """Let go of the addresses of old mails; their occasions stay, and stay used."""
    Mail.objects.filter(due_at=None, asked_at__lt=at - ADDRESS_KEPT).exclude(
        address=""
    ).update(address="")


def _claim(at: datetime) -> list[Mail]:
    token = uuid4()
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    with transaction.atomic():
        due = Mail.objects.filter(free, due_at__lte=at).order_by("due_at")
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return []
        Mail.objects.filter(free, pk__in=ids).update(
            lease_token=token, leased_until=at + LEASE
        )
    return list(Mail.objects.select_related("person").filter(lease_token=token))


def _send_all(
    mails: list[Mail],
    writers: Mapping[str, Writer],
    reach: Reach,
    connection: BaseEmailBackend,
    at: datetime,
) -> None:
    for mail in mails:
        try:
            mail.address = mail.address or reach(mail.person_id)
            text = writers[mail.message](mail) if mail.address else None
        except Exception as failure:  # noqa: BLE001 - one bad mail stops no other
            _later(mail, failure, at)
            continue
        if not mail.address:
            _end(mail, error=NOWHERE)
        elif text is None or at - mail.asked_at > GIVEN_UP_AFTER:
            _end(mail, error=POINTLESS)
        elif _begin(mail):
            _send(mail, _message(mail, text, connection), at)


def _begin(mail: Mail) -> bool:
    """Count the try before it is made, so that a crash in it counts.

    Somebody else may have it by now, where sending took long.
    """
    mine = Mail.objects.filter(pk=mail.pk, lease_token=mail.lease_token)
    # A second try goes where the first one went.
    trying = {"tries": F("tries") + 1, "address": mail.address}
    if mine.filter(tries__lt=AMBIGUOUS_TRIES).update(**trying):
        return True
    if mine.exists():
        _end(mail, error="may have arrived twice")
    return False


def _send(mail: Mail, message: EmailMultiAlternatives, at: datetime) -> None:
    try:
        message.send()
    except ValueError as failure:
        # No address of a mail; its text stands in the exception, so not in the log.
        _end(mail, error=type(failure).__name__)
    except (OSError, smtplib.SMTPException) as failure:
        if _is_final(failure):
            _end(mail, error=type(failure).__name__)
            return
        if _is_refusal(failure):
            # The server has it for certain not: that was no try.
            Mail.objects.filter(pk=mail.pk).update(tries=F("tries") - 1)
        _later(mail, failure, at)
    else:
        Mail.objects.filter(pk=mail.pk).update(
            sent_at=at, due_at=None, leased_until=None, last_error=""
        )


def _answers(failure: Exception) -> list[int]:
    """Give the codes that the server answered with; none where the line broke."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in failure.recipients.values()]
    if isinstance(failure, smtplib.SMTPResponseException):
        return [failure.smtp_code]
    return []


def _is_refusal(failure: Exception) -> bool:
    return bool(_answers(failure))


def _is_final(failure: Exception) -> bool:
    """Say whether the server wants this mail never (RFC 5321, 4.2.1: 5yz)."""
    about_the_mail = isinstance(
        failure, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
    )
    return about_the_mail and all(code >= _NEVER for code in _answers(failure))


def _message(
    mail: Mail, text: Text, connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    _, _, domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")
    name = uuid5(NAMESPACE_URL, f"{settings.PORTAL_URL}/{mail.occasion}")
    message = EmailMultiAlternatives(
        subject=text.subject,
        body=text.plain,
        to=[mail.address],
        connection=connection,
        headers={
            "Message-ID": f"<{name}@{domain.rstrip('>')}>",
            # RFC 3834: no holiday notes in answer, please.
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(text.html, "text/html")
    return message


def _later(mail: Mail, failure: Exception, at: datetime) -> None:
    log.warning("mail %s: %s", mail.pk, type(failure).__name__)
    age = at - mail.asked_at
    Mail.objects.filter(pk=mail.pk).update(
        due_at=at + min(max(SHORTEST_WAIT, age / 4), LONGEST_WAIT),
        leased_until=None,
        last_error=type(failure).__name__,
    )


def _end(mail: Mail, *, error: str) -> None:
    level = logging.INFO if error == NOWHERE else logging.WARNING
    log.log(level, "mail %s: %s", mail.pk, error)
    Mail.objects.filter(pk=mail.pk).update(
        due_at=None, leased_until=None, last_error=error[:255]
    )
