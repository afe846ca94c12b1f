"""How far one person is with myStudy and Moodle: what was decided, made and seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.standing import Standing
from accounts.catalogue.systems import MOODLE, MYSTUDY, NAMES
from accounts.connectors.contract import Mode
from accounts.connectors.mystudy import ACCOUNT, LEUPHANA_ACCOUNT
from accounts.due.progress import Progress
from accounts.mystudy.modes import modes
from accounts.people.questions import Question
from accounts.reconciler.models import Evidence

_TEACHING = Question(
    lambda person: Evidence.objects.filter(
        person_id=person, system__in=(MYSTUDY, MOODLE)
    ).values_list("system", "key", "value")
)

NOTHING_YET = Progress()


@dataclass(frozen=True, slots=True)
class MyStudyFacts:
    """What opens myStudy for one person, and whether it is open."""

    mode: Mode = Mode.NONE
    # The account of myStudy's own, where there is one.
    user_name: str = ""
    made_here: bool = True
    # The directory said so, once; that stays.
    own_account_opens: bool = False
    leuphana_account_opens: bool = False
    progress: Progress = NOTHING_YET

    @property
    def done(self) -> bool:
        """Say whether the person gets in, or got in before the login changed."""
        if self.own_account_opens:
            return True
        return self.mode is Mode.LEUPHANA and self.leuphana_account_opens

    @property
    def silent(self) -> bool:
        """Say whether the directory does not answer about it."""
        return self.progress.silent


@dataclass(frozen=True, slots=True)
class MoodleFacts:
    """What Moodle says of one person."""

    # Somebody asks Moodle; where not, only the person can tell.
    asked: bool = False
    there: bool = False
    last_seen: datetime | None = None
    # What Moodle calls the person, and the login that counts now.
    known_as: str = ""
    login: str = ""
    progress: Progress = NOTHING_YET

    @property
    def login_changed(self) -> bool:
        """Say whether the person signed in under another name before."""
        return self.known_as not in {"", self.login.lower()}

    @property
    def silent(self) -> bool:
        """Say whether Moodle does not answer."""
        return self.progress.silent


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom this is about."""

    id: int
    account_name: str
    # Of myStudy's own account; empty without one.
    user_name: str = ""
    made_here: bool = True


def teaching_of(
    owner: Owner, *, standing: Standing, progress: Mapping[str, Progress], on: date
) -> tuple[MyStudyFacts, MoodleFacts]:
    """Gather both with two queries; with none for whom neither concerns."""
    if not standing.schools(on) & COLLEGE_AND_GRADUATE:
        return MyStudyFacts(), MoodleFacts()
    mode = modes().for_programmes(standing.programmes, on=on)
    said = {(system, key): value for system, key, value in _TEACHING(owner.id)}
    login = owner.user_name if mode is Mode.OWN else owner.account_name
    return (
        MyStudyFacts(
            mode=mode,
            user_name=owner.user_name,
            made_here=owner.made_here,
            own_account_opens=(MYSTUDY, ACCOUNT) in said,
            leuphana_account_opens=(MYSTUDY, LEUPHANA_ACCOUNT) in said,
            progress=progress.get(MYSTUDY, NOTHING_YET),
        ),
        MoodleFacts(
            asked=MOODLE in NAMES,
            there=(MOODLE, "user") in said,
            last_seen=_moment(said.get((MOODLE, "last_seen"), "")),
            known_as=said.get((MOODLE, "login_name"), ""),
            login=login,
            progress=progress.get(MOODLE, NOTHING_YET),
        ),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
