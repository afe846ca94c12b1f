"""A private Dovecot, on loopback only: IMAP for people, LMTP for whoever brings mail.

It runs with the files that operators get (``accounts/mailbox/dovecot``) and knows
people from the directory alone, through a reader of its own.
"""

import getpass
import grp
import os
import pwd
import re
import shutil
import smtplib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from onboarding.demo.ports import LOOPBACK, answers
from onboarding.demo.servers.child import SETPRIV, Child, under_the_name

PROGRAM = "/usr/sbin/dovecot"
TEMPLATES = Path(__file__).resolve().parents[3] / "accounts" / "mailbox" / "dovecot"
# Dovecot keeps no mail as root; Debian's package brings this name.
OWNER = "dovecot"
READER = "reader-mailbox"
ENTITLEMENT = "urn:leuphana:service:mail"
MEBIBYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Directory:
    """Where people are looked up, and the reader's password there."""

    url: str
    base: str
    password: str


class Dovecot:
    """The mail server; a mailbox is there as soon as the directory says so."""

    name = "dovecot"

    def __init__(  # noqa: PLR0913 - all by name
        self,
        folder: Path,
        *,
        directory: Directory,
        imap_port: int,
        lmtp_port: int,
        most_bytes: int = 100 * MEBIBYTE,
        failure_delay: str = "2 secs",
    ) -> None:
        """Describe the server; a mailbox holds up to ``most_bytes``."""
        self.folder = folder
        self.imap_port = imap_port
        self.lmtp_port = lmtp_port
        self._directory = directory
        self._most_bytes = most_bytes
        self._failure_delay = failure_delay
        self._is_root = os.geteuid() == 0
        self.child = Child(
            name=self.name,
            command=[
                *(_as_owner() if self._is_root else []),
                *(PROGRAM, "-F", "-c", str(folder / "dovecot.conf")),
            ],
            log=folder.with_suffix(".log"),
        )

    def start(self) -> None:
        """Start, and wait until mail is taken and people are let in."""
        if self.child.running:
            return
        self._prepare()
        self.child.start()
        self.child.wait_until(self.answers)

    def answers(self) -> bool:
        """Say whether both doors are open."""
        return answers(self.imap_port) and answers(self.lmtp_port)

    def stop(self) -> None:
        """End the server in order."""
        self.child.stop()

    def kill(self) -> None:
        """End the server at once."""
        self.child.kill()

    def empty(self) -> None:
        """Throw every mailbox away."""
        for mailbox in (self.folder / "mail").glob("*"):
            shutil.rmtree(mailbox, ignore_errors=True)

    def deliver(self, *, address: str, mail: bytes) -> None:
        """Bring a mail by LMTP; raises smtplib.SMTPException where it is refused."""
        with smtplib.LMTP(LOOPBACK, self.lmtp_port, timeout=10) as line:
            line.sendmail("", [address], mail)

    def _prepare(self) -> None:
        # What a killed one left behind would be taken for a running one.
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        for name in ("", "run", "state", "mail"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        words = self._words()
        for template in sorted(TEMPLATES.glob("*.conf")):
            file = self.folder / template.name
            file.unlink(missing_ok=True)
            file.touch(mode=0o600)
            text = template.read_text(encoding="utf-8")
            file.write_text(_filled(text, words), encoding="utf-8")
        if self._is_root:
            subprocess.run(  # noqa: S603 - our own command
                ["/bin/chown", "-R", f"{OWNER}:", str(self.folder)], check=True
            )

    def _words(self) -> dict[str, str]:
        owner = pwd.getpwnam(OWNER if self._is_root else getpass.getuser())
        return {
            "FOLDER": str(self.folder),
            "OWNER": owner.pw_name,
            "GROUP": grp.getgrgid(owner.pw_gid).gr_name,
            "UID": str(owner.pw_uid),
            "HOST": LOOPBACK,
            "IMAP_PORT": str(self.imap_port),
            "LMTP_PORT": str(self.lmtp_port),
            "TLS": "no",
            "FAILURE_DELAY": self._failure_delay,
            "MOST_BYTES": str(self._most_bytes),
            "URL": self._directory.url,
            "READER": f"cn={READER},ou=system,{self._directory.base}",
            "PASSWORD": self._directory.password,
            "PEOPLE": f"ou=people,{self._directory.base}",
            "ENTITLEMENT": ENTITLEMENT,
        }


def _as_owner() -> list[str]:
    # The stage's folder is its owner's alone; the capability lets Dovecot in.
    return [
        SETPRIV,
        *under_the_name(OWNER),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        *("--pdeathsig=KILL", "--"),
    ]


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda found: words[found[1]], text)
