"""Whatever order students, staff, systems and days come in: no step is made up or lost.

Random students walk by their browsers, on a real directory; after every act each step
is compared with what there is evidence of, and in the end everybody gets there. Some
walks fit into every run; ``WALKS=200`` in the environment lets them go on for a quarter
of an hour.
"""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as walks
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from pytest_django.fixtures import Settings

from accounts.connectors.contract import Mode
from onboarding.demo.servers.slapd import Slapd
from onboarding.journey.step import Standing
from tests.cast import export_row
from tests.house.addresses import ADDRESSES
from tests.onboarding.applications.test_registration import PAGES
from tests.onboarding.journey.university import University
from tests.onboarding.journey.walker import Walker
from tests.services.smtp import Postbox

WALKS = int(os.environ.get("WALKS", "12"))
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
    # Where one goes wrong, hypothesis takes up to five minutes to shorten it.
    pytest.mark.timeout(600 + 10 * WALKS),
]

# Each kind of student: one row of the export for each programme.
KINDS: dict[str, list[dict[str, str]]] = {
    "College": [{}],
    "College, with a tutor": [{"tutor_group": "4"}],
    "teacher training": [{"degree": "B.A.", "programme": "Lehren und Lernen"}],
    "Graduate School": [{"school": "Graduate School", "degree": "M.Sc."}],
    "doctoral": [{"school": "Graduate School", "degree": "Promotion"}],
    "Professional School": [{"school": "Professional School", "degree": "MBA"}],
    "exchange": [{"degree": "exchange", "preferred_language": "en"}],
    "under age": [{"birth_date": "2009-12-24"}],
    "on leave": [{"status": "leave"}],
    "two programmes": [
        {},
        {"school": "Professional School", "degree": "LL.M.", "programme": "Tax Law"},
    ],
    "one name alone": [{"given_names": "", "family_name": "Suharto"}],
}
CHANGES: dict[str, dict[str, str]] = {
    "withdrawn": {"status": "withdrawn", "status_date": "yesterday"},
    "will withdraw": {"status": "withdrawn", "status_date": "in two days"},
    "exmatriculated": {"status": "exmatriculated", "status_date": "yesterday"},
    "enrolled again": {"status": "enrolled", "status_date": "yesterday"},
    "on leave": {"status": "leave", "status_date": "yesterday"},
    "to the Graduate School": {"school": "Graduate School", "degree": "M.Sc."},
    "to the Professional School": {"school": "Professional School", "degree": "MBA"},
    "to the College": {"school": "College", "degree": "B.Sc."},
    "married": {"family_name": "Adeyemi-Sondermann"},
    "a chosen name": {"chosen_name": "Robin"},
    "to a tutor": {"tutor_group": "5"},
}
ACTS = {one.path for one in ADDRESSES.values() if not one.path.startswith("/demo/")}
FIELDS = (
    *("account", "address", "agree", "chosen_name", "code", "deposit", "email"),
    *("new_password", "password", "reason", "user_name", "version", "wish"),
    *("act", "card_number", "from_date", "mode", "who", "initial_password"),
)
WORDS = ("", "1", "on", "paid", "waived", "leuphana", "00000000", "x" * 300, "\x00")
# Who never walks this far alone: signing out only costs the walk its session.
ENDING = {"/sign-out/", "/i18n/setlang/"}

who = st.integers(0, 1)
kinds = st.sampled_from(sorted(KINDS))


