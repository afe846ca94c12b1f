"""A student who does everything by the browser, and remembers what really happened."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.connectors.contract import Mode
from accounts.journal.models import Event
from accounts.mailbox.models import MailAddress
from accounts.mailbox.standing import Ready
from accounts.mystudy.models import MyStudyAccount
from accounts.signin.credentials import printed
from onboarding.applications.models import LibraryRegistration
from onboarding.cards.deposits import owed
from onboarding.cards.models import Holding
from onboarding.cards.route import Route
from onboarding.journey.facts import Facts, facts_of
from onboarding.journey.path import Journey, Station, journey
from onboarding.journey.step import Standing, Word
from onboarding.journey.ticks import ticked
from tests.accounts.directory.entries import binds
from tests.accounts.mailbox.conftest import code_in
from tests.onboarding.applications.test_registration import PAGES
from tests.onboarding.journey.university import ENTITLEMENT, University

OWN = "kiesel tanzt barfuss"
SECRET = "laterne am kai seit gestern"
# What a page may answer to whatever it is sent.
ANSWERS = frozenset({200, 204, 302, 304, 400, 401, 403, 404, 405, 409, 422, 429, 503})
DONE, HERE = Standing.DONE, Standing.HERE


class Walker:
    """One student: a browser, a letter, and what counts as evidence."""

    def __init__(self, university: University, *rows: dict[str, str]) -> None:
        self.university = university
        self.rows = [dict(row) for row in rows]
        self.person = university.imports(*self.rows)
        self.tab = Client(headers={"accept-language": "en"})
        self.letter = ""
        self.has_own = False
        # Steps with evidence that the student, or somebody else, has really given.
        self.proved: set[str] = set()
        self.pages: set[str] = set()
        self.was_done: set[str] = set()
        self.mine = f"own.{self.person.pk}"

    # --- What the journey says ------------------------------------------------------

    @property
    def facts(self) -> Facts:
        self.person.refresh_from_db()
        return facts_of(self.person, at=timezone.now())

    @property
    def way(self) -> Journey:
        return journey(self.facts)

    def station(self, key: str) -> Station | None:
        return next((one for one in self.way.stations if one.step.key == key), None)

    # --- Acts -----------------------------------------------------------------------

    def gets_a_letter(self) -> None:
        if self.university.directory_answers:
            secret = self.university.letter(self.person)
            if secret:
                self.letter, self.has_own = secret, False
                self.was_done.discard("activation")

    def activates(self, *, agree: str = "on", new: str = OWN) -> None:
        sent = {
            "account": self.person.account_name,
            "initial_password": printed(self.letter) if self.letter else "",
            "new_password": new,
            "agree": agree,
        }
        answer = self.post("/activate/", sent)
        if answer.status_code == 302:
            assert self.letter or self.has_own
            self.has_own = True

    def comes_in(self) -> bool:
        """Sign in where the session is over; says whether the student is in."""
        if self._is_in():
            return True
        sent = {"account": self.person.account_name, "password": OWN}
        answer = self.post("/sign-in/", sent)
        assert answer.status_code != 302 or self.has_own or "activate" in answer.url  # type: ignore[attr-defined]
        return self._is_in()

    def chooses_an_address(self, which: int = 0) -> None:
        self.comes_in()
        page = self.tab.get("/mail/address/").content.decode()
        offered = re.findall(r'name="address"[^>]* value="([^"]+)"', page)
        if offered:
            address = offered[which % len(offered)]
            self.post("/mail/address/", {"address": address})

    def asks_for_a_code(self) -> None:
        self.comes_in()
        self.post("/mail/code/send/", {})

    def reads_the_code(self) -> None:
        """Read the newest mail in the mailbox, if it can be opened, and type it in."""
        code = self.newest_code()
        if code and self.comes_in():
            self.post("/mail/code/", {"code": code})
            if MailAddress.objects.filter(
                person=self.person, proved_at__isnull=False
            ).exists():
                self.proved.add("mail")

    def guesses_a_code(self, digits: str) -> None:
        self.comes_in()
        if digits != self.newest_code():
            self.post("/mail/code/", {"code": digits})

    def makes_a_mystudy_account(self) -> None:
        self.comes_in()
        sent = {"user_name": self.mine, "new_password": SECRET, "password": OWN}
        self.post("/journey/mystudy/", sent)

    def ticks(self, key: str) -> None:
        station = self.station(key)
        asked = station is not None and station.now.word is Word.ASKED
        if self.comes_in() and asked:
            self.proved.add(key)
        self.post(f"/journey/{key}/tick/", {})

    def takes_back(self, key: str) -> None:
        inside = self.comes_in()
        self.post(f"/journey/{key}/take-back/", {})
        if inside:
            self.proved.discard(key)
            self.was_done.discard(key)

    def fills_in(self, page: str, *, leaving_out: int = 0) -> None:
        values = list(PAGES[page].items())
        sent = dict(values[leaving_out:])
        if self.comes_in():
            answer = self.post(f"/library-registration/{page}/", sent)
            if answer.status_code == 302:
                self.pages.add(page)

    def sends_the_registration(self, version: str) -> None:
        inside = self.comes_in()
        self.post("/library-registration/check/", {"version": version})
        if inside and self.pages == PAGES.keys():
            self.proved.add("registration")

    def wishes(self, wish: str) -> None:
        self.comes_in()
        self.post("/journey/card/wish/", {"wish": wish})

    def barges_in(self, path: str, sent: dict[str, str]) -> None:
        """Send something where it is perhaps not this student's turn, or business."""
        self.comes_in()
        self.post(path, sent)

    def post(self, path: str, sent: dict[str, str]) -> HttpResponse:
        answer: Any = self.tab.post(path, sent)
        assert answer.status_code in ANSWERS, (path, answer.status_code)
        return answer  # type: ignore[no-any-return]

    # --- What must hold -------------------------------------------------------------

    def holds(self) -> None:
        facts = self.facts
        way = journey(facts)
        done = {one.step.key for one in way.stations if one.now.standing is DONE}
        there = {one.step.key for one in way.stations}
        for key in done:
            self._has_evidence(key, facts)
        # What was done stays so, through everything, as long as it is part of the way.
        assert self.was_done & there <= done, (self.was_done & there) - done
        self.was_done |= done
        if facts.mystudy.mode is Mode.LEUPHANA and not facts.mystudy.own_account_opens:
            # That may be taken back by the registrar.
            self.was_done.discard("mystudy")
        self._got_past_nothing()
        self._goes_on(way, facts)

    def _has_evidence(self, key: str, facts: Facts) -> None:
        if key == "activation":
            assert self.has_own
            self._has_services(facts)
        elif key == "mystudy":
            self._opens_mystudy(facts)
        elif key in {"card", "deposit"}:
            assert Holding.objects.filter(person=self.person).exists()
            assert key == "card" or owed(self.person.pk) <= 0
        elif key in {"moodle", "library_account"}:
            assert key in ticked(self.person.pk)
            assert key in self.proved
        elif key != "recovery":
            assert key in self.proved, key

    def _has_services(self, facts: Facts) -> None:
        if not self.university.directory_answers:
            return
        dn = f"uid={self.person.account_name},ou=people,{self.university.slapd.base}"
        assert binds(self.university.slapd, dn, OWN)
        if facts.studies and facts.account.settled:
            assert self._may("wifi")

    def _opens_mystudy(self, facts: Facts) -> None:
        if not self.university.directory_answers:
            return
        if not facts.mystudy.own_account_opens:
            assert facts.mystudy.mode is Mode.LEUPHANA
            return
        slapd = self.university.slapd
        dn = f"uid={facts.mystudy.user_name},ou=mystudy,{slapd.base}"
        # Whatever was decided since: the account is there, and its password.
        assert binds(slapd, dn, SECRET)

    def _got_past_nothing(self) -> None:
        """Compare what there is with what there may be, however it was asked for."""
        mine = self.person.pk
        acts = set(Event.objects.filter(whom=mine).values_list("what", flat=True))
        addresses = MailAddress.objects.filter(person=mine)
        if addresses.exists():
            assert "account_activated" in acts
        if addresses.filter(proved_at__isnull=False).exists():
            assert "mail" in self.proved
        if MyStudyAccount.objects.filter(person=mine).exists():
            assert "mail" in self.proved
        assert ticked(mine) <= self.proved
        if LibraryRegistration.objects.filter(person=mine).exists():
            assert "registration" in self.proved
        if Holding.objects.filter(person=mine).exists():
            assert "card" in self.proved
        assert Event.objects.filter(whom=mine, what="card_handed_out").count() <= 1
        assert addresses.filter(retired_at=None).count() <= 1

    def _goes_on(self, way: Journey, facts: Facts) -> None:
        """There is something to do, or all is done, or it is somebody else's turn.

        Nobody asks anything of who does not study here (DOMAIN, edge cases 22 to 26).
        """
        if not facts.studies:
            assert {s.now.standing for s in way.stations} <= {Standing.DONE}
            return
        if way.complete or way.waiting or way.problem:
            return
        if way.next is None or way.next.optional:
            # The tutor has the card, and Opening Week has not begun.
            assert facts.way.route is Route.TUTOR
            assert not facts.way.begun(facts.on)
            return
        if way.next.step.key == "mail" and facts.mail.ready is Ready.YES:
            self._has_a_mailbox(facts)
        if self.university.directory_answers and self.has_own and self.comes_in():
            self._opens(way.next)

    def _has_a_mailbox(self, facts: Facts) -> None:
        """A code is only asked for where it could be read."""
        if self.university.directory_answers and facts.studies:
            assert self._may("mail")

    def _opens(self, station: Station) -> None:
        answer: Any = self.tab.get(reverse(station.now.url_name), follow=True)
        assert answer.status_code == 200
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else ""
        assert last != "/journey/", station.step.key

    # --- Looking --------------------------------------------------------------------

    def _may(self, service: str) -> bool:
        entry = self.university.entry(f"uid={self.person.account_name},ou=people")
        values = entry.get("eduPersonEntitlement", []) if entry else []
        return f"{ENTITLEMENT}{service}" in values

    def newest_code(self) -> str:
        """Give the newest code that was sent to this student's mailbox."""
        current = MailAddress.objects.filter(
            person=self.person, retired_at=None
        ).first()
        if current is None:
            return ""
        mails = [
            one for one in self.university.smtp.mails if one["To"] == current.address
        ]
        codes = [one for one in mails if re.search(r"\b\d{4} \d{4}\b", str(one))]
        return code_in(codes[-1]) if codes else ""

    def _is_in(self) -> bool:
        return self.tab.get("/journey/history/").status_code == 200
