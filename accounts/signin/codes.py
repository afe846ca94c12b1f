"""Codes that come by mail: single use, bound to person, address, purpose, session.

A code is born when its mail is written (``open_code``), so that neither the database
nor Redis ever holds one; only its keyed hash is kept. No GET uses a code up.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.people.models import Person
from accounts.post.send import ask_for
from accounts.signin.models import MailedCode, Purpose, RecoveryAddress

GOOD_FOR = timedelta(minutes=15)
DIGITS = 8
TRIES = 5
# Nobody's mailbox is filled by somebody who presses a button.
LEAST_BETWEEN = timedelta(seconds=60)
MOST_AN_HOUR = 6
KEPT_FOR = timedelta(days=1)


class CodeRefused(Exception):
    """The code is not the newest one, was used, has ended, or was never sent."""


def ask_for_code(
    *, person: Person | None, purpose: Purpose, address: str, session: str, at: datetime
) -> MailedCode:
    """Ask for a code to be mailed; for nobody and for too many nothing is sent."""
    with transaction.atomic():
        send = person is not None and bool(address) and not _too_many(person, at)
        code = MailedCode.objects.create(
            person=person,
            purpose=purpose,
            address=address,
            session=session,
            asked_at=at,
            good_until=at + GOOD_FOR,
        )
        if person is not None and send:
            ask_for(
                person=person.pk,
                message=f"code_{purpose}",
                address=address,
                occasion=f"code:{code.pk}",
                at=at,
            )
    return code


def open_code(*, code: int) -> str:
    """Make the digits for the mail about to be sent; those before are dead."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    MailedCode.objects.filter(pk=code).update(digest=_digest(code, digits))
    return digits


def use(
    *,
    typed: str,
    purpose: Purpose,
    session: str,
    at: datetime,
    person: Person | None = None,
) -> MailedCode:
    """Use the newest code of this session up; raises CodeRefused.

    Where ``person`` is given, the code must be that person's.
    """
    digits = "".join(sign for sign in typed if sign.isdigit() and sign.isascii())
    newest = (
        MailedCode.objects.filter(session=session, purpose=purpose)
        .order_by("-pk")
        .first()
    )
    if newest is None or (person and newest.person_id != person.pk):
        raise CodeRefused
    counted = MailedCode.objects.filter(
        pk=newest.pk, tries__lt=TRIES, used_at=None, good_until__gt=at
    ).update(tries=F("tries") + 1)
    right = hmac.compare_digest(newest.digest, _digest(newest.pk, digits))
    if not (counted and right and newest.digest and newest.person_id):
        raise CodeRefused
    if not MailedCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=at):
        raise CodeRefused
    return newest


def give_back(*, code: MailedCode) -> None:
    """Make a code good again that nothing came of."""
    MailedCode.objects.filter(pk=code.pk).update(used_at=None, tries=F("tries") - 1)


def prove_address(*, code: MailedCode, at: datetime) -> None:
    """Take the address that a used code was sent to as the recovery address."""
    RecoveryAddress.objects.update_or_create(
        person=code.person, defaults={"address": code.address, "proved_at": at}
    )


def forget(*, at: datetime) -> None:
    """Drop codes a day after they were asked for."""
    MailedCode.objects.filter(asked_at__lt=at - KEPT_FOR).delete()


def _too_many(person: Person, at: datetime) -> bool:
    recent = MailedCode.objects.filter(person=person)
    return (
        recent.filter(asked_at__gt=at - LEAST_BETWEEN).exists()
        or recent.filter(asked_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR
    )


def _digest(code: int, digits: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"code:{code}:{digits}".encode(), "sha256"
    ).hexdigest()
