"""myStudy: what the account in ou=mystudy says of its owner, and what it opens.

The portal makes the account, with a password of its owner's choice; here it is kept
right. It opens myStudy and Moodle while the person may use them and the cohort signs in
with an account of its own; what takes that away leaves the account and its password
alone, so that nothing is lost on the way back. An account that another system made is
only looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from accounts.catalogue.entitlement import TEACHING
from accounts.catalogue.systems import MYSTUDY
from accounts.connectors.contract import (
    AS_FOUND,
    AccountThere,
    AsFound,
    Found,
    Mode,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
)
from accounts.directory import gateway, mystudy
from accounts.directory.entry import NO_VALUES, Entry, Values
from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    EntryChanged,
    EntryExists,
    EntryMissing,
)
from accounts.directory.layout import layout

SERVICE = "mystudy"
# The evidence that this system gives: an own account, or ours, opens myStudy.
ACCOUNT = "account"
LEUPHANA_ACCOUNT = "leuphana_account"


@dataclass(frozen=True, slots=True)
class State:
    """An account as it should be; what this layout leaves to others is empty."""

    family_name: Values = NO_VALUES
    given_names: Values = NO_VALUES
    display_name: Values = NO_VALUES
    contact_mail: Values = NO_VALUES
    entitlements: Values = NO_VALUES

    def values(self) -> dict[str, Values]:
        """Give the account's values by our names."""
        return {name: getattr(self, name) for name in NAMES}


NAMES: tuple[str, ...] = tuple(one.name for one in fields(State))
_SERVICES = frozenset(TEACHING)


@dataclass(frozen=True, slots=True)
class Here(Found):
    """What was found, and on which entry; without one there is none yet."""

    dn: str = ""


class MyStudy:
    """The connector for accounts of myStudy's own in the directory."""

    name = MYSTUDY
    batch = 200
    # Writing ends after 20 seconds (bulk.LONGEST); looking takes less.
    lease_seconds = 120

    def wanted(self, subject: Subject, /) -> State | AsFound:
        """Give the account of whoever has one; nobody gets one by this."""
        if not subject.mystudy:
            return AS_FOUND
        opens = subject.mystudy_mode is Mode.OWN
        values = {
            # `sn` must not be empty (RFC 4519): a single name stands in both.
            "family_name": subject.family_name or subject.given_names,
            "given_names": subject.given_names,
            "display_name": subject.display_name,
            "contact_mail": subject.mail.address if subject.mail else "",
        }
        return State(
            **{
                name: frozenset({value})
                for name, value in values.items()
                if value and layout().keeps(name)
            },
            entitlements=subject.entitlements & _SERVICES if opens else NO_VALUES,
        )

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look accounts up by user name and by whose they say they are."""
        accounts = _by_fact(subjects)
        let_in = _let_in_by_leuphana_account(subjects)
        found: dict[int, Found | Outcome] = {}
        for one in subjects:
            seen = self._found(one, accounts, leuphana=one.id in let_in)
            if seen is not None:
                found[one.id] = seen
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Write everything pipelined on one connection."""
        try:
            outcomes = gateway.write([_write(step) for step in steps])
        except DirectoryError as failure:
            return [TemporaryFailure(_word(failure))] * len(steps)
        return [_failure(one) if one is not None else None for one in outcomes]

    def ask(self) -> None:
        """Look for an account that nobody has."""
        try:
            mystudy.having([("account_name", "nobody")])
        except DirectoryError as failure:
            raise _failure(failure) from failure

    def _found(
        self, one: Subject, accounts: "_Accounts", *, leuphana: bool
    ) -> Found | Outcome:
        ours = ((LEUPHANA_ACCOUNT, one.account_name),) if leuphana else ()
        mine = _mine(one, accounts)
        if len(mine) > 1:
            return PermanentFailure("several_accounts")
        if not mine:
            if _of_another(one, accounts):
                return PermanentFailure("account_of_another")
            return self._without(one, ours)
        account = mine[0]
        state = _state(account.entry)
        opens = not account.made_here or SERVICE in state.entitlements
        return Here(
            # Another system's is as it should be, however it is.
            state=state if account.made_here else self.wanted(one),
            own_account=AccountThere(account.user_name, made_here=account.made_here),
            evidence=(*ours, *(((ACCOUNT, account.user_name),) if opens else ())),
            dn=account.entry.dn,
        )

    def _without(self, one: Subject, ours: tuple[tuple[str, str], ...]) -> Found | None:
        wanted = self.wanted(one)
        lost = isinstance(wanted, State) and bool(wanted.entitlements)
        if lost:
            # It comes back without a password; its owner sets a new one.
            return Here(state=None, evidence=ours) if ours else None
        return Here(state=wanted, evidence=ours)


