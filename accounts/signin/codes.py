"""Codes that come by mail: single use, bound to person, address, purpose, session.

A code is worked out when its mail is written (``open_code``), so that neither the
database nor Redis ever holds one; only its keyed hash is kept. No GET uses a code up.
"""

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.due.nudge import nudge
from accounts.people.models import Person
from accounts.post.send import ask_for
from accounts.signin.models import MailedCode, Purpose

GOOD_FOR = timedelta(minutes=15)
DIGITS = 8
TRIES = 5
# By one browser for one purpose, and to one person by all of them: nobody's mailbox is
# filled by somebody who presses a button.
LEAST_BETWEEN = timedelta(seconds=60)
MOST_AN_HOUR = 6
MOST_TO_ONE_PERSON = 30
KEPT_FOR = timedelta(days=1)


class CodeRefused(Exception):
    """The code is not the newest one, was used, has ended, or was never sent."""


def ask_for_code(
    *, person: Person | None, purpose: Purpose, address: str, session: str, at: datetime
) -> bool:
    """Ask for a code to be mailed; says whether one will be.

    For nobody and for too many nothing is sent, in the same time, and the code that was
    sent before stays good.
    """
    with transaction.atomic():
        known = person if person is not None and address else None
        send = not _too_many(known, purpose, session, at) and known is not None
        code = MailedCode.objects.create(
            person=known if send else None,
            purpose=purpose,
            address=address if send else "",
            session=session,
            asked_at=at,
            good_until=at + GOOD_FOR,
        )
        if code.person_id is not None:
            ask_for(
                person=code.person_id,
                message=f"code_{purpose}",
                address=address,
                occasion=f"code:{code.pk}",
                at=at,
            )
        else:
            transaction.on_commit(nudge)
    return send


def open_code(*, code: MailedCode) -> str:
    """Give the digits for the mail that is being written.

    They come out the same where a mail has to be sent again, and need the secret key.
    """
    seed = f"digits:{code.pk}:{code.session}:{code.asked_at.timestamp()}"
    digits = str(int(_keyed(seed), 16) % 10**DIGITS).zfill(DIGITS)
    MailedCode.objects.filter(pk=code.pk).update(digest=_digest(code, digits))
    return digits


def use(
    *,
    typed: str,
    purpose: Purpose,
    session: str,
    at: datetime,
    person: Person | None = None,
) -> MailedCode:
    """Use the newest code that was sent for this session up; raises CodeRefused.

    Where ``person`` is given, the code must be that person's. Where none was sent, the
    same is done in vain: the time tells nothing.
    """
    newest = _newest(purpose, session)
    mine = MailedCode.objects.filter(pk=newest.pk, used_at=None)
    counted = mine.filter(tries__lt=TRIES, good_until__gt=at).update(
        tries=F("tries") + 1
    )
    digits = "".join(sign for sign in typed if sign.isdigit() and sign.isascii())
    right = hmac.compare_digest(newest.digest, _digest(newest, digits))
    theirs = person is None or newest.person_id == person.pk
    if not (counted and right and theirs and mine.update(used_at=at)):
        raise CodeRefused
    return newest


def give_back(*, code: MailedCode) -> None:
    """Make a code good again that nothing came of."""
    MailedCode.objects.filter(pk=code.pk).update(used_at=None, tries=F("tries") - 1)


def forget(*, at: datetime) -> None:
    """Drop codes a day after they were asked for."""
    MailedCode.objects.filter(asked_at__lt=at - KEPT_FOR).delete()


def _newest(purpose: Purpose, session: str) -> MailedCode:
    sent = MailedCode.objects.select_related("person").filter(
        session=session, purpose=purpose, person__isnull=False
    )
    return sent.order_by("-pk").first() or MailedCode(pk=0)


def _too_many(
    person: Person | None, purpose: Purpose, session: str, at: datetime
) -> bool:
    """Say whether enough was sent; whoever asks next waits for the answer.

    What one browser asks for one purpose does not count for another, so that a stranger
    who asks in somebody's name does not take the owner's code away. Only a stranger who
    keeps coming with new sessions is stopped for everybody, far above what owners need.
    """
    number = person.pk if person is not None else 0
    Person.objects.select_for_update().filter(pk=number).first()
    lately = MailedCode.objects.filter(
        person_id=number, asked_at__gt=at - timedelta(hours=1)
    )
    mine = lately.filter(session=session, purpose=purpose)
    just_now = mine.filter(asked_at__gt=at - LEAST_BETWEEN).exists()
    enough = mine.count() >= MOST_AN_HOUR
    return just_now or enough or lately.count() >= MOST_TO_ONE_PERSON


def _digest(code: MailedCode, digits: str) -> str:
    return _keyed(f"code:{code.pk}:{digits}")


def _keyed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()
