"""What a system has seen and our own record has missed."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.connectors.contract import (
    Found,
    PermanentFailure,
    Subject,
    TemporaryFailure,
)
from accounts.journal.models import Event
from accounts.people.lifecycle import PasswordInForce, rename, witness

# What lifecycle.expect_own_password writes into the journal.
ISSUED = "_issued"
# A run of letters writes them all into the directory within this time.
UNDER_WAY = timedelta(minutes=30)

ON_ITS_WAY = TemporaryFailure("initial_password_on_its_way")
NAME_TAKEN = PermanentFailure("account_name_of_another")


def heed(found: Found, subject: Subject, *, at: datetime) -> bool:
    """Take over what was found; says whether the person's record changed.

    Raises PermanentFailure where the account has the name of somebody else, and
    TemporaryFailure where the directory does not have the initial password yet that
    our record tells of.
    """
    news = False
    if found.account_name not in {"", subject.account_name}:
        # The entry of the university's identity management was there first.
        _rename(subject, found.account_name)
        news = True
    if found.password is not None and _surprising(found.password, subject):
        if _before_the_letter(found, subject, at):
            raise ON_ITS_WAY
        news |= witness(
            person=subject.id,
            password=found.password,
            ends_at=found.password_ends_at,
            at=at,
        )
    return news


def _surprising(password: PasswordInForce, subject: Subject) -> bool:
    return subject.standing.own_password != (password is PasswordInForce.OWN)


def _before_the_letter(found: Found, subject: Subject, at: datetime) -> bool:
    """Say whether the own password that was found is the one before a new letter.

    The record tells of a letter first, the directory gets it then. A password that was
    chosen after it still has the letter's end beside it.
    """
    if found.password is not PasswordInForce.OWN or subject.initial_until is None:
        return False
    if found.password_ends_at == subject.initial_until.replace(microsecond=0):
        return False
    issued = Event.objects.filter(whom=subject.id, what__endswith=ISSUED)
    return issued.filter(at__gt=at - UNDER_WAY).exists()


def _rename(subject: Subject, account_name: str) -> None:
    try:
        with transaction.atomic():
            rename(person=subject.id, account_name=account_name)
    except IntegrityError:
        raise NAME_TAKEN from None
