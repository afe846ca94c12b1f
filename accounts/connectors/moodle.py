"""Moodle: one user a person, known by the person's key.

A user is found by ``idnumber``, else by the name the person signs in with, so that the
login name may change (the myStudy account gives way to the Leuphana account, and back)
and the user stays the same.

The token's owner needs moodle/user:create, user:update, user:viewdetails,
user:viewalldetails, user:viewhiddendetails and moodle/site:viewfullnames.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from accounts.catalogue.entitlement import COLLEGE_AND_GRADUATE
from accounts.catalogue.systems import MOODLE
from accounts.connectors.contract import (
    AS_FOUND,
    AsFound,
    Found,
    Mode,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
)
from accounts.connectors.http import Client, refused
from accounts.connectors.moodle_services import Refused, Row, Services

# Seconds of writing in one batch; whoever is left has a turn in the next.
LONGEST = 45.0
LATER = TemporaryFailure("later")
# What Moodle allows in a user name (PARAM_USERNAME); one bad value in a question would
# cost all the others their answer.
LOGIN_NAME = re.compile(r"[-.@_a-z0-9]+")
# Columns of Moodle's table hold so many characters.
WIDTH = 100
# Moodle wants two names of everybody.
NO_NAME = "-"


@dataclass(frozen=True, slots=True)
class User:
    """A user, by Moodle's own names of the fields."""

    username: str
    idnumber: str
    firstname: str
    lastname: str
    email: str
    auth: str
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Here(Found):
    """A user that was found, and Moodle's number for it."""

    number: int = 0


class Moodle:
    """The connector; without ``creates`` it only looks."""

    name = MOODLE
    batch = 25
    lease_seconds = 180

    def __init__(self, *, client: Client, token: str, creates: bool, auth: str) -> None:
        """``auth`` names the plugin by which Moodle lets these people in."""
        self._services = Services(client=client, token=token)
        self._creates = creates
        self._auth = auth

    def wanted(self, subject: Subject, /) -> User | AsFound | None:
        """Give the user of somebody who may use Moodle and can be reached by mail.

        Who is no student of these schools (any more) is suspended, never deleted: what
        the person wrote there stays.
        """
        if not self._creates:
            return AS_FOUND
        if not subject.standing.schools(subject.on) & COLLEGE_AND_GRADUATE:
            return None
        login = login_name(subject)
        if not login or MOODLE not in subject.entitlements:
            return AS_FOUND
        if subject.mail is None or not subject.mail.proved:
            return AS_FOUND
        first, last = _two_names(subject)
        return User(
            username=login,
            idnumber=subject.person_key,
            firstname=first[:WIDTH],
            lastname=last[:WIDTH],
            email=subject.mail.address.lower(),
            auth=self._auth,
        )

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look everybody up by key, and the rest by login name."""
        try:
            by_key = self._services.users(
                "idnumber", (one.person_key for one in subjects)
            )
            names = [login_name(s) for s in subjects if s.person_key not in by_key]
            by_name = self._services.users("username", filter(_possible, names))
        except Refused as refusal:
            # About our token, or about Moodle: it concerns all of them.
            raise TemporaryFailure(refusal.word) from None
        found: dict[int, Found | Outcome] = {}
        for one in subjects:
            users = by_key.get(one.person_key) or by_name.get(login_name(one), [])
            if here := self._found(one, users):
                found[one.id] = here
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Write one user after the other, as long as there is time."""
        end = time.monotonic() + LONGEST
        return [
            self._outcome(step) if time.monotonic() < end else LATER for step in steps
        ]

    def ask(self) -> None:
        """Look for a user whom nobody is."""
        try:
            self._services.users("idnumber", ["nobody"])
        except Refused as refusal:
            raise PermanentFailure(refusal.word) from None

    def _found(self, subject: Subject, users: list[Row]) -> Found | Outcome:
        if not users:
            login = login_name(subject)
            odd = login and not _possible(login)
            return PermanentFailure("login_name_refused") if odd else None
        if len(users) > 1:
            return PermanentFailure("several_users")
        user, wanted = users[0], self.wanted(subject)
        owner = str(user.get("idnumber") or "")
        if owner not in {"", subject.person_key}:
            return PermanentFailure("login_name_taken")
        if wanted is None and (not owner or user.get("suspended")):
            # Not ours, or suspended already: there is nothing to take away.
            return None
        state = _state(user, wanted) if isinstance(wanted, User) else None
        return Here(state=state, evidence=_evidence(user), number=user["id"])

    def _outcome(self, step: Step) -> Outcome:
        try:
            self._carried_out(step)
        except (TemporaryFailure, PermanentFailure) as failure:
            return failure
        except Refused as refusal:
            # About our token, or about Moodle: nothing that this person could help.
            return TemporaryFailure(refusal.word)
        return None

    def _carried_out(self, step: Step) -> None:
        match step:
            case Step(verb=Verb.CREATE, wanted=User() as wanted):
                self._create(wanted, step.subject.language)
            case Step(verb=Verb.REMOVE, found=Here(number=number)):
                self._update(number, {"suspended": "1"})
            case Step(wanted=User() as wanted, found=Here(state=User() as now) as here):
                before, after = _form(now), _form(wanted)
                changed = {name for name in after if after[name] != before[name]}
                self._update(here.number, {name: after[name] for name in changed})
            case _:
                raise TypeError(step.verb)

    def _create(self, wanted: User, language: str) -> None:
        values = _form(wanted)
        # A new user is not suspended; Moodle knows no such field here.
        del values["suspended"]
        if language:
            values["lang"] = language
        try:
            self._services.create(values)
        except Refused as refusal:
            if refusal.code != "invalidparameter":
                raise
            raise self._why_not(wanted, refusal.message) from None

    def _why_not(
        self, wanted: User, message: str
    ) -> TemporaryFailure | PermanentFailure:
        """Find out what a bare "invalid parameter" means.

        With debugging off, as on every real Moodle, the message does not say.
        """
        by_name = self._services.users("username", [wanted.username])
        if users := by_name.get(wanted.username):
            if users[0].get("idnumber") in {None, "", wanted.idnumber}:
                # It came about meanwhile, or an answer of Moodle's got lost.
                return TemporaryFailure("look_again")
            return PermanentFailure("login_name_taken")
        if "Username already exists" in message:
            return PermanentFailure("login_name_taken")
        by_email = self._services.users("email", [wanted.email])
        if by_email or "Email address already exists" in message:
            return PermanentFailure("address_taken")
        return refused("invalidparameter")

    def _update(self, number: int, values: Mapping[str, str]) -> None:
        code = self._services.update(number, values)
        if code == "useremailduplicate":
            raise PermanentFailure("address_taken")
        if code == "dmlwriteexception":
            # Moodle leaves it to its database to find out that a name is taken.
            name = values.get("username", "")
            users = self._services.users("username", [name]).get(name, [])
            if any(user["id"] != number for user in users):
                raise PermanentFailure("login_name_taken")
            raise TemporaryFailure(f"refused:{code}")
        if code:
            raise refused(code)


