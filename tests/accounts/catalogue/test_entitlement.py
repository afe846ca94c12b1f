"""Who may use what, whatever the programmes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from accounts.catalogue.entitlement import ALL, EVERYBODY, TEACHING, entitlements
from accounts.catalogue.standing import Programme, Standing

TODAY = date(2026, 10, 5)
DAY = timedelta(days=1)

programmes = some.builds(
    Programme,
    school=some.sampled_from(["College", "Graduate School", "Professional School"]),
    degree=some.sampled_from(["B.A.", "M.Sc.", "MBA"]),
    faculty=some.just("Sustainability"),
    study_start=some.just(date(2026, 10, 1)),
    semester_no=some.integers(1, 20),
    status=some.sampled_from(["enrolled", "leave", "exmatriculated", "withdrawn"]),
    status_date=some.dates(TODAY - 9 * DAY, TODAY + 9 * DAY),
)
standings = some.builds(
    Standing,
    programmes=some.lists(programmes, max_size=4).map(tuple),
    own_password=some.booleans(),
)


def a_standing(**facts: object) -> Standing:
    programme = Programme(
        **{
            "school": "College",
            "degree": "B.Sc.",
            "faculty": "Sustainability",
            "study_start": date(2026, 10, 1),
            "semester_no": 1,
            "status": "enrolled",
            "status_date": date(2026, 8, 15),
            **facts,
        }  # type: ignore[arg-type]
    )
    return Standing(programmes=(programme,), own_password=True)


@given(standings)
def test_without_an_own_password_nothing_opens(standing: Standing) -> None:
    if not standing.own_password:
        assert entitlements(standing=standing, on=TODAY) == frozenset()


@given(standings)
def test_only_students_use_services(standing: Standing) -> None:
    may = entitlements(standing=standing, on=TODAY)

    assert may <= set(ALL)
    assert bool(may) == (standing.own_password and standing.studies(TODAY))
    assert not may or may >= set(EVERYBODY)


@given(standings)
def test_teaching_is_for_two_schools(standing: Standing) -> None:
    may = entitlements(standing=standing, on=TODAY)

    if set(TEACHING) & may:
        assert standing.schools(TODAY) & {"College", "Graduate School"}


@given(standings, programmes)
def test_one_programme_more_never_takes_anything_away(
    standing: Standing, another: Programme
) -> None:
    more = Standing((*standing.programmes, another), standing.own_password)

    assert entitlements(standing=standing, on=TODAY) <= entitlements(
        standing=more, on=TODAY
    )


@given(standings, some.randoms())
def test_the_order_of_programmes_says_nothing(standing: Standing, luck: object) -> None:
    shuffled = list(standing.programmes)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = Standing(tuple(shuffled), standing.own_password)

    assert entitlements(standing=turned, on=TODAY) == entitlements(
        standing=standing, on=TODAY
    )


@pytest.mark.parametrize("status", ["exmatriculated", "withdrawn"])
def test_leaving_counts_from_its_day(status: str) -> None:
    standing = a_standing(status=status, status_date=TODAY)

    assert entitlements(standing=standing, on=TODAY - DAY) == set(ALL)
    assert entitlements(standing=standing, on=TODAY) == frozenset()


def test_leave_of_absence_changes_nothing() -> None:
    standing = a_standing(status="leave", status_date=TODAY - DAY)

    assert entitlements(standing=standing, on=TODAY) == set(ALL)


def test_the_professional_school_has_its_own_teaching() -> None:
    standing = a_standing(school="Professional School")

    assert entitlements(standing=standing, on=TODAY) == set(EVERYBODY)
