"""Letting somebody in whom the import holds back: an act of the desk, counted."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.people.models import Person
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.releasing import release
from onboarding.helpdesk.agents import is_colleague
from onboarding.helpdesk.held import person_of
from onboarding.helpdesk.limits import quick
from onboarding.helpdesk.refusals import NeverHere


def let_in(
    *, held: Held, corrections: Mapping[str, str], check: str, by: Person, at: datetime
) -> Person:
    """Let them in with what stands in the papers; gives the student.

    Raises TooMuchToday, NeverHere, and what ``release`` raises.
    """
    person = person_of(held)
    if person is not None and is_colleague(person):
        raise NeverHere
    with transaction.atomic():
        quick(by=by, at=at)
    return release(held=held, corrections=corrections, check=check, by=by, at=at)
