"""One point of the way: all that steps decide on, alike for everybody there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from accounts.catalogue.standing import DOCTORAL, Programme
from accounts.catalogue.standing import Standing as Studies
from accounts.catalogue.systems import MOODLE, NAMES
from accounts.connectors.contract import Mode
from accounts.due.progress import Overall, Progress
from accounts.mailbox.standing import Ready, ready_by
from accounts.mailbox.standing import Standing as MailStanding
from accounts.mystudy.modes import Modes, modes
from onboarding.cards.models import Wish
from onboarding.cards.standing import Standing as CardStanding
from onboarding.cards.standing import way_of
from onboarding.enrolment.models import Cohort
from onboarding.journey.facts import Facts
from onboarding.journey.path import journey
from onboarding.journey.step import Standing
from onboarding.journey.teaching import MoodleFacts, MyStudyFacts

# How a row of the work table is put in one word: all done, or else what is noted.
SETTLED = "="
# Stands where a step asks only whether there is something.
_SOME, _SOMETIME = "x", datetime(2000, 1, 1, tzinfo=UTC)
_WHOLE = Overall(version="", settled=True)

Programmes = tuple[Programme, ...]


class Point(NamedTuple):
    """What holds for everybody at this point, beside their programmes.

    The systems' fields are None without a row in the work table.
    """

    activated: bool
    own_password: bool
    opened: bool
    directory: str | None
    recovery: bool
    in_a_group: bool
    address: bool
    proved: bool
    mailbox: str | None
    own_name: bool
    made_here: bool
    own_account: bool
    leuphana_account: bool
    mystudy: str | None
    user: bool
    there: bool
    moodle: str | None
    ticks: frozenset[str]
    registered: bool
    has_card: bool
    owes: bool
    wish: Wish
    works: bool
    state: str


@dataclass(frozen=True, slots=True)
class Way:
    """How far everybody at one point is."""

    # By step (key); only steps that concern them.
    standings: Mapping[str, Standing]
    # What they may do without.
    optional: frozenset[str]

    @property
    def complete(self) -> bool:
        """Say whether everything is done that is needed."""
        needed = self.standings.keys() - self.optional
        return all(self.standings[one] is Standing.DONE for one in needed)

    @property
    def stuck(self) -> bool:
        """Say whether some step waits for a human."""
        return Standing.PROBLEM in self.standings.values()


@dataclass(frozen=True, slots=True)
class _Studied:
    """What follows from somebody's programmes on the day."""

    studies: bool
    schools: frozenset[str]
    doctoral: bool
    mode: Mode


class Ways:
    """The ways of everybody, on one day; every kind of way is computed once."""

    def __init__(self, on: date) -> None:
        """Read what holds for whole cohorts, with two queries."""
        self._on = on
        self._modes: Modes = modes()
        self._dates = {cohort.code: cohort for cohort in Cohort.objects.all()}
        self._studied: dict[Programmes, _Studied] = {}
        self._ways: dict[tuple[Point, Programmes], Way] = {}

    def studies(self, programmes: Programmes) -> bool:
        """Say whether somebody with these programmes is a student."""
        return self._studied_by(programmes).studies

    def of(self, point: Point, programmes: Programmes) -> Way:
        """Give the way of everybody who is here."""
        found = self._ways.get((point, programmes))
        if found is None:
            stations = journey(self._facts(point, programmes)).stations
            found = self._ways[point, programmes] = Way(
                standings={one.step.key: one.now.standing for one in stations},
                optional=frozenset(one.step.key for one in stations if one.optional),
            )
        return found

    def _studied_by(self, programmes: Programmes) -> _Studied:
        found = self._studied.get(programmes)
        if found is None:
            whole, on = Studies(programmes, own_password=True), self._on
            degrees = whole.degrees(on)
            found = self._studied[programmes] = _Studied(
                studies=whole.studies(on),
                schools=whole.schools(on),
                doctoral=bool(degrees) and degrees <= DOCTORAL,
                mode=self._modes.for_programmes(programmes, on=on),
            )
        return found

    def _facts(self, point: Point, programmes: Programmes) -> Facts:
        studied = self._studied_by(programmes)
        return Facts(
            on=self._on,
            display_name=_SOME,
            account_name=_SOME,
            activated=point.activated,
            own_password=point.own_password,
            studies=studied.studies,
            schools=studied.schools,
            doctoral=studied.doctoral,
            account=_progress(point.directory),
            opened=point.opened,
            recovery_address=_SOME if point.recovery else "",
            mail=_mail(point),
            group=1 if point.in_a_group else None,
            ticks=point.ticks,
            mystudy=_mystudy(point, studied.mode),
            moodle=_moodle(point, studied.mode),
            card=_card(point),
            way=way_of(
                programmes=programmes,
                in_a_group=point.in_a_group,
                wish=point.wish,
                on=self._on,
                dates=self._cohort,
            ),
            work=_WHOLE,
        )

    @property
    def _cohort(self) -> Callable[[str], Cohort]:
        return lambda code: self._dates.get(code) or Cohort(code=code)


def _progress(word: str | None) -> Progress:
    if word is None:
        return Progress()
    if word == SETTLED:
        return Progress(generation=1, settled_generation=1)
    return Progress(generation=1, failures=int(bool(word)), last_error=word)


def _mail(point: Point) -> MailStanding:
    if not point.address:
        return MailStanding()
    ready = Ready.YES if point.proved else ready_by(_progress(point.mailbox))
    proved_at = _SOMETIME if point.proved else None
    return MailStanding(address=_SOME, ready=ready, proved_at=proved_at)


def _mystudy(point: Point, mode: Mode) -> MyStudyFacts:
    if mode is Mode.NONE:
        return MyStudyFacts()
    return MyStudyFacts(
        mode=mode,
        user_name=_SOME if point.own_name else "",
        made_here=point.made_here,
        own_account_opens=point.own_account,
        leuphana_account_opens=point.leuphana_account,
        progress=_progress(point.mystudy),
    )


def _moodle(point: Point, mode: Mode) -> MoodleFacts:
    if mode is Mode.NONE:
        return MoodleFacts()
    return MoodleFacts(
        asked=MOODLE in NAMES,
        there=point.user,
        last_seen=_SOMETIME if point.there else None,
        progress=_progress(point.moodle),
    )


def _card(point: Point) -> CardStanding:
    return CardStanding(
        registered_at=_SOMETIME if point.registered else None,
        number=_SOME if point.has_card else "",
        wish=point.wish,
        owed=int(point.owes),
        account_state=point.state,
        works_since=_SOMETIME if point.works else None,
    )
