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
    return int(pytest.main([str(album), "-p", "no:randomly", *rest]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
