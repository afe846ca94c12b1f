"""Which login opens myStudy, by cohort and date."""

from datetime import date

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from accounts.catalogue.cohort import begins, cohort_code_of, ends
from accounts.catalogue.standing import Programme
from accounts.connectors.contract import Mode
from accounts.journal.models import Event
from accounts.mystudy.models import MyStudyMode
from accounts.mystudy.modes import decide, mode_of, modes
from tests.cast import NOW, a_colleague
from tests.connectors.people import BACHELOR

OWN, LEUPHANA = Mode.OWN, Mode.LEUPHANA
rules = [pytest.mark.django_db, pytest.mark.rules]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_the_cohort_that_is_named_after_it(day: date) -> None:
    code = cohort_code_of(day)

    assert begins(code) <= day < ends(code)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 10, 1), "2026ws"),
        (date(2027, 3, 31), "2026ws"),
        (date(2027, 4, 1), "2027ss"),
        (date(2027, 9, 30), "2027ss"),
    ],
)
def test_the_semesters_begin_in_april_and_october(day: date, code: str) -> None:
    assert cohort_code_of(day) == code


@pytest.mark.parametrize("name", ["", "2026", "26ws", "2026xx", "2026ws\n"])
def test_what_names_no_cohort_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="named like"):
        begins(name)


def a_programme(school: str = "College", start: date = date(2026, 10, 1)) -> Programme:
    return Programme(
        school=school,
        degree=BACHELOR.degree,
        faculty=BACHELOR.faculty,
        study_start=start,
        semester_no=1,
        status="enrolled",
        status_date=date(2026, 8, 15),
    )


class TestDecisions:
    pytestmark = rules

    def decided(self, day: date, mode: Mode, code: str = "2026ws") -> None:
        decide(cohort_code=code, from_date=day, mode=mode, by=None, at=NOW)

    def test_without_a_decision_the_settings_count(
        self, settings: LazySettings
    ) -> None:
        assert mode_of("2026ws", on=date(2026, 10, 5)) is OWN
        settings.MYSTUDY_MODE = "leuphana"
        assert mode_of("2026ws", on=date(2026, 10, 5)) is LEUPHANA

    def test_a_decision_counts_from_its_day_on_for_its_cohort(self) -> None:
        self.decided(date(2026, 12, 1), LEUPHANA)

        assert mode_of("2026ws", on=date(2026, 11, 30)) is OWN
        assert mode_of("2026ws", on=date(2026, 12, 1)) is LEUPHANA
        assert mode_of("2027ss", on=date(2027, 5, 1)) is OWN

    def test_it_may_be_taken_back_and_nothing_is_forgotten(self) -> None:
        by = a_colleague()
        self.decided(date(2026, 12, 1), LEUPHANA)
        self.decided(date(2027, 1, 10), OWN)
        decide(
            cohort_code="2026ws",
            from_date=date(2026, 12, 1),
            mode=OWN,
            by=by.pk,
            at=NOW,
        )

        assert mode_of("2026ws", on=date(2026, 12, 24)) is OWN
        assert MyStudyMode.objects.count() == 3
        assert Event.objects.filter(what="mystudy_mode_decided", who=by).count() == 1

    def test_the_newest_programme_of_the_two_schools_counts(self) -> None:
        self.decided(date(2026, 1, 1), LEUPHANA, "2026ws")
        bachelor = a_programme(start=date(2023, 10, 1))
        master = a_programme("Graduate School")
        other = a_programme("Professional School", date(2026, 11, 1))
        on, ways = date(2026, 10, 5), modes()

        assert ways.for_programmes([bachelor], on=on) is OWN
        assert ways.for_programmes([bachelor, master], on=on) is LEUPHANA
        assert ways.for_programmes([bachelor, other], on=on) is OWN
        assert ways.for_programmes([other], on=on) is Mode.NONE
        assert ways.for_programmes([], on=on) is Mode.NONE

    def test_no_way_at_all_cannot_be_decided(self) -> None:
        with pytest.raises(ValueError, match="some way"):
            self.decided(date(2026, 12, 1), Mode.NONE)
