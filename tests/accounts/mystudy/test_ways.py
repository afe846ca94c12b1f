"""Whatever order acts, looks and switches come in: nothing is lost, nothing is made up.

A student, the registrar, the worker and the calendar act as they like, on a real
directory; after every act the steps are compared with what there is evidence of.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.catalogue.systems import MYSTUDY
from accounts.connectors.contract import Mode
from accounts.due.mark import mark
from accounts.mailbox.models import MailAddress
from accounts.mystudy import account
from accounts.mystudy.modes import decide, mode_of
from accounts.people.models import Person
from accounts.reconciler.models import Evidence
from onboarding.demo.servers.slapd import Slapd
from onboarding.journey.facts import Facts, facts_of
from onboarding.journey.path import journey
from onboarding.journey.step import Standing
from tests.accounts.directory.entries import binds
from tests.accounts.mystudy.conftest import OWN, Students, account_dn, there
from tests.accounts.mystudy.sweeping import settle
from tests.services.slapd import wipe

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "laterne am kai seit gestern"
ACTS = ("mail", "make", "own", "leuphana", "look", "night", "moodle")
NEEDED = {"mail", "make", "look", "moodle"}


class Life:
    """One student's weeks; ``now`` goes on by itself."""

    def __init__(self, slapd: Slapd, person: Person) -> None:
        self.slapd = slapd
        self.person = person
        self.now = timezone.now()
        self.was_done: set[str] = set()

    def act(self, name: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "mail": self._proves_the_mailbox,
            "make": self._makes_an_account,
            "own": lambda: self._decided(Mode.OWN),
            "leuphana": lambda: self._decided(Mode.LEUPHANA),
            "look": self._worker_looks,
            "night": self._a_night_passes,
            "moodle": self._signs_in_to_moodle,
        }
        acts[name]()

    def _proves_the_mailbox(self) -> None:
        MailAddress.objects.filter(person=self.person).update(proved_at=self.now)

    def _makes_an_account(self) -> None:
        mine = f"own.{self.person.pk}"
        mode = self.facts().mystudy.mode
        try:
            account.make(
                person=self.person,
                mode=mode,
                user_name=mine,
                password=SECRET,
                account_password=OWN,
                at=self.now,
            )
        except account.NotNow:
            proved = MailAddress.objects.filter(
                person=self.person, proved_at__isnull=False
            )
            assert mode is not Mode.OWN or not proved.exists()

    def _decided(self, mode: Mode) -> None:
        day = timezone.localdate(self.now)
        decide(cohort_code="2026ws", from_date=day, mode=mode, by=None, at=self.now)
        mark(people=[self.person.pk], systems=[MYSTUDY], at=self.now)
        assert mode_of("2026ws", on=day) is mode

    def _worker_looks(self) -> None:
        settle(self.person.pk, at=self.now)

    def _a_night_passes(self) -> None:
        self.now += timedelta(days=1)
        mark(people=[self.person.pk], systems=[MYSTUDY], at=self.now)

    def _signs_in_to_moodle(self) -> None:
        """Moodle lets in whom the directory opens it for, and says so."""
        if not self._gets_in():
            return
        Evidence.objects.update_or_create(
            person=self.person,
            system="moodle",
            key="last_seen",
            defaults={
                "value": self.now.isoformat(),
                "first_seen_at": self.now,
                "seen_at": self.now,
            },
        )

    def _gets_in(self) -> bool:
        if self.facts().mystudy.mode is Mode.LEUPHANA:
            return True
        mine = account.of(self.person.pk)
        return mine is not None and bool(there(self.slapd, mine.user_name))

    def facts(self) -> Facts:
        return facts_of(self.person, at=self.now)

    def standing(self, key: str) -> Standing:
        way = journey(self.facts())
        return next(s.now.standing for s in way.stations if s.step.key == key)

    def holds(self) -> None:
        """Compare what the steps say with what there is."""
        facts, mine = self.facts(), account.of(self.person.pk)
        opened = bool(mine and there(self.slapd, mine.user_name))
        done = {
            key for key in ("mystudy", "moodle") if self.standing(key) is Standing.DONE
        }
        if "mystudy" in done:
            # Never without its evidence.
            assert facts.mystudy.own_account_opens or (
                facts.mystudy.mode is Mode.LEUPHANA
                and facts.mystudy.leuphana_account_opens
            )
            assert opened or facts.mystudy.mode is Mode.LEUPHANA
        if facts.mystudy.own_account_opens:
            assert "mystudy" in done
            assert mine is not None
            # Whatever was decided since: the account is there, and its password.
            dn = account_dn(self.slapd, mine.user_name)
            assert binds(self.slapd, dn, SECRET)
        # What was done by evidence of the system itself stays done.
        assert self.was_done <= done
        self.was_done |= done & {"moodle"}
        if facts.mystudy.own_account_opens:
            self.was_done.add("mystudy")
        if self.standing("mystudy") is Standing.HERE:
            assert facts.mail.proved
            assert facts.mystudy.mode is Mode.OWN


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.sampled_from(ACTS), max_size=14))
@example(acts=["mail", "make", "look", "leuphana", "look", "own", "look"])
@example(acts=["leuphana", "look", "own", "mail", "make", "look", "moodle"])
@example(acts=["leuphana", "look", "moodle", "own", "look"])
def test_nothing_is_lost_and_nothing_made_up(
    slapd: Slapd, student: Students, acts: list[str]
) -> None:
    wipe(slapd)
    person = student(proved=False)
    life = Life(slapd, person)

    for name in acts:
        life.act(name)
        life.holds()

    # However it went: who does what is needed gets there.
    for name in ("own", "mail", "make", "look", "moodle"):
        life.act(name)
        life.holds()
    assert life.was_done == {"mystudy", "moodle"}
    assert life.standing("mystudy") is Standing.DONE
