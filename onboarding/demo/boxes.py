"""The demo's boxes: every tutor group finds its cards, so that the hall can open."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from accounts.people.lifecycle import come_to_know
from accounts.people.roles import Role
from onboarding.cards.models import Card, Move, Spot
from onboarding.cards.numbers import check_digit
from onboarding.cards.stock import allot, deliver
from onboarding.demo.staff import STAFF
from onboarding.enrolment.models import TutorGroup

# More than there are students: somebody may come late, a card be defective.
TO_SPARE = 3
FIRST_SERIAL = 40_000
_PER_BOX = 100


def fill_boxes(*, at: datetime) -> None:
    """Deliver cards and sign a box over for each group, where none ever was."""
    if Move.objects.filter(target=Spot.BOX).exists():
        return
    (desk,) = [one for one in STAFF if one.role is Role.LIBRARY_DESK]
    librarian = come_to_know(
        account_name=desk.account,
        display_name=f"{desk.given_name} {desk.family_name}",
        language="",
        at=at,
    )
    for group in TutorGroup.objects.order_by("number"):
        numbers = _numbers(group, group.places.count() + TO_SPARE)
        act = uuid5(NAMESPACE_URL, f"demo-box:{group.number}")
        deliver(act=act, numbers=numbers, counted=len(numbers), by=librarian, at=at)
        cards = Card.objects.filter(number__in=numbers).order_by("number")
        allot(act=uuid5(act, "box"), group=group, cards=cards, by=librarian, at=at)


def _numbers(group: TutorGroup, count: int) -> list[str]:
    first = FIRST_SERIAL + group.number * _PER_BOX
    digits = [f"3110{serial:05}" for serial in range(first, first + count)]
    return [one + check_digit(one) for one in digits]
