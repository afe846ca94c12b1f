"""One act of staff or tutor: who does something for whom, when, where, once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.journal.record import Fact
from accounts.people.models import Person
from onboarding.cards.models import Place, Shift


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something for whom, when and where, under an id of its own.

    The same id again has no second effect. ``at`` is when it happened, ``noted_at``
    when the portal learned of it. ``shift`` is the till of a tutor's cash and
    ``receipt_number`` what the phone wrote on the receipt; the desk has its own.
    """

    id: UUID
    person: Person
    by: Person
    at: datetime
    place: Place = Place.DESK
    noted_at: datetime | None = None
    shift: Shift | None = None
    receipt_number: int | None = None

    @property
    def on(self) -> date:
        """Give the day of it."""
        return timezone.localdate(self.at)

    @property
    def noted(self) -> datetime:
        """Give when the portal learned of it."""
        return self.noted_at or self.at

    def about(self, **facts: Fact) -> dict[str, Any]:
        """Give what the journal notes of it beside the act's name."""
        return {
            "at": self.at,
            "whom": self.person.pk,
            "who": self.by.pk,
            "facts": facts,
        }
