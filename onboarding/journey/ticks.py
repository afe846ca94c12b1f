"""Steps that students tick themselves, because no system can tell.

A tick is shown as what it is, the student's own word, and may be taken back. Whether
a step may be ticked is the step's business: see ``Word`` in onboarding.journey.step.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.journal.record import record
from accounts.people.models import Person
from onboarding.journey.models import Tick


def ticked(person: int) -> frozenset[str]:
    """Give the steps (keys) that a person (id) says are done; one indexed question."""
    return frozenset(ticks_of(person))


def ticks_of(person: int) -> dict[str, datetime]:
    """Give the same with the moments."""
    return dict(_standing(person).values_list("step", "ticked_at"))


def tick(*, person: Person, step: str, at: datetime) -> None:
    """Note that the person says that the step is done; twice is once."""
    with transaction.atomic():
        # Two presses at the same moment queue here.
        Person.objects.select_for_update().get(pk=person.pk)
        _, news = Tick.objects.get_or_create(
            person=person, step=step, taken_back_at=None, defaults={"ticked_at": at}
        )
        if news:
            record(
                what="step_ticked",
                at=at,
                whom=person.pk,
                who=person.pk,
                facts={"step": step},
            )


def take_back(*, person: Person, step: str, at: datetime) -> None:
    """Note that the person takes the own word back."""
    with transaction.atomic():
        mine = _standing(person.pk).filter(step=step)
        if mine.update(taken_back_at=at):
            record(
                what="step_tick_taken_back",
                at=at,
                whom=person.pk,
                who=person.pk,
                facts={"step": step},
            )


def _standing(person: int) -> QuerySet[Tick]:
    return Tick.objects.filter(person=person, taken_back_at=None)
