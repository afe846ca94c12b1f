"""Who gets the card where."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from accounts.catalogue.standing import Programme
from onboarding.cards.models import Wish
from onboarding.cards.route import Route, route_of

ENDS = date(2026, 10, 9)
DURING = date(2026, 10, 6)


def a_programme(**facts: object) -> Programme:
    return Programme(
        **{  # type: ignore[arg-type]
            "school": "College",
            "degree": "B.Sc.",
            "faculty": "Sustainability",
            "study_start": date(2026, 10, 1),
            "semester_no": 1,
            "status": "enrolled",
            "status_date": date(2026, 8, 15),
            **facts,
        }
    )


def route(*several: Programme, **facts: object) -> Route:
    return route_of(
        **{  # type: ignore[arg-type]
            "programmes": several or (a_programme(),),
            "in_a_group": True,
            "wish": Wish.NONE,
            "opening_until": ENDS,
            "on": DURING,
            **facts,
        }
    )


def test_a_first_year_of_the_college_gets_it_from_the_tutor() -> None:
    assert route() is Route.TUTOR
    assert route(on=ENDS) is Route.TUTOR
    assert route(a_programme(status="leave")) is Route.TUTOR
    assert route(opening_until=None) is Route.TUTOR


@pytest.mark.parametrize(
    "facts",
    [
        {"in_a_group": False},
        {"wish": Wish.EARLIER},
        {"wish": Wish.ABSENT},
        {"on": ENDS + timedelta(days=1)},
        {"programmes": ()},
        {"programmes": (a_programme(school="Graduate School"),)},
        {"programmes": (a_programme(school="Professional School"),)},
        {"programmes": (a_programme(semester_no=3),)},
        {"programmes": (a_programme(degree="exchange"),)},
        {"programmes": (a_programme(status="withdrawn"),)},
        {
            "programmes": (
                a_programme(school="Graduate School"),
                a_programme(semester_no=5),
            )
        },
    ],
)
def test_everybody_else_is_led_to_the_library(facts: dict[str, object]) -> None:
    assert route(**facts) is Route.LIBRARY


def test_one_programme_that_begins_is_enough() -> None:
    assert route(a_programme(semester_no=5), a_programme()) is Route.TUTOR


programmes = some.builds(
    a_programme,
    school=some.sampled_from(["College", "Graduate School", "Professional School"]),
    degree=some.sampled_from(["B.Sc.", "M.Ed.", "exchange"]),
    semester_no=some.integers(1, 12),
    status=some.sampled_from(["enrolled", "leave", "withdrawn", "exmatriculated"]),
)


@given(
    some.lists(programmes, max_size=3),
    some.booleans(),
    some.sampled_from(Wish),
    some.none() | some.dates(date(2026, 1, 1), date(2027, 1, 1)),
    some.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_the_route_is_total_and_once_at_the_library_time_never_leads_back(
    several: list[Programme],
    in_a_group: bool,
    wish: Wish,
    until: date | None,
    on: date,
) -> None:
    facts = {
        "programmes": several,
        "in_a_group": in_a_group,
        "wish": wish,
        "opening_until": until,
    }
    now, later = route(on=on, **facts), route(on=on + timedelta(days=1), **facts)

    if now is Route.TUTOR:
        assert in_a_group
        assert wish is Wish.NONE
        assert until is None or on <= until
    # A leaving status counts from its date; all of these dates lie behind it.
    if now is Route.LIBRARY and on > date(2026, 8, 15):
        assert later is Route.LIBRARY