_Fact = tuple[str, str]
_Accounts = Mapping[_Fact, list[mystudy.Account]]


def _by_fact(subjects: Sequence[Subject]) -> _Accounts:
    asked = [fact for one in subjects for fact in _facts(one)]
    try:
        accounts = mystudy.having(asked)
    except DirectoryError as failure:
        # Whatever it is, it is about all of them.
        raise TemporaryFailure(_word(failure)) from failure
    found: dict[_Fact, list[mystudy.Account]] = {}
    for account in accounts:
        for name in ("account_name", "person_key", "matriculation_no"):
            for value in account.entry.values.get(name, NO_VALUES):
                found.setdefault((name, value.lower()), []).append(account)
    return found


def _facts(one: Subject) -> list[_Fact]:
    facts = (
        ("account_name", one.mystudy),
        ("person_key", one.person_key),
        ("matriculation_no", one.matriculation_no),
    )
    return [(name, value) for name, value in facts if value]


def _mine(one: Subject, accounts: _Accounts) -> list[mystudy.Account]:
    """Give the accounts that are this person's; the one in the record alone, if any."""
    known = {
        account.entry.dn: account
        for name, value in _facts(one)
        for account in accounts.get((name, value.lower()), ())
        if account.entry.one("person_key") in {"", one.person_key}
    }
    if one.mystudy:
        return [a for a in known.values() if a.user_name == one.mystudy]
    made_here = [account for account in known.values() if account.made_here]
    return made_here or list(known.values())


def _of_another(one: Subject, accounts: _Accounts) -> bool:
    return bool(one.mystudy and accounts.get(("account_name", one.mystudy)))


def _let_in_by_leuphana_account(subjects: Sequence[Subject]) -> frozenset[int]:
    """Say whom the Leuphana account lets in to myStudy, as the directory has it."""
    asked = {
        one.account_name: one.id
        for one in subjects
        if one.mystudy_mode is Mode.LEUPHANA and SERVICE in one.entitlements
    }
    if not asked:
        return frozenset()
    try:
        entries = gateway.students(by="account_name", values=asked)
    except DirectoryError as failure:
        raise TemporaryFailure(_word(failure)) from failure
    return frozenset(
        asked[name.lower()]
        for entry in entries
        if SERVICE in entry.values.get("entitlements", NO_VALUES)
        for name in entry.values.get("account_name", NO_VALUES)
        if name.lower() in asked
    )


def _state(entry: Entry) -> State:
    return State(
        **{
            name: entry.values[name]
            for name in NAMES
            if name in entry.values and layout().keeps(name)
        }
    )


def _write(step: Step) -> gateway.Write:
    wanted = step.wanted
    if not isinstance(wanted, State):
        raise TypeError(step.verb)
    if isinstance(step.found, Here) and isinstance(step.found.state, State):
        before, after = step.found.state.values(), wanted.values()
        return gateway.Change(
            step.found.dn,
            out={name: before[name] - after[name] for name in NAMES},
            into={name: after[name] - before[name] for name in NAMES},
        )
    key = {"person_key": frozenset({step.subject.person_key})}
    return mystudy.addition(step.subject.mystudy, {**wanted.values(), **key})


def _failure(error: DirectoryError) -> TemporaryFailure | PermanentFailure:
    if isinstance(error, DirectoryRefused):
        return PermanentFailure(_word(error))
    return TemporaryFailure(_word(error))


def _word(error: DirectoryError) -> str:
    match error:
        case DirectoryRefused(result=result):
            return f"refused:{result}"
        case EntryExists() | EntryMissing() | EntryChanged():
            return "look_again"
        case _:
            return "no_answer"
