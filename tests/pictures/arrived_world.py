"""Somebody who has everything: each step with what proves it done."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import F

from accounts.catalogue.systems import (
    DIRECTORY,
    MAILBOX,
    MOODLE,
    MYSTUDY,
    PAIA,
)
from accounts.connectors.mystudy import ACCOUNT
from accounts.due.models import Sync
from accounts.journal.record import record
from accounts.mailbox.models import MailAddress
from accounts.mystudy.models import MyStudyAccount
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.applications.models import LibraryRegistration
from onboarding.cards.acts import Act
from onboarding.cards.deposits import Settlement
from onboarding.cards.handout import hand_out
from onboarding.cards.numbers import check_digit
from tests.cast import a_colleague

DAY = timedelta(days=1)


def arrive(person: Person, *, at: datetime, serial: int = 37282) -> Person:
    """Take every step for somebody who has activated the account; give the person."""
    _set_up(person, at)
    _open_mail(person, at)
    _open_teaching(person, at + DAY)
    _get_card(person, serial, at + 2 * DAY)
    _confirm(person, PAIA, "works", at + 3 * DAY)
    return person


def a_number(serial: int) -> str:
    digits = f"3110{serial:05}"
    return digits + check_digit(digits)


def _set_up(person: Person, at: datetime) -> None:
    Sync.objects.get_or_create(
        person=person,
        system=DIRECTORY,
        defaults={"generation": 1, "settled_generation": 1, "due_at": None},
    )
    record(what="enrolment_new", at=at - 30 * DAY, whom=person.pk)
    record(what="letter_issued", at=at - 20 * DAY, whom=person.pk)
    record(what="account_activated", at=at, whom=person.pk, who=person.pk)


def _open_mail(person: Person, at: datetime) -> None:
    address = f"{person.account_name}.sondermann@stud.leuphana.example"
    MailAddress.objects.create(
        person=person, address=address, chosen_at=at, proved_at=at
    )
    Sync.objects.create(
        person=person, system=MAILBOX, generation=1, settled_generation=1, due_at=None
    )
    for what in ("mail_address_chosen", "mailbox_proved"):
        facts = {"address": address}
        record(what=what, at=at, whom=person.pk, who=person.pk, facts=facts)


def _open_teaching(person: Person, at: datetime) -> None:
    MyStudyAccount.objects.create(
        person=person, user_name=f"cem.{person.account_name}", made_at=at
    )
    record(what="mystudy_account_made", at=at, whom=person.pk, who=person.pk)
    _confirm(person, MYSTUDY, ACCOUNT, at)
    _confirm(person, MOODLE, "last_seen", at)


def _get_card(person: Person, serial: int, at: datetime) -> None:
    LibraryRegistration.objects.create(
        person=person,
        version=1,
        reference=f"K7P2-{serial % 10_000:04}",
        submitted_at=at,
        fields=[],
        terms_version="1",
    )
    act = Act(id=uuid4(), person=person, by=a_colleague(), at=at)
    hand_out(act=act, number=a_number(serial), how=Settlement.PAID)
    directory_knows(person, at=at)


def directory_knows(person: Person, *, at: datetime) -> None:
    """Do what the worker does once somebody has got a card."""
    Sync.objects.filter(person=person, system=DIRECTORY).update(
        settled_generation=F("generation"), settled_at=at, due_at=None
    )


def _confirm(person: Person, system: str, key: str, at: datetime) -> None:
    Evidence.objects.create(
        person=person,
        system=system,
        key=key,
        value=at.isoformat(),
        first_seen_at=at,
        seen_at=at,
    )
