"""Asking a mail server whether it would take a mail, without sending one.

LMTP (RFC 2033) or SMTP (RFC 5321): ``RCPT TO`` is answered for each address by itself,
and a transaction without ``DATA`` delivers nothing.
"""

import smtplib
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from accounts.connectors.contract import TemporaryFailure

# RFC 5321, 4.5.3.1.8 lets a server refuse more in one transaction.
AT_ONCE = 100
# After this time nobody else is asked about.
LONGEST = 60.0
# RFC 5321, 4.2.1 and RFC 3463, 3.3: a mailbox that is full is there.
_FULL = (452, 552)
_TAKEN = range(200, 300)
_CLOSING = 421


class MailServer:
    """The server that has the mailboxes."""

    def takes(self, addresses: Iterable[str]) -> frozenset[str]:
        """Give those of the addresses that it takes mail for.

        Raises TemporaryFailure where it does not answer. Without a server in the
        settings the directory's word is enough.
        """
        asked = list(addresses)
        if not asked or not settings.MAILBOX_URL:
            return frozenset(asked)
        try:
            with _line() as line:
                return _taken(line, asked)
        except (OSError, smtplib.SMTPException) as gone:
            raise TemporaryFailure("no_mail_server") from gone


def _line() -> smtplib.SMTP:
    url = urlsplit(settings.MAILBOX_URL)
    kind = smtplib.LMTP if url.scheme == "lmtp" else smtplib.SMTP
    return kind(
        url.hostname or "", url.port or 24, timeout=settings.MAILBOX_ANSWER_TIMEOUT
    )


def _taken(line: smtplib.SMTP, asked: list[str]) -> frozenset[str]:
    end = time.monotonic() + LONGEST
    taken: set[str] = set()
    line.ehlo_or_helo_if_needed()
    for start in range(0, len(asked), AT_ONCE):
        # The empty sender is the one of notices, which everybody takes.
        line.mail("")
        for address in asked[start : start + AT_ONCE]:
            if time.monotonic() > end:
                return frozenset(taken)
            code, _ = line.rcpt(address)
            if code in {_CLOSING, -1}:
                raise smtplib.SMTPServerDisconnected
            if code in _TAKEN or code in _FULL:
                taken.add(address)
        line.rset()
    return frozenset(taken)
