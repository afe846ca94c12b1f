"""The stage's folder: what it remembers from one ``make run`` to the next."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from onboarding.demo.ports import LOOPBACK, free_port, is_free

LDAP_BASE = "dc=leuphana,dc=example"
# Identities of the directory, by their names under ou=system.
IDENTITIES = ("admin", "portal", "provisioner", "reader-demo", "reader-mailbox")
SERVERS = ("ldap", "redis", "smtp", "imap", "lmtp", "moodle", "paia")

# A socket's path has 107 characters at most (unix(7)); Dovecot's longest takes 37.
LONGEST_FOLDER = 70
# By this name the portal asks the stage's library.
LIBRARY_CLIENT = "start-portal"


class Refusal(Exception):
    """A reason not to start, as one sentence for the console."""


class Place:
    """``STATE_DIR`` and the environment that every part of the stage is given.

    What the caller's environment points elsewhere stays there: with ``LDAP_URL``,
    ``REDIS_URL``, ``SMTP_HOST`` or ``DATABASE_URL`` set, the stage has no such server.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take folder and port from ``STATE_DIR`` and ``PORT``."""
        self._given = dict(environment)
        self.folder = Path(environment.get("STATE_DIR") or ".state").resolve()
        self.port = _port(environment.get("PORT") or "8000")
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.cohort = environment.get("COHORT", "")
        self.layout = environment.get("LAYOUT", "")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for this process alone; Refusal where another has it."""
        if len(os.fsencode(self.folder)) > LONGEST_FOLDER:
            raise Refusal(
                f"{self.folder} is too long a name for the servers' sockets; choose a"
                f" folder of at most {LONGEST_FOLDER} characters: make run STATE_DIR=…"
            )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "stage.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                raise Refusal(
                    f"A portal already runs on {self.folder}; stop it first,"
                    " or choose another folder: make run STATE_DIR=…"
                ) from taken
            yield

    @property
    def published(self) -> Path:
        """Give the file that says where the servers are; written once all is open."""
        return self.folder / "demo.env"

    def opened(self) -> "Place":
        """Give this place; Refusal where no run has opened it yet."""
        if not self.published.is_file():
            raise Refusal(
                f"No portal has been opened on {self.folder} yet; open one first with"
                " the same folder: make run STATE_DIR=…"
            )
        return self

    def secret(self, name: str) -> str:
        """Give a secret that was made here once."""
        return self.secret_file(name).read_text(encoding="utf-8").strip()

    def secret_file(self, name: str) -> Path:
        """Give the file of a secret, readable for its owner alone."""
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / name
        if not file.exists():
            mine = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(mine, "w", encoding="utf-8") as empty:
                empty.write(secrets.token_urlsafe(32) + "\n")
        return file

    def ports(self) -> dict[str, int]:
        """Give the servers' ports; the ones of last time where there was one."""
        file = self.folder / "ports.json"
        if not file.exists():
            return self.choose_ports()
        known = json.loads(file.read_text(encoding="utf-8"))
        if not known.keys() >= set(SERVERS):
            # Chosen by an earlier version, which had fewer.
            return self.choose_ports()
        return {name: int(known[name]) for name in SERVERS}

    def choose_ports(self) -> dict[str, int]:
        """Keep the ports of last time that are still free, and find others."""
        file = self.folder / "ports.json"
        before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        chosen: dict[str, int] = {}
        for name in SERVERS:
            port = before.get(name, 0)
            taken = frozenset({self.port, *chosen.values()})
            good = port and port not in taken and is_free(port)
            chosen[name] = port if good else free_port(besides=taken)
        file.write_text(json.dumps(chosen), encoding="utf-8")
        return chosen

    def runs_own(self, variable: str) -> bool:
        """Say whether the stage brings the server that ``variable`` would name."""
        return not (self._given.get(variable) or self._given.get(f"{variable}_FILE"))

    def environment(self) -> dict[str, str]:
        """Give the environment of every part: the caller's, completed with ours."""
        return {
            **self._given,
            "DJANGO_SETTINGS_MODULE": "onboarding.settings.demo",
            "STATE_DIR": str(self.folder),
            "PORT": str(self.port),
            "PORTAL_URL": self._given.get("PORTAL_URL") or self.url,
            "SECRET_KEY_FILE": str(self.secret_file("secret-key")),
            **self._directory(),
            **self._redis(),
            **self._mail(),
            **self._moodle(),
            **self._library(),
            **self._mailboxes(),
        }

    def _directory(self) -> dict[str, str]:
        if not self.runs_own("LDAP_URL"):
            return {}
        return {
            "LDAP_URL": f"ldap://{LOOPBACK}:{self.ports()['ldap']}",
            "LDAP_BASE": LDAP_BASE,
            "LDAP_PORTAL_PASSWORD_FILE": str(self.secret_file("ldap-portal")),
            "LDAP_PROVISIONER_PASSWORD_FILE": str(self.secret_file("ldap-provisioner")),
        }

    def _redis(self) -> dict[str, str]:
        if not self.runs_own("REDIS_URL"):
            return {}
        place = f"{LOOPBACK}:{self.ports()['redis']}/0"
        return {"REDIS_URL": f"redis://:{self.secret('redis')}@{place}"}

    def _mail(self) -> dict[str, str]:
        if not self.runs_own("SMTP_HOST"):
            return {}
        return {"SMTP_HOST": LOOPBACK, "SMTP_PORT": str(self.ports()["smtp"])}

    def runs_mailboxes(self) -> bool:
        """Say whether the stage has mailboxes: they know people from its directory."""
        return self.runs_own("LDAP_URL") and self.runs_own("MAILBOX_URL")

    def _mailboxes(self) -> dict[str, str]:
        if not self.runs_mailboxes():
            return {}
        ports = self.ports()
        url = self._given.get("PORTAL_URL") or self.url
        return {
            "MAILBOX_URL": f"lmtp://{LOOPBACK}:{ports['lmtp']}",
            "MAIL_IMAP_URL": f"imap://{LOOPBACK}:{ports['imap']}",
            "MAIL_SMTP_URL": f"smtp://{LOOPBACK}:{ports['smtp']}",
            "MAIL_WEB_URL": f"{url}/demo/mail/",
        }

    def _moodle(self) -> dict[str, str]:
        if not self.runs_own("MOODLE_URL"):
            return {}
        return {
            "MOODLE_URL": f"http://{LOOPBACK}:{self.ports()['moodle']}",
            "MOODLE_TOKEN_FILE": str(self.secret_file("moodle")),
        }

    def _library(self) -> dict[str, str]:
        said: dict[str, str] = {}
        if self.runs_own("LIBRARY_DROP_DIR"):
            said["LIBRARY_DROP_DIR"] = str(self.folder / "library")
        if self.runs_own("PAIA_URL"):
            said["PAIA_URL"] = f"http://{LOOPBACK}:{self.ports()['paia']}"
            if self.runs_own("LIBRARY_ACCOUNT_URL"):
                said["LIBRARY_ACCOUNT_URL"] = f"{said['PAIA_URL']}/"
            said["PAIA_CLIENT_ID"] = LIBRARY_CLIENT
            said["PAIA_CLIENT_SECRET_FILE"] = str(self.secret_file("paia"))
        return said


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise Refusal(f"PORT must be a number from 1 to 65535, not {text!r}.")
