"""With the worker away, a page does not promise a few seconds for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY, MAILBOX, MYSTUDY
from accounts.connectors.contract import Mode
from accounts.due.mark import mark
from accounts.due.progress import overall_of, progress_of
from accounts.mailbox.models import MailAddress
from accounts.mailbox.standing import Ready, standing_of
from accounts.mystudy.modes import decide
from accounts.people.lifecycle import activate
from accounts.people.models import Person
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from tests.cast import a_student, enrolled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

SYSTEMS = (DIRECTORY, MAILBOX, MYSTUDY)
SOON, LATER = timedelta(seconds=50), timedelta(seconds=70)


@pytest.fixture
def cem(redis: object) -> Person:
    """Give somebody whom nobody has set up yet; all of it is due."""
    person, now = a_student(), timezone.now()
    enrolled(person)
    activate(person=person.pk, at=now)
    MailAddress.objects.create(
        person=person, address="cem@stud.leuphana.example", chosen_at=now
    )
    decide(
        cohort_code="2026ws",
        from_date=timezone.localdate(),
        mode=Mode.LEUPHANA,
        by=None,
        at=now,
    )
    mark(people=[person.pk], systems=SYSTEMS, at=now)
    return Person.objects.get(pk=person.pk)


def notes(person: Person) -> dict[str, str]:
    way = journey(facts_of(person, at=timezone.now()))
    return {one.step.key: str(one.now.note) for one in way.stations}


def test_what_waits_for_more_than_a_minute_takes_longer_than_usual(
    cem: Person,
) -> None:
    begun = timezone.now()
    keys = ("activation", "mail", "mystudy")
    with time_machine.travel(begun + SOON):
        early, told = overall_of(cem.pk), notes(cem)
        assert not any("longer than usual" in told[key] for key in keys)
        assert standing_of(cem.pk).ready is Ready.SETTING_UP
    with time_machine.travel(begun + LATER):
        late, told = overall_of(cem.pk), notes(cem)
        assert all("longer than usual" in told[key] for key in keys)
        assert all("you may close this page" in told[key].lower() for key in keys)
        assert standing_of(cem.pk).ready is Ready.NOT_YET

    # The page that looks by itself learns of it, and goes on looking.
    assert early.version != late.version
    assert not late.settled


def test_what_is_put_off_is_not_late(cem: Person) -> None:
    now = timezone.now()
    mark(people=[cem.pk], systems=[DIRECTORY], at=now + LATER)

    with time_machine.travel(now + LATER):
        assert not progress_of(cem.pk, system=DIRECTORY).late
