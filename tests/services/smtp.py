"""An SMTP server in a thread that keeps every mail it is given."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from onboarding.demo.ports import LOOPBACK
from tests.services import surroundings

TAKEN = "250 OK"


class Postbox:
    """The mails that arrived, in order, and the answer that the next one gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = TAKEN
        self._door: Controller | None = None

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer == TAKEN:
            mail = message_from_bytes(
                envelope.original_content or b"",
                _class=EmailMessage,
                policy=policy.default,
            )
            self.mails.append(mail)
        return self.answer

    def open(self) -> None:
        if self._door is None:
            self._door = Controller(
                self, hostname=LOOPBACK, port=surroundings.SMTP_PORT
            )
            self._door.start()

    def close(self) -> None:
        """Let nobody in, as a server does that is down."""
        if self._door is not None:
            self._door.stop()
            self._door = None


@pytest.fixture(scope="session")
def postbox_of_the_session() -> Iterator[Postbox]:
    postbox = Postbox()
    yield postbox
    postbox.close()


@pytest.fixture
def smtp(postbox_of_the_session: Postbox) -> Postbox:
    """Give a mail server that is open and empty."""
    postbox_of_the_session.open()
    postbox_of_the_session.mails.clear()
    postbox_of_the_session.answer = TAKEN
    return postbox_of_the_session
