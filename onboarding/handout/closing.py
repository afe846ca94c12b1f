"""The end of the week: boxes and cash come back, lists close, nobody is forgotten."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.journal.record import record
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.post.render import write
from accounts.post.send import Text, Writer, ask_for
from onboarding.cards import stock
from onboarding.cards.models import (
    BoxCount,
    Direction,
    Holding,
    Place,
    Shift,
    Side,
)
from onboarding.cards.refusals import Refused
from onboarding.enrolment.models import Cohort, TutorGroup
from onboarding.handout import conflicts
from onboarding.handout.figures import Box, Mark, boxes, marks

AT_LIBRARY = "card_at_library"


class Open(Refused):
    """Something stands in the way of closing the lists."""

    code = "still_open"

    def __str__(self) -> str:
        """Say what comes first."""
        return _("Something is still open. Look at what stands in the way.")


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What has to be done before the lists close."""

    boxes: tuple[tuple[TutorGroup, Box], ...]
    tills: tuple[Shift, ...]
    conflicts: int

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.boxes or self.tills or self.conflicts)


def give_back(
    *, act: UUID, group: TutorGroup, counted: int, by: Person, at: datetime
) -> BoxCount:
    """Sign for what is left in a group's box, on its way back to the library."""
    return stock.sign(
        act=act,
        group=group,
        way=Direction.BACK,
        side=Side.GIVEN,
        counted=counted,
        by=by,
        at=at,
    )


def in_the_way(*, at: datetime) -> InTheWay:
    """Give what has to be done first: boxes that are out, cash, what waits."""
    known = boxes()
    groups = TutorGroup.objects.filter(pk__in=known).order_by("number")
    out = [(one, known[one.pk]) for one in groups if not known[one.pk].is_back]
    tills = Shift.objects.filter(
        place=Place.TUTOR, handing_over=None, opened_at__lte=at
    ).select_related("by", "counting")
    return InTheWay(
        boxes=tuple(out),
        tills=tuple(tills.order_by("pk")),
        conflicts=conflicts.waiting().count(),
    )


def current_week(*, at: datetime) -> Cohort | None:
    """Give the semester whose Opening Week has begun last."""
    on = timezone.localdate(at)
    begun = Cohort.objects.filter(opening_from__lte=on)
    return begun.order_by("-opening_from").first()


def without_card(*, at: datetime) -> list[int]:
    """Give who is in a group, has no card, and never said to want none (ids)."""
    return [
        person
        for (person, _group), its in marks(at=at).items()
        if its & {Mark.MISSING, Mark.LIBRARY}
    ]


def close(*, week: Cohort, by: Person, at: datetime) -> int:
    """Close the lists, and write to whoever has no card; gives how many that are.

    A second time changes nothing. Raises Open while something stands in the way.
    """
    with transaction.atomic():
        mine = Cohort.objects.select_for_update().filter(pk=week.pk, closed_at=None)
        if not mine.exists():
            return 0
        if in_the_way(at=at):
            raise Open
        mine.update(closed_at=at)
        people = without_card(at=at)
        for one in people:
            occasion = f"{AT_LIBRARY}:{week.code}:{one}"
            ask_for(person=one, message=AT_LIBRARY, occasion=occasion, at=at)
        record(
            what="lists_closed",
            at=at,
            who=by.pk,
            facts={"semester": week.code, "people": len(people)},
        )
        return len(people)


def _at_library(mail: Mail) -> Text | None:
    if Holding.objects.filter(person=mail.person_id).exists():
        # Whoever was served meanwhile need not be told.
        return None
    code = mail.occasion.split(":")[1]
    week = Cohort.objects.filter(code=code).first()
    hours = week.desk_hours(mail.person.language or "de") if week else ""
    facts = {"hours": hours, "place": settings.LIBRARY_DESK_PLACE}
    return write(message=mail.message, person=mail.person, context=facts)


WRITERS: dict[str, Writer] = {AT_LIBRARY: _at_library}
