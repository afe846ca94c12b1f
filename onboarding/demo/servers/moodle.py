"""The stage's Moodle: ``python -m onboarding.demo.servers.moodle PORT FILE``.

The token comes in the environment (``MOODLE_TOKEN``).
"""

import os
import signal
import sys
from pathlib import Path
from threading import Event

from onboarding.demo.ports import answers
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.door import Door
from onboarding.demo.servers.moodle_site import Site


class Moodle:
    """The site as a child of the stage."""

    name = "moodle"

    def __init__(self, folder: Path, *, port: int, token: str) -> None:
        """Keep users in ``folder``."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = port
        self.child = Child(
            name=self.name,
            command=[sys.executable, "-m", __name__, str(port), f"{folder}/users.json"],
            log=folder.with_suffix(".log"),
            environment={**os.environ, "MOODLE_TOKEN": token},
        )

    def start(self) -> None:
        """Start, and wait until requests are taken."""
        self.child.start()
        self.child.wait_until(lambda: answers(self.port))


def main() -> None:
    """Answer until somebody ends us."""
    site = Site(token=os.environ["MOODLE_TOKEN"], file=Path(sys.argv[2]))
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    door = Door(site.answer, port=int(sys.argv[1]))
    door.open()
    ended.wait()
    door.close()


if __name__ == "__main__":
    main()
