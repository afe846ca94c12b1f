"""The portal with every system around it that it sets people up in.

Directory, mailboxes, Moodle, the library's folder and its PAIA: real or protocol-true,
each to be taken away and brought back.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.connectors.drop_folder import DropFolder
from onboarding.demo.mail_system import MAIL_DOMAIN
from onboarding.demo.ports import LOOPBACK, free_port
from onboarding.demo.servers.dovecot import Dovecot
from onboarding.demo.servers.mailbox import Mailbox
from onboarding.demo.servers.redis import Redis
from onboarding.demo.servers.slapd import Slapd
from tests.services import surroundings
from tests.services.moodle import TOKEN, MoodleServer
from tests.services.paia import CLIENT, SECRET, PaiaServer
from tests.services.portal import Portal, address_of_the_test_database, running


class Campus:
    """The portal and what it works with; Dovecot and slapd are their fixtures' own."""

    def __init__(self, *, database_url: str, slapd: Slapd, dovecot: Dovecot) -> None:
        self.slapd = slapd
        self.dovecot = dovecot
        self.moodle = MoodleServer()
        self.library = PaiaServer()
        self.drop = surroundings.STATE_DIR / "library"
        self.post = Mailbox(
            surroundings.STATE_DIR / "post",
            port=free_port(),
            lmtp_port=dovecot.lmtp_port,
            domain=MAIL_DOMAIN,
        )
        self.portal = Portal(database_url=database_url, around=self._settings())

    def open(self) -> None:
        """Have everything run, with nobody in it."""
        self._empty()
        self.moodle.door.open()
        self.library.door.open()
        self.post.start()
        self.portal.start()

    def close(self) -> None:
        """End what was started here."""
        self.portal.stop()
        self.post.child.kill()
        self.moodle.close()
        self.library.close()

    def handed_over(self) -> list[dict[str, str]]:
        """Give all rows in the library's folder, as the library reads them."""
        return [
            row
            for file in sorted(self.drop.glob("*.csv"))
            for row in csv.DictReader(
                file.read_text(encoding="utf-8").splitlines(), delimiter=";"
            )
        ]

    @property
    def drop_elsewhere(self) -> Path:
        """Name where the library's folder is while it is not in its place."""
        return self.drop.with_name("library-away")

    def _empty(self) -> None:
        for server in (self.moodle, self.library):
            server.door.fault = None
            server.door.faults.clear()
            server.door.asked.clear()
        self.moodle.site.users.clear()
        self.library.library.patrons.clear()
        for folder in (self.drop, self.drop_elsewhere):
            shutil.rmtree(folder, ignore_errors=True)
        DropFolder(self.drop).prepare()

    def _settings(self) -> dict[str, str]:
        return {
            "SMTP_PORT": str(self.post.port),
            "MAILBOX_URL": f"lmtp://{LOOPBACK}:{self.dovecot.lmtp_port}",
            "MOODLE_URL": self.moodle.door.url,
            "MOODLE_TOKEN": TOKEN,
            "LIBRARY_DROP_DIR": str(self.drop),
            "PAIA_URL": self.library.door.url,
            "PAIA_CLIENT_ID": CLIENT,
            "PAIA_CLIENT_SECRET": SECRET,
        }


@pytest.fixture(scope="session")
def campus_of_the_session(
    django_db_setup: None,
    static_files: Path,
    slapd_of_the_session: Slapd,
    dovecot_of_the_session: Dovecot,
) -> Iterator[Campus]:
    campus = Campus(
        database_url=address_of_the_test_database(),
        slapd=slapd_of_the_session,
        dovecot=dovecot_of_the_session,
    )
    running["campus"] = campus.portal
    yield campus
    running.pop("campus")
    campus.close()


@pytest.fixture
def campus(
    transactional_db: None,
    slapd: Slapd,
    dovecot: Dovecot,
    redis: Redis,
    campus_of_the_session: Campus,
) -> Campus:
    """Give a portal and all its systems: they run, and nobody is in them."""
    campus_of_the_session.open()
    return campus_of_the_session
