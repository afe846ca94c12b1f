"""Quiet words are readable, too: on boards in a hall as on the tutors' app."""

import re
from pathlib import Path

import pytest

from onboarding import look

TOKENS = Path(look.__path__[0], "static/look/tokens.css").read_text(encoding="utf-8")
LIGHT = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", TOKENS.split("@media")[0]))
ENOUGH = 7


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2)."""
    digits = colour.lstrip("#")
    whole = digits if len(digits) > 3 else "".join(one * 2 for one in digits)
    parts = [int(whole[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("under", ["paper", "sheet"])
def test_quiet_words_have_a_contrast_of_seven_to_one(under: str) -> None:
    dark, light = sorted(luminance(LIGHT[one]) for one in ("muted", under))

    assert (light + 0.05) / (dark + 0.05) >= ENOUGH
