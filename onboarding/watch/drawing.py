"""The board's charts as paths of SVG: measures in, letters and numbers out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onboarding.journey.step import Text
from onboarding.watch.figures import StepRow
from onboarding.watch.growth import Curve

# Measures of a drawing; the page scales it.
WIDTH, HEIGHT = 240, 72
_BAR = 14
_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it stands for, where it begins, how long it is."""

    standing: str
    # Numbers of SVG, which has no commas in them.
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One step, everybody in it side by side."""

    row: StepRow
    parts: tuple[Part, ...]
    width: int = WIDTH
    height: int = _BAR


@dataclass(frozen=True, slots=True)
class Sketch:
    """One step over time: a line for all who are done, columns for who is new."""

    title: Text
    curve: Curve
    line: str
    columns: str
    # The tallest column stands for so many.
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def bar(row: StepRow) -> Bar:
    """Draw who is how far with a step."""
    return Bar(row, tuple(_parts(row)))


def sketch(curve: Curve) -> Sketch:
    """Draw how a step was finished."""
    most = max(curve.new, default=0)
    return Sketch(
        title=curve.title,
        curve=curve,
        line=_line(curve.totals, curve.everybody),
        columns="".join(_columns(curve.new, most)),
        most=most,
    )


def _parts(row: StepRow) -> Iterator[Part]:
    x = 0.0
    for standing, number in row.cells:
        if number:
            width = WIDTH * number / row.everybody
            # Whoever is few is still to be seen.
            yield Part(standing.value, f"{x:.1f}", f"{max(width - _GAP, 1.0):.1f}")
            x += width


def _line(totals: Sequence[int], everybody: int) -> str:
    if not totals or not everybody:
        return ""
    step = WIDTH / len(totals)
    points = [
        f"{round(step * (place + 1), 1)} {round(HEIGHT * (1 - total / everybody), 1)}"
        for place, total in enumerate(totals)
    ]
    first = round(HEIGHT * (1 - totals[0] / everybody), 1)
    return f"M0 {first}L" + "L".join(points)


def _columns(new: Sequence[int], most: int) -> Iterator[str]:
    step = WIDTH / max(len(new), 1)
    for place, number in enumerate(new):
        if number:
            # At half the height at most, so that the line stays to be seen.
            tall = round(max(HEIGHT / 2 * number / most, 1.0), 1)
            x, wide = round(step * place + step * 0.1, 1), round(step * 0.8, 1)
            yield f"M{x} {HEIGHT}v-{tall}h{wide}v{tall}z"
