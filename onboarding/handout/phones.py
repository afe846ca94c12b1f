"""Phones: whose each one is, when it was last heard of, and whether it is shut out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.handout.models import Phone


class NotYours(Exception):
    """The phone is somebody else's."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a phone says of itself."""

    device: str = ""
    waiting: int = 0
    app: str = ""


def enrol(*, key: UUID, person: Person, word: Word, at: datetime) -> Phone:
    """Note that a phone is here, for the first time or again; raises NotYours."""
    with transaction.atomic():
        said = {"heard_at": at, "waiting": word.waiting, "app": word.app}
        phone, new = Phone.objects.get_or_create(
            id=key,
            defaults={
                "person": person,
                "device": word.device,
                "enrolled_at": at,
                **said,
            },
        )
        if phone.person_id != person.pk:
            raise NotYours
        if new:
            facts = {"device": word.device}
            record(
                what="phone_enrolled",
                at=at,
                whom=person.pk,
                who=person.pk,
                facts=facts,
            )
        else:
            Phone.objects.filter(pk=key).update(**said)
        return phone


def shut_out(*, key: UUID, by: Person, at: datetime) -> None:
    """Let a phone get no list any more; what it still sends waits for a human."""
    with transaction.atomic():
        open_now = Phone.objects.filter(pk=key, shut_out_at=None)
        if open_now.update(shut_out_at=at, shut_out_by=by):
            owner = Phone.objects.get(pk=key).person_id
            record(what="phone_shut_out", at=at, whom=owner, who=by.pk)


def phone_of(person: Person, key: str | UUID) -> Phone | None:
    """Give a person's own phone with this key."""
    try:
        wanted = UUID(str(key))
    except ValueError:
        return None
    return Phone.objects.filter(pk=wanted, person=person).first()


def seen_since(at: datetime) -> QuerySet[Phone]:
    """Give the phones that were heard of since a time, the longest silent first."""
    mine = Phone.objects.filter(heard_at__gte=at)
    return mine.select_related("person").order_by("heard_at", "pk")
