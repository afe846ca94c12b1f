"""An SMTP server that keeps every mail as a file and sends none on.

``python -m onboarding.demo.servers.mailbox PORT FOLDER``
"""

import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from onboarding.demo.ports import LOOPBACK, answers
from onboarding.demo.servers.child import Child

LARGEST = 2 * 1024 * 1024


class Mailbox:
    """The mail server as a child of the stage."""

    name = "mail"

    def __init__(self, folder: Path, *, port: int) -> None:
        """Keep the mails in ``folder``."""
        self.folder = folder
        self.port = port
        self.child = Child(
            name=self.name,
            command=[sys.executable, "-m", __name__, str(port), str(folder)],
            log=folder.with_suffix(".log"),
        )

    def start(self) -> None:
        """Start, and wait until mail is taken."""
        self.child.start()
        self.child.wait_until(lambda: answers(self.port))


class Keeper:
    """Writes each mail to a file of its own, complete or not at all."""

    def __init__(self, folder: Path) -> None:
        """Keep the mails in ``folder``."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Take a mail."""
        # Names sort by time of arrival.
        name = f"{datetime.now(tz=UTC):%Y%m%dT%H%M%S}-{time.monotonic_ns()}"
        draft = self._folder / f".{name}"
        draft.write_bytes(envelope.original_content or b"")
        draft.replace(self._folder / f"{name}.eml")
        return "250 OK"


def main() -> None:
    """Take mail until somebody ends us."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    door = Controller(
        Keeper(folder), hostname=LOOPBACK, port=port, data_size_limit=LARGEST
    )
    door.start()
    ended.wait()
    door.stop()


if __name__ == "__main__":
    main()
