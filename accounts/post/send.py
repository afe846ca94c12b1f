"""Asking for mails, and sending them: once, even when everything crashes around it."""

import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q

from accounts.due.nudge import nudge
from accounts.post.models import Mail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 20
# After so long a mail is of no use to anybody.
GIVEN_UP_AFTER = timedelta(days=2)
LONGEST_WAIT = timedelta(minutes=10)
# A mail may have arrived although its answer was lost: it is tried once more, no more.
# Both have the same Message-ID.
AMBIGUOUS_TRIES = 2


@dataclass(frozen=True)
class Text:
    """A written mail."""

    subject: str
    plain: str
    html: str


# Writes a mail at the moment it is sent; nothing where it has become pointless.
Writer = Callable[[Mail], Text | None]


def ask_for(
    *, person: int, message: str, address: str, occasion: str, at: datetime
) -> None:
    """Ask for a mail, in the transaction of the act; one occasion gives one mail."""
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


def send_due(*, writers: Mapping[str, Writer], at: datetime) -> int:
    """Send what is due; says how many mails were looked at."""
    mails = _claim(at)
    for mail in mails:
        _send(mail, writers, at)
    return len(mails)


def _claim(at: datetime) -> list[Mail]:
    token = uuid4()
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    with transaction.atomic():
        due = Mail.objects.filter(free, due_at__lte=at).order_by("due_at")
        ids = list(due.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return []
        # Counted before it is sent: a crash in between counts as a try.
        Mail.objects.filter(free, pk__in=ids).update(
            lease_token=token, leased_until=at + LEASE, tries=F("tries") + 1
        )
    return list(Mail.objects.select_related("person").filter(lease_token=token))


def _send(mail: Mail, writers: Mapping[str, Writer], at: datetime) -> None:
    text = writers[mail.message](mail)
    if text is None or at - mail.asked_at > GIVEN_UP_AFTER:
        _end(mail, error="pointless by now")
        return
    try:
        connection = get_connection()
        connection.open()
    except (OSError, smtplib.SMTPException) as failure:
        # Nothing was sent; that was no try.
        _later(mail, failure, at, tried=False)
        return
    try:
        _message(mail, text, connection).send()
    except smtplib.SMTPRecipientsRefused as failure:
        _end(mail, error=type(failure).__name__)
    except (OSError, smtplib.SMTPException) as failure:
        if mail.tries >= AMBIGUOUS_TRIES:
            _end(mail, error=type(failure).__name__)
        else:
            _later(mail, failure, at, tried=True)
    else:
        Mail.objects.filter(pk=mail.pk).update(
            sent_at=at, due_at=None, leased_until=None, last_error=""
        )
    finally:
        connection.close()


def _message(mail: Mail, text: Text, connection: object) -> EmailMultiAlternatives:
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


def _later(mail: Mail, failure: Exception, at: datetime, *, tried: bool) -> None:
    log.warning("mail %s: %s", mail.pk, type(failure).__name__)
    waits = timedelta(seconds=2 ** min(mail.tries + 1, 12))
    tries = mail.tries if tried else mail.tries - 1
    age = at - mail.asked_at
    Mail.objects.filter(pk=mail.pk).update(
        tries=tries,
        due_at=at + min(max(waits, age / 4), LONGEST_WAIT),
        leased_until=None,
        last_error=type(failure).__name__,
    )


def _end(mail: Mail, *, error: str) -> None:
    log.warning("mail %s: %s", mail.pk, error)
    Mail.objects.filter(pk=mail.pk).update(
        due_at=None, leased_until=None, last_error=error[:255]
    )
