"""``python -m tests.pictures``: the whole portal in pictures, under ``pictures/``.

Fails where axe-core finds something. ``--readme`` takes the few pictures of the README
instead; further arguments go to pytest (``-k phone-dark``).
"""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    readme = "--readme" in arguments
    rest = [one for one in arguments if one != "--readme"]
    album = HERE / ("readme.py" if readme else "grid.py")
    # The whole album takes as long as it takes.
    patient = ["-p", "no:randomly", "-o", "faulthandler_timeout=0"]
    return int(pytest.main([str(album), *patient, *rest]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
