"""A private Dovecot that knows the test directory's people."""

import imaplib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.dovecot import READER, Directory, Dovecot
from onboarding.demo.servers.slapd import Slapd
from tests.services import surroundings
from tests.services.slapd import PASSWORDS

# What a full mailbox takes a few mails to become.
MOST_BYTES = 64 * 1024


@pytest.fixture(scope="session")
def dovecot_of_the_session() -> Iterator[Dovecot]:
    server = Dovecot(
        surroundings.STATE_DIR / "dovecot",
        directory=Directory(
            url=f"ldap://{LOOPBACK}:{surroundings.LDAP_PORT}",
            base=surroundings.LDAP_BASE,
            password=PASSWORDS[READER],
        ),
        imap_port=surroundings.IMAP_PORT,
        lmtp_port=surroundings.LMTP_PORT,
        most_bytes=MOST_BYTES,
        failure_delay="0",
    )
    yield server
    server.kill()


@pytest.fixture
def dovecot(slapd: Slapd, dovecot_of_the_session: Dovecot) -> Dovecot:
    """Give a mail server that runs, with empty mailboxes."""
    dovecot_of_the_session.child.thaw()
    dovecot_of_the_session.start()
    dovecot_of_the_session.empty()
    return dovecot_of_the_session


def lets_in(server: Dovecot, name: str, password: str) -> bool:
    """Say whether somebody gets into their mailbox."""
    line = imaplib.IMAP4(LOOPBACK, server.imap_port, timeout=15)
    try:
        line.login(name, password)
    except imaplib.IMAP4.error:
        return False
    finally:
        line.shutdown()
    return True


def mails_of(server: Dovecot, name: str, password: str) -> list[EmailMessage]:
    """Read somebody's mails, as their mail program does."""
    with imaplib.IMAP4(LOOPBACK, server.imap_port, timeout=15) as line:
        line.login(name, password)
        line.select(readonly=True)
        _, numbers = line.search(None, "ALL")
        return [_read(line, number) for number in numbers[0].split()]


def _read(line: imaplib.IMAP4, number: bytes) -> EmailMessage:
    _, parts = line.fetch(number.decode(), "(RFC822)")
    part = parts[0]
    assert isinstance(part, tuple)
    return message_from_bytes(part[1], _class=EmailMessage, policy=policy.default)
