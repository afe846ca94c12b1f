"""The directory: the account's entry and its entitlements, in one write per person.

Both live on the same entry, so they are one state: a new entry is born with all its
values, and a change of names and services is one modify.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from accounts.catalogue.systems import DIRECTORY
from accounts.connectors.contract import (
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
)
from accounts.directory import gateway
from accounts.directory.entry import NO_VALUES, Entry, Secret, Values
from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    DirectoryUnavailable,
    EntryExists,
    EntryMissing,
)
from accounts.directory.layout import layout
from accounts.people.lifecycle import PasswordInForce

STUDENT: Values = frozenset({"student", "member"})


@dataclass(frozen=True, slots=True)
class Account:
    """An entry as it should be; what this layout leaves to others is empty."""

    person_key: Values = NO_VALUES
    common_name: Values = NO_VALUES
    family_name: Values = NO_VALUES
    given_names: Values = NO_VALUES
    display_name: Values = NO_VALUES
    language: Values = NO_VALUES
    matriculation_no: Values = NO_VALUES
    affiliation: Values = NO_VALUES
    entitlements: Values = NO_VALUES
    # The end of an initial password, still set although its owner has chosen another.
    stale_end: bool = False

    def values(self) -> dict[str, Values]:
        """Give the entry's values by our names."""
        return {name: getattr(self, name) for name in NAMES}


NAMES: tuple[str, ...] = tuple(
    one.name for one in fields(Account) if one.name != "stale_end"
)


@dataclass(frozen=True, slots=True)
class Here(Found):
    """What was found, where, and whether another system made it."""

    dn: str = ""
    adopted: bool = False


class Directory:
    """The connector for OpenLDAP and its like."""

    name = DIRECTORY
    batch = 500
    # 500 pipelined writes take about a second; each answer is waited for six at most.
    lease_seconds = 120

    def wanted(self, subject: Subject, /) -> Account | None:
        """Give the entry of a student; somebody who left keeps it without services.

        Who left before ever activating gets none: that ends the unused letter too.
        """
        if not subject.lives_here:
            return None
        values = {
            "person_key": subject.person_key,
            "common_name": subject.display_name,
            # `sn` must not be empty (RFC 4519): a single name stands in both.
            "family_name": subject.family_name or subject.given_names,
            "given_names": subject.given_names,
            "display_name": subject.display_name,
            "language": subject.language,
            "matriculation_no": subject.matriculation_no,
        }
        here = layout()
        kept: dict[str, Any] = {
            name: frozenset({value})
            for name, value in values.items()
            if value and here.keeps(name)
        }
        studies = subject.standing.studies(subject.on)
        if studies and here.keeps("affiliation"):
            kept["affiliation"] = STUDENT
        kept["entitlements"] = subject.entitlements
        return replace(Account(), **kept)

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look entries up by account name, else by the matriculation number."""
        try:
            by_name = _by("account_name", [s.account_name for s in subjects])
            rest = [
                subject
                for subject in subjects
                if subject.account_name not in by_name and subject.matriculation_no
            ]
            by_number = _by("matriculation_no", [s.matriculation_no for s in rest])
        except DirectoryError as failure:
            raise _failure(failure) from failure
        found: dict[int, Found | Outcome] = {}
        for subject in subjects:
            entries = by_name.get(subject.account_name) or by_number.get(
                subject.matriculation_no
            )
            if entries and (here := _found(subject, entries)):
                found[subject.id] = here
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Write everything pipelined on one connection."""
        try:
            outcomes = gateway.write([_write(step) for step in steps])
        except DirectoryError as failure:
            return [_failure(failure)] * len(steps)
        return [
            None if _is_so(step, outcome) else _failure(outcome)
            for step, outcome in zip(steps, outcomes, strict=True)
        ]

    def ask(self) -> None:
        """Look for an account that nobody has."""
        try:
            gateway.students(by="account_name", values=["nobody"])
        except DirectoryError as failure:
            raise _failure(failure) from failure


def _by(name: str, values: Sequence[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in gateway.students(by=name, values=values) if values else ():
        for value in entry.values.get(name, NO_VALUES):
            found.setdefault(value.lower(), []).append(entry)
    return found


def _found(subject: Subject, entries: list[Entry]) -> Found | Outcome:
    if len(entries) > 1:
        return PermanentFailure("several_entries")
    entry = entries[0]
    owner = entry.one("person_key")
    if owner and owner != subject.person_key:
        return PermanentFailure("entry_of_another")
    state = _state(subject, entry)
    if not owner and not subject.lives_here and not state.entitlements:
        # Another system's entry of somebody who is no student: none of our business.
        return None
    return Here(
        state=state,
        account_name=entry.one("account_name").lower(),
        password=PasswordInForce(entry.secret.value),
        password_ends_at=entry.ends_at,
        dn=entry.dn,
        adopted=not owner,
    )


def _state(subject: Subject, entry: Entry) -> Account:
    here = layout()
    values: dict[str, Any] = {
        name: _ours(name, entry.values.get(name, NO_VALUES))
        for name in NAMES
        if here.keeps(name)
    }
    if not values.get("person_key") and here.keeps("person_key"):
        # The mark of entries that we made; an adopted one goes without.
        values["person_key"] = frozenset({subject.person_key})
    own = entry.secret is Secret.OWN
    stale = own and entry.ends_at is not None and subject.activated
    return replace(Account(stale_end=stale), **values)


def _ours(name: str, values: Values) -> Values:
    # What somebody else says of the person beside it (employee, say) stays.
    return values & STUDENT if name == "affiliation" else values


def _write(step: Step) -> gateway.Write:
    match step:
        case Step(verb="create", wanted=Account() as wanted, subject=subject):
            name = frozenset({subject.account_name})
            return gateway.Add(
                subject.account_name, {"account_name": name, **wanted.values()}
            )
        case Step(verb="remove", found=Here(dn=dn, adopted=False)):
            return gateway.Remove(dn)
        case Step(verb="remove", found=Here(dn=dn, state=Account() as state)):
            return gateway.Change(dn, out={"entitlements": state.entitlements}, into={})
        case Step(
            wanted=Account() as wanted, found=Here(state=Account() as state, dn=dn)
        ):
            before, after = state.values(), wanted.values()
            return gateway.Change(
                dn,
                out={name: before[name] - after[name] for name in NAMES},
                into={name: after[name] - before[name] for name in NAMES},
                endless=state.stale_end,
            )
    raise TypeError(step.verb)


def _is_so(step: Step, outcome: gateway.Outcome) -> bool:
    # Gone already is as good as removed; there already is somebody's, so look again.
    gone = step.verb == "remove" and isinstance(outcome, EntryMissing)
    return outcome is None or gone


def _failure(error: DirectoryError | None) -> TemporaryFailure | PermanentFailure:
    match error:
        case DirectoryRefused(result=result):
            return PermanentFailure(f"refused:{result}")
        case DirectoryUnavailable():
            return TemporaryFailure("no_answer")
        case EntryExists() | EntryMissing():
            return TemporaryFailure("look_again")
        case _:
            return TemporaryFailure("no_answer")
