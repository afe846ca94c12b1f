"""The charts, their tables and their files say the same."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from accounts.people.models import Person
from onboarding.journey.step import Standing
from onboarding.watch import growth
from onboarding.watch.crowd import crowd
from onboarding.watch.drawing import FLOOR, HEIGHT, WIDTH, bar, sketch
from onboarding.watch.figures import StepRow, steps
from onboarding.watch.scope import Scope
from tests.cast import a_colleague, a_first_year
from tests.onboarding.helpdesk.conftest import Desk

pytestmark = pytest.mark.django_db

OPENING = datetime(2026, 10, 5, 7, 30, tzinfo=UTC)
AFTERWARDS = datetime(2026, 12, 1, tzinfo=UTC)


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
    hours = activations(
        growth.per_hour(members, on=date(2026, 10, 5), at=OPENING + timedelta(days=1))
    )

    assert (days.before, days.new, days.totals) == (0, (1, 0, 3), (1, 1, 4))
    assert (hours.before, len(hours.new), hours.total) == (1, 24, 4)
    # 7:30 in UTC is 9:30 in Lüneburg.
    assert {hour: new for hour, new in enumerate(hours.new) if new} == {9: 2, 10: 1}
    assert hours.everybody == 5


@pytest.mark.parametrize(("on", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_has_the_hours_that_the_clock_gives_it(on: str, hours: int) -> None:
    day = date.fromisoformat(on)
    grown = growth.per_hour(crowd(Scope(), at=OPENING), on=day, at=AFTERWARDS)

    assert len(grown.spans) == hours == growth.hours_of(day)
    assert [one.minute for one in grown.spans] == [0] * hours


def test_hours_to_come_are_neither_drawn_nor_listed() -> None:
    activated(OPENING)
    members = crowd(Scope(), at=OPENING)
    today = growth.per_hour(members, on=date(2026, 10, 5), at=OPENING)
    tomorrow = growth.per_hour(members, on=date(2026, 10, 6), at=OPENING)

    # It is half past nine in Lüneburg.
    assert [one.hour for one in today.spans] == list(range(10))
    assert activations(today).new == (*(0,) * 9, 1)
    assert (tomorrow.spans, tomorrow.rows) == ((), [])
    drawn = sketch(activations(today), today.spans, places=24)
    last = float(drawn.line.rsplit("L", 1)[1].split()[0])
    assert last == WIDTH * 10 / 24
    assert sketch(activations(tomorrow), (), places=24).area == ""


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
    hours = growth.per_hour(members, on=date(2026, 10, 5), at=AFTERWARDS)
    drawn = sketch(activations(hours), hours.spans, places=24)

    parts = bar(first).parts
    assert [one.standing for one in parts] == ["done", "here"]
    assert sum(float(one.rstrip("%")) for one in (parts[-1].x, parts[-1].width)) <= 100
    heights = [float(one.split()[1]) for one in drawn.line[1:].split("L")]
    assert (max(heights), min(heights)) == (FLOOR, FLOOR / 4)
    assert drawn.columns.count("z") == 2
    tallest = max(float(one.split("h")[0]) for one in drawn.columns.split("v-")[1:])
    assert 0 < tallest < HEIGHT - FLOOR
    assert (drawn.percent, drawn.most, drawn.most_at) == (75, 2, hours.spans[9])


def test_few_among_many_are_still_to_be_seen() -> None:
    counted = {Standing.DONE: 2_000, Standing.PROBLEM: 1, Standing.LATER: 1_000}
    *most, few = bar(StepRow("mail", "E-mail", counted, None)).parts

    # Drawn last: nothing lies over it.
    assert [one.standing for one in most] == ["done", "later"]
    assert few.standing == "problem"
    assert float(few.width.rstrip("%")) > 0.5


def cells(page: str) -> list[list[list[str]]]:
    """Give every table of a page: rows of what stands in their cells."""
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    return [
        [
            [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        ]
        for table in tables
    ]


def plain(markup: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", markup).strip()


def file_of(client: Client, what: str) -> list[list[str]]:
    answer = client.get(f"/watch/way/{what}.csv")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_and_files_say_the_same(desk: Desk, language: str) -> None:
    now = timezone.now()
    activated(now, now, now - timedelta(days=3))
    a_first_year()
    auditor = desk(a_colleague(account_name="auditor"), language=language)

    page = auditor.get("/watch/way/").content.decode()
    tables = dict(zip(("where", "days", "hours"), cells(page), strict=True))

    assert page.count("<svg") == page.count("</svg>")
    assert file_of(auditor, "where") == tables["where"]
    for what in ("days", "hours"):
        (_heads, before, *spans), (heads, *rows) = file_of(auditor, what), tables[what]
        # The newest stands on top of the page, and at the end of a file.
        assert [one[1::2] for one in (*spans[::-1], before)] == [
            [cell.split()[0] for cell in row[1:]] for row in rows
        ]
        assert [one[2::2] for one in spans[::-1]] == [
            [(cell.partition("+")[2] or "0").strip(") ") for cell in row[1:]]
            for row in rows[:-1]
        ]
        assert _heads[1::2] == heads[1:]
    assert [one[2] for one in file_of(auditor, "days")[2:]] == ["1", "0", "0", "2"]


def test_a_file_is_named_after_its_part_and_day(desk: Desk) -> None:
    a_first_year()
    auditor = desk(a_colleague(account_name="auditor"))
    part = "cohort=2026ws&school=Graduate+School&group=all"
    answer = auditor.get(f"/watch/way/hours.csv?{part}&day=2026-10-05")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="steps-hours-2026ws-graduate-school-2026-10-05.csv"'
    )
    assert auditor.get("/watch/way/nonsense.csv").status_code == 404
    for day in ("nonsense", "0001-01-01", "9999-12-31"):
        assert auditor.get(f"/watch/way/?day={day}").status_code == 200


def test_a_table_names_nobody(desk: Desk, tarek: Person) -> None:
    a_first_year(family_name="Sichtbar")

    assert b"Sichtbar" not in desk(tarek).get("/watch/way/days.csv").content
