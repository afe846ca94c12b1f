"""People at points of their way, with a real directory and without a worker."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.due.mark import mark
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from accounts.signin.activation import choose_own_password
from onboarding.enrolment.letters import issue_slip
from tests.cast import a_colleague, a_student, enrolled
from tests.stories.visitor import OWN
from worker.fleet import CONNECTORS, FACTS


def settle() -> None:
    """Do what the worker does, once for every system."""
    for connector in CONNECTORS:
        while settle_batch(connector=connector, facts=FACTS, at=timezone.now()):
            pass


def a_beginner(**facts: Any) -> Person:
    """Create a student with an entry; no letter has been made out."""
    person = a_student(**facts)
    enrolled(person)
    mark(people=[person.pk], systems=[DIRECTORY], at=timezone.now())
    settle()
    return person


def with_a_letter(*, ended: bool = False, **facts: Any) -> tuple[Person, str]:
    """Create a student with a letter; give what is printed on it, too."""
    person = a_beginner(**facts)
    at = timezone.now() - timedelta(days=100 if ended else 0)
    return person, a_letter(person, at=at)


def a_letter(person: Person, *, at: datetime) -> str:
    letter = issue_slip(person=person, by=a_colleague(), at=at)
    person.refresh_from_db()
    return letter.initial_password


def an_active_student(**facts: Any) -> Person:
    """Create a student who chose a password (OWN) and is all set up."""
    person, printed = with_a_letter(**facts)
    choose_own_password(
        account=person.account_name,
        initial=printed.replace("-", ""),
        new=OWN,
        at=timezone.now(),
    )
    settle()
    person.refresh_from_db()
    return person
