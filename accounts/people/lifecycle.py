"""The acts that change whose password is in force; who calls marks the person due."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum

from django.db import transaction
from django.db.models import F, Max, QuerySet

from accounts.journal.models import Event
from accounts.journal.record import Fact, record, record_many
from accounts.people.models import Kind, Person

# How the journal tells that somebody chose the password in the place of an initial one.
_ACTIVATED, _CHOSEN_AGAIN = "account_activated", "password_chosen_again"
# The end of an initial password whose end we do not know.
NO_END = datetime(9999, 12, 31, tzinfo=UTC)


class PasswordInForce(Enum):
    """What the directory says of a person's password."""

    NONE = "none"
    INITIAL = "initial"
    OWN = "own"


def expect_own_password(  # noqa: PLR0913 - an act has that many sides
    *,
    people: Iterable[int],
    until: datetime,
    by: int | None,
    at: datetime,
    why: str = "letter",
    facts: Mapping[str, Fact] | None = None,
) -> None:
    """Note that these people (ids) get an initial password that ends at ``until``.

    Called before the directory is written: a letter that never got there is one more
    to issue, but no directory ever holds a letter that we know nothing of.
    """
    ids = list(people)
    with transaction.atomic():
        Person.objects.filter(pk__in=ids).update(
            initial_password_until=until, password_changes=F("password_changes") + 1
        )
        record_many(what=f"{why}_issued", at=at, whom=ids, who=by, facts=facts)


def activate(*, person: int, at: datetime) -> bool:
    """Note that the person (id) chose the password that is in force.

    Says whether that was news; the second of two clicks changes nothing.
    """
    news = {
        "initial_password_until": None,
        "password_changes": F("password_changes") + 1,
    }
    mine = Person.objects.filter(pk=person)
    with transaction.atomic():
        first = mine.filter(activated_at=None).update(activated_at=at, **news)
        again = mine.filter(initial_password_until__isnull=False).update(**news)
        if first or again:
            what = _ACTIVATED if first else _CHOSEN_AGAIN
            record(what=what, at=at, whom=person, who=person)
    return bool(first or again)


def activated_last(person: int) -> datetime | None:
    """Say when a person (id) last chose a password in the place of an initial one."""
    acts = Event.objects.filter(whom=person, what__in=(_ACTIVATED, _CHOSEN_AGAIN))
    return acts.order_by("-at").values_list("at", flat=True).first()


def chosen_last(people: QuerySet[Person]) -> dict[int, datetime]:
    """Give the same for many people, by id, with one query."""
    acts = Event.objects.filter(whom__in=people, what__in=(_ACTIVATED, _CHOSEN_AGAIN))
    rows = acts.order_by().values_list("whom_id").annotate(last=Max("at"))
    return {one: last for one, last in rows if one is not None}


def change_password(*, person: int, at: datetime) -> None:
    """Note that the person (id) changed the own password; other sessions end."""
    with transaction.atomic():
        Person.objects.filter(pk=person).update(
            password_changes=F("password_changes") + 1
        )
        record(what="password_changed", at=at, whom=person, who=person)


def sign_out_elsewhere(*, person: int) -> None:
    """End the sessions of a person (id); whoever acts renews the own one."""
    Person.objects.filter(pk=person).update(password_changes=F("password_changes") + 1)


def end_sessions(*, person: int, by: int | None, at: datetime, check: str) -> None:
    """Sign the person (id) out everywhere; the password stays as it is."""
    with transaction.atomic():
        sign_out_elsewhere(person=person)
        facts = {"check": check}
        record(what="sessions_ended", at=at, whom=person, who=by, facts=facts)


def close(*, person: int, into: int) -> None:
    """Close an account (id) for good: ``into`` is the one of this person that stays.

    Whatever was merged into it before follows; sessions end.
    """
    with transaction.atomic():
        Person.objects.filter(merged_into=person).update(merged_into=into)
        Person.objects.filter(pk=person).update(
            merged_into=into, password_changes=F("password_changes") + 1
        )


def witness(
    *, person: int, password: PasswordInForce, ends_at: datetime | None, at: datetime
) -> bool:
    """Take over what the directory says where our own record missed it.

    A crash between the directory and the database is healed here. Says whether the
    person's record changed.
    """
    if password is PasswordInForce.OWN:
        return activate(person=person, at=at)
    if password is PasswordInForce.INITIAL:
        # Somebody gave the person a new initial password; services wait for the next.
        changed = Person.objects.filter(
            pk=person, activated_at__isnull=False, initial_password_until=None
        ).update(initial_password_until=ends_at or NO_END)
        return bool(changed)
    return False


def rename(*, person: int, account_name: str) -> None:
    """Take over the account name that the directory has for a person (id)."""
    Person.objects.filter(pk=person).update(account_name=account_name)


def come_to_know(
    *, account_name: str, display_name: str, language: str, at: datetime
) -> Person:
    """Give the record of somebody of the staff; it is made at the first sign-in."""
    person, _ = Person.objects.get_or_create(
        account_name=account_name,
        defaults={
            "kind": Kind.STAFF,
            "family_name": display_name[:255],
            "language": language if language in {"de", "en"} else "",
            "created_at": at,
            "activated_at": at,
        },
    )
    return person
