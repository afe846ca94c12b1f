"""The board's charts as shapes of SVG: measures in, letters and numbers out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.journey.step import Text
from onboarding.watch.figures import StepRow
from onboarding.watch.growth import Curve

# Measures of a drawing; the page scales it. The columns have a floor of their own below
# the line's: a handful of new ones among thousands is to be seen, and not mixed up.
WIDTH, HEIGHT = 240, 104
FLOOR = 64
_COLUMNS = HEIGHT - FLOOR - 8
# Between the parts of a bar, and at least so much for whoever is few; in percent.
_GAP, _LEAST = 0.4, 0.6


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it stands for, where it begins, how long it is."""

    standing: str
    # Percent, as SVG writes them: with no commas.
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One step, everybody in it side by side."""

    row: StepRow
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """One step over time: a line for all who are done, columns for who is new."""

    curve: Curve
    line: str
    area: str
    columns: str
    # The tallest column stands for so many; its span begins then.
    most: int
    most_at: datetime | None
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR

    @property
    def title(self) -> Text:
        """Give the step's title."""
        return self.curve.title

    @property
    def percent(self) -> int:
        """Say how many of a hundred have finished it; all are 100, fewer are not."""
        everybody = max(self.curve.everybody, 1)
        return int(100 * self.curve.total / everybody)


def bar(row: StepRow) -> Bar:
    """Draw who is how far with a step; what is narrow is drawn last, over the rest."""
    return Bar(row, tuple(sorted(_parts(row), key=lambda one: -float(one.width[:-1]))))


def sketch(curve: Curve, spans: Sequence[datetime], *, places: int) -> Sketch:
    """Draw how a step was finished, on an axis of so many places.

    Of a day that is not over, ``spans`` are fewer than ``places``.
    """
    most = max(curve.new, default=0)
    line = _line(curve.totals, curve.everybody, places)
    end = round(WIDTH * len(spans) / max(places, 1), 1)
    return Sketch(
        curve=curve,
        line=line,
        area=f"{line}V{FLOOR}H0z" if line and end else "",
        columns="".join(_columns(curve.new, most, places)),
        most=most,
        most_at=spans[curve.new.index(most)] if most else None,
    )


def _parts(row: StepRow) -> Iterator[Part]:
    x = 0.0
    for standing, number in row.cells:
        if number:
            width = 100 * number / row.everybody
            drawn = min(max(width - _GAP, _LEAST), 100 - x)
            yield Part(standing.value, f"{x:.2f}%", f"{drawn:.2f}%")
            x += width


def _line(totals: Sequence[int], everybody: int, places: int) -> str:
    if not totals or not everybody:
        return ""
    step = WIDTH / places
    points = [
        f"{round(step * (place + 1), 1)} {round(FLOOR * (1 - total / everybody), 1)}"
        for place, total in enumerate(totals)
    ]
    first = round(FLOOR * (1 - totals[0] / everybody), 1)
    return f"M0 {first}L" + "L".join(points)


def _columns(new: Sequence[int], most: int, places: int) -> Iterator[str]:
    step = WIDTH / max(places, 1)
    for place, number in enumerate(new):
        if number:
            tall = round(max(_COLUMNS * number / most, 1.0), 1)
            x, wide = round(step * place + step * 0.1, 1), round(step * 0.8, 1)
            yield f"M{x} {HEIGHT}v-{tall}h{wide}v{tall}z"