def login_name(subject: Subject) -> str:
    """Give the name the person signs in to Moodle with: that of the myStudy login."""
    match subject.mystudy_mode:
        case Mode.OWN:
            return subject.mystudy.lower()
        case Mode.LEUPHANA:
            return subject.account_name.lower()
        case _:
            return ""


def _possible(login: str) -> bool:
    return LOGIN_NAME.fullmatch(login) is not None


def _two_names(subject: Subject) -> tuple[str, str]:
    shown, family = subject.display_name, subject.family_name.strip()
    first = shown.removesuffix(family).strip() if family else ""
    # Who has one name is greeted by it.
    return (first, family) if first and first != shown else (shown, NO_NAME)


def _state(user: Row, wanted: User) -> User:
    """Take what Moodle shows; what it hides from us is taken to be as wanted."""
    names = ("username", "firstname", "lastname", "email", "auth")
    shown: Row = {name: str(user[name]) for name in names if name in user}
    now = replace(wanted, **shown)
    return replace(
        now,
        email=now.email.lower(),
        # It is shown if there is one.
        idnumber=str(user.get("idnumber") or ""),
        suspended=bool(user.get("suspended")),
    )


def _form(user: User) -> dict[str, str]:
    values = asdict(user)
    return {**values, "suspended": "1" if user.suspended else "0"}


def _evidence(user: Row) -> tuple[tuple[str, str], ...]:
    said = [("user", str(user["id"]))]
    if user.get("username"):
        said.append(("login_name", str(user["username"])))
    for ours, theirs in (("first_seen", "firstaccess"), ("last_seen", "lastaccess")):
        seconds = user.get(theirs)
        # 0: never.
        if isinstance(seconds, int) and seconds > 0:
            said.append((ours, datetime.fromtimestamp(seconds, tz=UTC).isoformat()))
    return tuple(said)
