"""What a system has seen and our own record has missed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.connectors.contract import (
    AccountThere,
    Found,
    Outcome,
    PermanentFailure,
    Subject,
    TemporaryFailure,
)
from accounts.journal.models import Event
from accounts.mystudy import account as mystudy
from accounts.people.lifecycle import PasswordInForce, rename, witness
from accounts.reconciler.models import Evidence
from accounts.signin.tidings import tell_activated, tell_password_changed

# What lifecycle.expect_own_password writes into the journal.
ISSUED = "_issued"
# A run of letters writes them all into the directory within this time.
UNDER_WAY = timedelta(minutes=30)

ON_ITS_WAY = TemporaryFailure("initial_password_on_its_way")
ACCOUNT_TAKEN = PermanentFailure("account_of_another")
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
        news |= _witness(found.password, found, subject, at)
    if found.own_account is not None and not subject.mystudy:
        news |= _adopt(found.own_account, subject, at)
    return news


def note(found: Mapping[int, Found | Outcome], *, system: str, at: datetime) -> None:
    """Keep what a system says of people (ids); what it no longer says stays."""
    rows = [
        Evidence(
            person_id=one,
            system=system,
            key=key,
            value=value[:255],
            first_seen_at=at,
            seen_at=at,
        )
        for one, seen in found.items()
        if isinstance(seen, Found)
        for key, value in seen.evidence
    ]
    Evidence.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "system", "key"],
        update_fields=["value", "seen_at"],
        batch_size=500,
    )


def said_by(system: str) -> QuerySet[Evidence]:
    """Give all that a system has said."""
    return Evidence.objects.filter(system=system)


def evidence_of(person: int) -> dict[tuple[str, str], Evidence]:
    """Give what the systems say of a person (id), by system and key."""
    rows = Evidence.objects.filter(person_id=person)
    return {(row.system, row.key): row for row in rows}


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


def _witness(
    password: PasswordInForce, found: Found, subject: Subject, at: datetime
) -> bool:
    with transaction.atomic():
        news = witness(
            person=subject.id, password=password, ends_at=found.password_ends_at, at=at
        )
        # Whoever was active before the portal came is told nothing new.
        if news and password is PasswordInForce.OWN and subject.initial_until:
            tell = tell_password_changed if subject.activated else tell_activated
            tell(person=subject.id, at=at)
    return news


def _adopt(there: AccountThere, subject: Subject, at: datetime) -> bool:
    """Note an account that another system made, or that a crash kept from us."""
    adopted = mystudy.witness(
        person=subject.id,
        user_name=there.user_name,
        made_here=there.made_here,
        at=at,
    )
    if adopted is None:
        raise ACCOUNT_TAKEN
    return True


def _rename(subject: Subject, account_name: str) -> None:
    try:
        with transaction.atomic():
            rename(person=subject.id, account_name=account_name)
    except IntegrityError:
        raise NAME_TAKEN from None
