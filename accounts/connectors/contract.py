"""What every connector promises, whatever it is connected to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Protocol

from accounts.catalogue.standing import Standing
from accounts.people.lifecycle import PasswordInForce


class TemporaryFailure(Exception):
    """The system did not do it now; trying again later may help.

    The text is one word for the log and the work table, never anybody's data.
    """


class PermanentFailure(Exception):
    """The system will not do it: a human has to look. The text is a sentence's key."""


class Mode(StrEnum):
    """How a cohort gets into myStudy: with an account of its own, or ours."""

    OWN = "own"
    LEUPHANA = "leuphana"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailNow:
    """A person's Leuphana address, and those that the person had before."""

    address: str
    former: frozenset[str] = frozenset()
    # A code sent to the mailbox has come back.
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person told the library, by the names of its columns, in their order.

    It is handed on to the library and kept nowhere else by a connector.
    """

    receipt: str
    submitted_at: datetime
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """One person as connectors see them; no secret, no birth date."""

    id: int
    person_key: str
    account_name: str
    given_names: str
    family_name: str
    display_name: str
    language: str
    matriculation_no: str
    standing: Standing
    entitlements: frozenset[str]
    # Whether the account was ever activated, with whatever password is in force now.
    activated: bool
    # The end of the initial password that the person got last and has not replaced.
    initial_until: datetime | None
    on: date
    mail: MailNow | None = None
    # The user name of the person's own myStudy account.
    mystudy: str = ""
    mystudy_mode: Mode = Mode.NONE
    card_number: str = ""
    registration: Registration | None = None

    @property
    def lives_here(self) -> bool:
        """Say whether there is to be an account: for students, and who ever was one."""
        return self.activated or self.standing.studies(self.on)


@dataclass(frozen=True, slots=True)
class AccountThere:
    """An account of the person's own in a system, which our record may have missed."""

    user_name: str
    # Not by another system.
    made_here: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a system says of one person.

    ``state`` is compared with what is wanted; the rest is evidence for our own record,
    where the system knows it.
    """

    state: object
    account_name: str = ""
    password: PasswordInForce | None = None
    password_ends_at: datetime | None = None
    own_account: AccountThere | None = None
    # What this system says that no other can know, by keys of its own.
    evidence: tuple[tuple[str, str], ...] = ()


class AsFound(Enum):
    """The wanted state where a system is only looked at."""

    AS_FOUND = "as found"


# Whatever is there, or is not, stays as it is.
AS_FOUND = AsFound.AS_FOUND


class Verb(StrEnum):
    """What a step does."""

    CREATE = "create"
    CHANGE = "change"
    # A change for somebody who is no student any more.
    WITHDRAW = "withdraw"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Step:
    """One act that would bring a system to what is wanted; ``plan`` shows it."""

    subject: Subject
    verb: Verb
    found: Found | None
    wanted: object = None


Outcome = TemporaryFailure | PermanentFailure | None


class Connector(Protocol):
    """One target system.

    Equality of frozen states is the diff. All methods take many people at once, so
    that N people cost N/500 questions where the system allows it. ``name`` is the one
    in the work table; ``lease_seconds`` outlasts the slowest ``find`` and ``carry_out``
    of ``batch`` people.
    """

    name: str
    batch: int
    lease_seconds: int

    def wanted(self, subject: Subject, /) -> object | None:
        """Give the state the person should have; nothing: there should be none.

        AS_FOUND: whatever is there stays.
        """
        ...

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Give what is there, by the subject's id; absent: nothing is there.

        Raises TemporaryFailure where the system cannot be asked at all. A failure in
        a person's place concerns that person alone.
        """
        ...

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Do the steps; one outcome each, in order. Doing one twice changes nothing."""
        ...

    def ask(self) -> None:
        """Try the system once without changing anything; raises either failure."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing found and wanted says of one person."""

    step: Step | None = None
    failure: Outcome = None
    found: Found | None = field(default=None)


def compare(connector: Connector, subject: Subject, found: Found | Outcome) -> Verdict:
    """Say what there is to do for one person; it does nothing itself."""
    if isinstance(found, TemporaryFailure | PermanentFailure):
        return Verdict(failure=found)
    wanted = connector.wanted(subject)
    if wanted is AS_FOUND:
        step = None
    elif found is None:
        step = Step(subject, Verb.CREATE, None, wanted) if wanted is not None else None
    elif wanted is None:
        step = Step(subject, Verb.REMOVE, found)
    elif found.state == wanted:
        step = None
    else:
        studies = subject.standing.studies(subject.on)
        verb = Verb.CHANGE if studies else Verb.WITHDRAW
        step = Step(subject, verb, found, wanted)
    return Verdict(step=step, found=found)
