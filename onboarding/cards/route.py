"""Who gets the card where: one pure rule (DOMAIN, step graph)."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from accounts.catalogue.standing import EXCHANGE, Programme
from onboarding.cards.models import Wish

COLLEGE = "College"


class Route(Enum):
    """Where a card waits."""

    TUTOR = "tutor"
    LIBRARY = "library"


def first_semester(programmes: Iterable[Programme], *, on: date) -> Programme | None:
    """Give the programme of the College that somebody begins, if there is one."""
    return next(
        (
            one
            for one in programmes
            if one.school == COLLEGE
            and one.semester_no == 1
            and one.degree != EXCHANGE
            and one.holds(on)
        ),
        None,
    )


def route_of(
    *,
    programmes: Iterable[Programme],
    in_a_group: bool,
    wish: Wish,
    opening_until: date | None,
    on: date,
) -> Route:
    """Say where somebody gets the card on a day.

    From the tutor: first semester of the College, in a group, neither earlier nor
    absent, until Opening Week ends. While nobody has said when that is, it has not
    ended.
    """
    from_tutor = (
        in_a_group
        and wish is Wish.NONE
        and (opening_until is None or on <= opening_until)
        and first_semester(programmes, on=on) is not None
    )
    return Route.TUTOR if from_tutor else Route.LIBRARY
