"""The charts, their tables and their files say the same."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.utils import timezone

from accounts.people.models import Person
from onboarding.watch import growth
from onboarding.watch.crowd import crowd
from onboarding.watch.drawing import HEIGHT, WIDTH, bar, sketch
from onboarding.watch.figures import steps
from onboarding.watch.scope import Scope
from tests.cast import a_colleague, a_first_year
from tests.onboarding.helpdesk.conftest import Desk

pytestmark = pytest.mark.django_db

OPENING = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)


def activated(*moments: datetime) -> None:
    for moment in moments:
        a_first_year(activated_at=moment)


def activations(grown: growth.Growth) -> growth.Curve:
    return next(one for one in grown.curves if one.key == "activation")


def test_who_finished_a_step_is_counted_in_the_hour_and_on_the_day() -> None:
    an_hour = timedelta(hours=1)
    activated(OPENING, OPENING, OPENING + an_hour, OPENING - timedelta(days=2))
    a_first_year()
    members = crowd(Scope(), at=OPENING)

    days = activations(growth.per_day(members, until=date(2026, 10, 5)))
    hours = activations(growth.per_hour(members, on=date(2026, 10, 5)))

    assert (days.before, days.new, days.totals) == (0, (1, 0, 3), (1, 1, 4))
    assert (hours.before, len(hours.new), hours.total) == (1, 24, 4)
    # 7:30 in UTC is 9:30 in Lüneburg.
    assert {hour: new for hour, new in enumerate(hours.new) if new} == {9: 2, 10: 1}
    assert hours.everybody == 5


@pytest.mark.parametrize(("on", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_has_the_hours_that_the_clock_gives_it(on: str, hours: int) -> None:
    grown = growth.per_hour(crowd(Scope(), at=OPENING), on=date.fromisoformat(on))

    assert len(grown.spans) == hours
    assert [one.minute for one in grown.spans] == [0] * hours


def test_what_lies_too_far_back_is_one_sum() -> None:
    activated(OPENING - timedelta(days=400), OPENING)
    curve = activations(
        growth.per_day(crowd(Scope(), at=OPENING), until=date(2026, 10, 5))
    )

    assert (curve.before, len(curve.new), curve.total) == (1, growth.MOST_DAYS, 2)


def test_drawings_stay_inside_their_frame() -> None:
    activated(OPENING, OPENING, OPENING + timedelta(hours=2))
    a_first_year()
    members = crowd(Scope(), at=OPENING)
    (first, *_) = steps(members)
    drawn = sketch(activations(growth.per_hour(members, on=date(2026, 10, 5))))

    parts = bar(first).parts
    assert [one.standing for one in parts] == ["done", "here"]
    assert float(parts[-1].x) + float(parts[-1].width) <= WIDTH
    heights = [float(one.split()[1]) for one in drawn.line[1:].split("L")]
    assert (max(heights), min(heights)) == (HEIGHT, HEIGHT / 4)
    assert drawn.columns.count("z") == 2


def test_page_and_files_say_the_same(desk: Desk) -> None:
    activated(timezone.now(), timezone.now())
    a_first_year()
    auditor = desk(a_colleague(account_name="auditor"))

    page = auditor.get("/watch/way/").content.decode()
    files = {
        what: list(
            csv.DictReader(
                StringIO(
                    auditor.get(f"/watch/way/{what}.csv").content.decode("utf-8-sig")
                ),
                delimiter=";",
            )
        )
        for what in ("where", "days", "hours")
    }

    assert "2 of 3 have finished it" in page
    assert page.count("<svg") == page.count("</svg>")
    assert {"step": "activation", "standing": "done", "people": "2"} in files["where"]
    for what in ("days", "hours"):
        mine = [one for one in files[what] if one["step"] == "activation"]
        assert sum(int(one["new"]) for one in mine) == 2
    assert auditor.get("/watch/way/nonsense.csv").status_code == 404
    assert auditor.get("/watch/way/?day=nonsense").status_code == 200


def test_a_table_names_nobody(desk: Desk, tarek: Person) -> None:
    a_first_year(family_name="Sichtbar")

    assert b"Sichtbar" not in desk(tarek).get("/watch/way/days.csv").content
