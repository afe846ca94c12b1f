"""An SMTP server that keeps every mail as a file; none leaves the stage.

Mail for the students' domain goes on to their mailboxes by LMTP.

``python -m onboarding.demo.servers.mailbox PORT FOLDER LMTP_PORT DOMAIN``
"""

import asyncio
import signal
import smtplib
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

    def __init__(
        self, folder: Path, *, port: int, lmtp_port: int = 0, domain: str = ""
    ) -> None:
        """Keep the mails in ``folder``; hand those for ``domain`` on, given a port."""
        self.folder = folder
        self.port = port
        ways = [str(port), str(folder), str(lmtp_port), domain]
        self.child = Child(
            name=self.name,
            command=[sys.executable, "-m", __name__, *ways],
            log=folder.with_suffix(".log"),
        )

    def start(self) -> None:
        """Start, and wait until mail is taken."""
        self.child.start()
        self.child.wait_until(lambda: answers(self.port))


class Keeper:
    """Writes each mail to a file of its own, complete or not at all."""

    def __init__(self, folder: Path, *, lmtp_port: int = 0, domain: str = "") -> None:
        """Keep the mails in ``folder``; hand those for ``domain`` on, given a port."""
        self._folder = folder
        self._lmtp_port = lmtp_port
        self._domain = f"@{domain.lower()}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Take a mail; one that a mailbox refuses is refused in the same words."""
        mine = [to for to in envelope.rcpt_tos if to.lower().endswith(self._domain)]
        if mine and self._lmtp_port:
            content = envelope.original_content or b""
            refusal = await asyncio.to_thread(self._hand_on, mine, content)
            if refusal:
                return refusal
        # Names sort by time of arrival.
        name = f"{datetime.now(tz=UTC):%Y%m%dT%H%M%S}-{time.monotonic_ns()}"
        draft = self._folder / f".{name}"
        draft.write_bytes(envelope.original_content or b"")
        draft.replace(self._folder / f"{name}.eml")
        return "250 OK"

    def _hand_on(self, recipients: list[str], content: bytes) -> str:
        try:
            with smtplib.LMTP(LOOPBACK, self._lmtp_port, timeout=5) as line:
                line.sendmail("", recipients, content)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            return f"{code} {_line(words)}"
        except smtplib.SMTPResponseException as refused:
            return f"{refused.smtp_code} {_line(refused.smtp_error)}"
        except (OSError, smtplib.SMTPException):
            return "451 4.3.0 The mailboxes do not answer"
        return ""


def _line(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())


def main() -> None:
    """Take mail until somebody ends us."""
    port, folder, lmtp_port, domain = sys.argv[1:5]
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    door = Controller(
        Keeper(Path(folder), lmtp_port=int(lmtp_port), domain=domain),
        hostname=LOOPBACK,
        port=int(port),
        data_size_limit=LARGEST,
    )
    door.start()
    ended.wait()
    door.stop()


if __name__ == "__main__":
    main()
