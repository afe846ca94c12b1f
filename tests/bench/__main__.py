"""``make bench``: measures the portal beside the barest means, and prints a table.

``python -m tests.bench provisioning`` measures one thing alone.
"""

import sys
from importlib import import_module

from tests.bench import ground
from tests.bench.ratio import Ratio

MEASURES = ("web", "letters", "provisioning", "search", "hall", "board")


def main() -> int:
    """Measure everything, one after the other; fails where something does not hold."""
    ground.lay()
    ratios: list[Ratio] = []
    for name in sys.argv[1:] or MEASURES:
        # Only now: models cannot be imported before the ground is laid.
        for ratio in import_module(f"tests.bench.{name}").measure():
            print(ratio, flush=True)  # noqa: T201
            ratios.append(ratio)
    return 0 if all(ratio.holds for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
