"""What others do while students walk: administration, worker, desk, and the clock."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from ldap3.core.exceptions import LDAPNoSuchObjectResult
from pytest_django.fixtures import Settings

from accounts.connectors.contract import Mode
from accounts.directory import bulk
from accounts.directory.connection import hang_up
from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from accounts.post.send import send_due
from accounts.reconciler.settle import settle_batch
from onboarding.demo import staff
from onboarding.demo.ports import LOOPBACK, free_port
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.applying import apply
from onboarding.enrolment.cohort import Cohort
from onboarding.enrolment.cohort_file import CohortFile
from onboarding.enrolment.mystudy_switch import switch
from tests.accounts.signin.conftest import a_letter
from tests.cast import a_colleague, export
from tests.onboarding.cards.conftest import a_number
from tests.services.slapd import wipe
from tests.services.smtp import Postbox
from worker.fleet import CONNECTORS, FACTS, WRITERS
from worker.upkeep import look_at_everybody

COHORT = "2026ws"
ENTITLEMENT = "urn:leuphana:service:"
# Longer than a row of the work table waits after any number of failures.
A_WHILE = timedelta(minutes=7)
_serials = count(1)
Entry = dict[str, list[str]]


class University:
    """Everybody but the students, and the servers."""

    def __init__(self, slapd: Slapd, smtp: Postbox, settings: Settings) -> None:
        self.slapd = slapd
        self.smtp = smtp
        self._settings = settings
        self.all_well()
        wipe(slapd)
        cache.clear()
        staff.seat(slapd)
        librarian = Person.objects.filter(account_name="librarydesk").first()
        self._librarian = librarian or a_colleague(account_name="librarydesk")
        self.known: list[int] = []
        self._clock = time_machine.travel(timezone.now(), tick=True)
        self._time = self._clock.start()

    def close(self) -> None:
        self._clock.stop()
        self.all_well()
        bulk.hang_up()
        hang_up()

    # --- Administration -------------------------------------------------------------

    def imports(self, *rows: dict[str, str]) -> Person:
        """Bring rows of one person in, as the export has them."""
        text = export(*rows)
        today = timezone.localdate()
        file = CohortFile(io.BytesIO(text), name="export.csv", today=today)
        with Cohort(file) as cohort:
            counts = apply(cohort=cohort, by=None, at=timezone.now())
        assert not counts["refused"]
        person = Person.objects.get(person_key=rows[0]["person_key"])
        if person.pk not in self.known:
            self.known.append(person.pk)
        return person

    def letter(self, person: Person) -> str:
        """Give an initial password; nothing where there is no entry for one yet."""
        there = self.entry(f"uid={person.account_name},ou=people")
        return a_letter(Person.objects.get(pk=person.pk)) if there else ""

    def decides(self, mode: Mode) -> None:
        on, at = timezone.localdate(), timezone.now()
        switch(cohort_code=COHORT, from_date=on, mode=mode, by=None, at=at)

    # --- The worker, and the clock --------------------------------------------------

    def works(self) -> None:
        """Do all that is due by now, and send what is to be sent."""
        self._time.shift(A_WHILE)
        for connector in CONNECTORS:
            while settle_batch(
                connector=connector, facts=FACTS, at=timezone.now(), only=self.known
            ):
                pass
        while send_due(writers=WRITERS, reach=reachable, at=timezone.now()):
            pass

    def sleeps(self, *, days: int = 1) -> None:
        """Let a night pass, in which everybody is looked at."""
        self._time.shift(timedelta(days=days))
        look_at_everybody()

    # --- The library's desk ---------------------------------------------------------

    def desk(self) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self._librarian)
        return client

    def records(self, person: Person, **said: str) -> int:
        """Fill the desk's form in, confirm it twice; give the status."""
        desk, page = self.desk(), f"/library/{person.pk}/"
        confirm = desk.post(page, {"photo_id": "on", **said})
        if confirm.status_code != 200 or b'name="act"' not in confirm.content:
            return confirm.status_code
        sent = dict(_hidden(confirm.content.decode()))
        first = desk.post(f"{page}record/", sent).status_code
        assert desk.post(f"{page}record/", sent).status_code == first
        return first

    def a_card(self) -> str:
        return a_number(next(_serials) % 100_000)

    # --- Servers --------------------------------------------------------------------

    @property
    def directory_answers(self) -> bool:
        return self.slapd.running

    def directory_goes_down(self) -> None:
        self.slapd.kill()

    def mailboxes_go_down(self) -> None:
        self._settings.MAILBOX_URL = f"lmtp://{LOOPBACK}:{free_port()}"

    def post_goes_down(self) -> None:
        self.smtp.close()

    def all_well(self) -> None:
        """Bring everything back; the directory's own word tells of mailboxes."""
        self._settings.MAILBOX_URL = ""
        self.smtp.open()
        if not self.slapd.running:
            self.slapd.start()
            bulk.hang_up()
            hang_up()

    def entry(self, rdn: str) -> Entry | None:
        """Read what stands in the directory, past the portal; it has to answer."""
        admin = self.slapd.admin()
        try:
            dn = f"{rdn},{self.slapd.base}"
            admin.search(dn, "(objectClass=*)", "BASE", attributes=["*", "+"])
            raw: dict[str, Any] = admin.response[0]["raw_attributes"]
        except LDAPNoSuchObjectResult:
            return None
        finally:
            admin.unbind()
        texts = {k: v for k, v in raw.items() if k != "userPassword"}
        return {name: [one.decode() for one in many] for name, many in texts.items()}


def _hidden(page: str) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page):
        if "csrf" not in name:
            yield name, value
