"""A group as a small picture that fills: one square for each student."""

from dataclasses import dataclass

from onboarding.handout.figures import WHERE, Figures

_A_ROW, _PITCH, _SIDE = 8, 12, 10


@dataclass(frozen=True, slots=True)
class Tile:
    """The squares of a group, as one path for each mark that somebody has."""

    width: int
    height: int
    paths: tuple[tuple[str, str], ...]


def tile(figures: Figures) -> Tile:
    """Draw a group; those with a card come first."""
    paths, drawn = [], 0
    for mark in WHERE:
        number = figures.counted[mark]
        if number:
            squares = (_square(place) for place in range(drawn, drawn + number))
            paths.append((mark.value, "".join(squares)))
        drawn += number
    rows = -(-drawn // _A_ROW) or 1
    return Tile(_A_ROW * _PITCH, rows * _PITCH, tuple(paths))


def _square(place: int) -> str:
    down, along = divmod(place, _A_ROW)
    x, y = along * _PITCH + 1, down * _PITCH + 1
    return f"M{x} {y}h{_SIDE}v{_SIDE}h-{_SIDE}z"
