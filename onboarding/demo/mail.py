"""The mails that the stage's server kept, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

SHOWN = 100
# As the server names its files; nothing else is ever opened.
NAME = re.compile(r"\d{8}T\d{6}-\d+")


@dataclass(frozen=True)
class Mail:
    """A mail as the page shows it."""

    name: str
    sent_at: datetime | None
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: tuple[str, ...]


def newest() -> list[Mail]:
    """Give the last hundred mails."""
    files = sorted(Path(settings.DEMO_MAIL_DIR).glob("*.eml"), reverse=True)
    return [_read(file) for file in files[:SHOWN] if NAME.fullmatch(file.stem)]


def find(name: str) -> Mail | None:
    """Give the mail with this name."""
    file = Path(settings.DEMO_MAIL_DIR) / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        return None
    return _read(file)


def _read(file: Path) -> Mail:
    mail = message_from_bytes(
        file.read_bytes(), _class=EmailMessage, policy=policy.default
    )
    return Mail(
        name=file.stem,
        sent_at=_sent_at(mail),
        recipient=str(mail["To"] or ""),
        sender=str(mail["From"] or ""),
        subject=str(mail["Subject"] or ""),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        attachments=tuple(
            part.get_filename() or part.get_content_type()
            for part in mail.iter_attachments()
        ),
    )


def _sent_at(mail: EmailMessage) -> datetime | None:
    """Give the time in the mail; a zone of "-0000" is UTC (RFC 5322, 3.3)."""
    date = mail["Date"]
    sent: datetime | None = date.datetime if date else None
    return sent.replace(tzinfo=UTC) if sent and sent.tzinfo is None else sent


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