class Weeks(RuleBasedStateMachine):
    """Two students, the university around them, and weeks that go by."""

    surroundings: tuple[Slapd, Postbox, Settings]

    def __init__(self) -> None:
        super().__init__()
        self.university = University(*self.surroundings)
        self.walkers: list[Walker] = []

    @initialize(first=kinds, second=kinds, far=st.sampled_from([1, 2, 3, 0]))
    def arrive(self, first: str, second: str, far: int) -> None:
        """Let two students arrive who are so far already: walks are short."""
        for kind in (first, second):
            me = export_row(account_name="")
            rows = [{**me, **programme} for programme in KINDS[kind]]
            self.walkers.append(Walker(self.university, *rows))
        if far:
            self.university.works()
            for one in self.walkers:
                one.gets_a_letter()
                one.activates()
            self.university.works()
        for n in (0, 1):
            if far >= 2:
                self.prove_the_mailbox(n)
            if far >= 3:
                self.hand_out_a_card(n, "open")
            self.jump_ahead(n)

    # --- Students -------------------------------------------------------------------

    @rule(n=who, agree=st.sampled_from(["on", "on", ""]))
    def activate(self, n: int, agree: str) -> None:
        self.walkers[n].activates(agree=agree)

    @rule(n=who, which=st.integers(0, 3))
    def choose_an_address(self, n: int, which: int) -> None:
        self.walkers[n].chooses_an_address(which)

    @rule(n=who)
    def ask_for_a_code(self, n: int) -> None:
        self.walkers[n].asks_for_a_code()

    @rule(n=who)
    def read_the_code(self, n: int) -> None:
        self.walkers[n].reads_the_code()

    @rule(n=who, digits=st.sampled_from(["", "00000000", "1234 5678"]))
    def guess_a_code(self, n: int, digits: str) -> None:
        self.walkers[n].asks_for_a_code()
        self.university.works()
        self.walkers[n].guesses_a_code(digits)

    @rule(n=who)
    def type_the_others_code(self, n: int) -> None:
        """Read what was sent to the other one, as whoever looks over a shoulder."""
        self.walkers[n].asks_for_a_code()
        self.university.works()
        if digits := self.walkers[1 - n].newest_code():
            self.walkers[n].guesses_a_code(digits)

    @rule(n=who)
    def prove_the_mailbox(self, n: int) -> None:
        """Go the whole way of e-mail, as far as it leads now."""
        self.walkers[n].chooses_an_address()
        self.university.works()
        self.walkers[n].asks_for_a_code()
        self.university.works()
        self.walkers[n].reads_the_code()

    @rule(n=who)
    def make_a_mystudy_account(self, n: int) -> None:
        self.walkers[n].makes_a_mystudy_account()

    @rule(n=who, key=st.sampled_from(["moodle", "library_account", "mail", "card"]))
    def tick(self, n: int, key: str) -> None:
        self.walkers[n].ticks(key)

    @rule(n=who, key=st.sampled_from(["moodle", "library_account"]))
    def take_back(self, n: int, key: str) -> None:
        self.walkers[n].takes_back(key)

    @rule(n=who, page=st.sampled_from(sorted(PAGES)), less=st.integers(0, 1))
    def fill_in_a_page(self, n: int, page: str, less: int) -> None:
        self.walkers[n].fills_in(page, leaving_out=less)

    @rule(n=who, skipped=st.sampled_from(sorted(PAGES)))
    def register_but_for_a_page(self, n: int, skipped: str) -> None:
        for page in PAGES.keys() - {skipped}:
            self.walkers[n].fills_in(page)
        self.walkers[n].sends_the_registration("1")

    @rule(n=who, version=st.sampled_from(["1", "2", "", "x", "99999999999999999999"]))
    def send_the_registration(self, n: int, version: str) -> None:
        self.walkers[n].sends_the_registration(version)

    @rule(n=who)
    def register(self, n: int) -> None:
        for page in PAGES:
            self.walkers[n].fills_in(page)
        self.walkers[n].sends_the_registration("1")

    @rule(n=who, wish=st.sampled_from(["none", "earlier", "absent", "", "soon"]))
    def wish(self, n: int, wish: str) -> None:
        self.walkers[n].wishes(wish)

    @rule(n=who)
    def jump_ahead(self, n: int) -> None:
        """Send every good form at once, whether or not it is its turn."""
        walker = self.walkers[n]
        walker.makes_a_mystudy_account()
        self.guess_a_code(n, "00000000")
        self.type_the_others_code(n)
        for key in ("moodle", "library_account", "mail", "deposit"):
            walker.ticks(key)
        walker.sends_the_registration("1")
        for other in self.walkers:
            path = f"/library/{other.person.pk}/record/"
            walker.barges_in(path, {"act": str(uuid4()), "deposit": "paid"})

    @rule(
        n=who,
        path=st.sampled_from(sorted(ACTS - ENDING)),
        sent=st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(WORDS)),
        other=st.booleans(),
    )
    def barge_in(self, n: int, path: str, sent: dict[str, str], other: bool) -> None:
        """Send anything anywhere; where a page is about somebody, about the other."""
        whose = self.walkers[1 - n if other else n].person.pk
        path = path.replace("/library/1/", f"/library/{whose}/")
        self.walkers[n].barges_in(path, sent)

    # --- Everybody else -------------------------------------------------------------

    @rule(n=who)
    def send_a_letter(self, n: int) -> None:
        self.walkers[n].gets_a_letter()

    @rule(n=who, deposit=st.sampled_from(["paid", "waived", "open"]))
    def hand_out_a_card(self, n: int, deposit: str) -> None:
        walker = self.walkers[n]
        number = self.university.a_card()
        reason = "hardship" if deposit == "waived" else ""
        self._records(walker, card_number=number, deposit=deposit, reason=reason)

    @rule(n=who, deposit=st.sampled_from(["paid", "waived"]))
    def settle_the_deposit(self, n: int, deposit: str) -> None:
        reason = "hardship" if deposit == "waived" else ""
        self._records(self.walkers[n], deposit=deposit, reason=reason)

    def _records(self, walker: Walker, **said: str) -> None:
        if self.university.directory_answers:
            status = self.university.records(walker.person, **said)
            if status == 302 and "card_number" in said:
                walker.proved.add("card")

    @rule(n=who, change=st.sampled_from(sorted(CHANGES)))
    def hear_of_a_change(self, n: int, change: str) -> None:
        walker, today = self.walkers[n], timezone.localdate()
        days = {"yesterday": -1, "in two days": 2}
        said = {
            name: (today + timedelta(days=days[value])).isoformat()
            if value in days
            else value
            for name, value in CHANGES[change].items()
        }
        walker.rows = [{**row, **said} for row in walker.rows]
        self.university.imports(*walker.rows)

    @rule(mode=st.sampled_from([Mode.OWN, Mode.LEUPHANA]))
    def decide(self, mode: Mode) -> None:
        self.university.decides(mode)

    @rule()
    def work(self) -> None:
        self.university.works()

    @rule()
    def sleep(self) -> None:
        self.university.sleeps()

    @rule(which=st.sampled_from(["directory", "mailboxes", "post"]))
    def outage(self, which: str) -> None:
        acts = {
            "directory": self.university.directory_goes_down,
            "mailboxes": self.university.mailboxes_go_down,
            "post": self.university.post_goes_down,
        }
        acts[which]()

    @rule()
    def all_well(self) -> None:
        self.university.all_well()

    # --- What holds -----------------------------------------------------------------

    @invariant()
    def nothing_is_made_up_or_lost(self) -> None:
        for one in self.walkers:
            one.holds()

    def teardown(self) -> None:
        try:
            if self.walkers:
                self.university.all_well()
                for one in self.walkers:
                    self._gets_there(one)
        finally:
            self.university.close()

    def _gets_there(self, walker: Walker) -> None:
        """However it went: who studies and does what is needed has all of it."""
        self.hear_of_a_change(self.walkers.index(walker), "enrolled again")
        self.university.decides(Mode.OWN)
        self.university.sleeps()
        self.university.works()
        if not walker.has_own:
            walker.gets_a_letter()
            walker.activates()
            self.university.works()
        n = self.walkers.index(walker)
        self.prove_the_mailbox(n)
        walker.makes_a_mystudy_account()
        self.university.works()
        self.register(n)
        self.hand_out_a_card(n, "paid")
        self.settle_the_deposit(n, "paid")
        for key in ("moodle", "library_account"):
            walker.ticks(key)
        walker.holds()
        way = walker.way
        assert way.complete, [
            (s.step.key, s.now.standing)
            for s in way.stations
            if s.now.standing is not Standing.DONE
        ]


def test_in_any_order_no_step_is_made_up_or_lost(
    slapd: Slapd, smtp: Postbox, settings: Settings
) -> None:
    Weeks.surroundings = (slapd, smtp, settings)
    run_state_machine_as_test(Weeks, settings=_walks())


def _walks() -> walks:
    return walks(
        max_examples=WALKS,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
