"""The directory: the account's entry and its entitlements, in one write per person.

Both live on the same entry, so they are one state: a new entry is born with all its
values, and a change of names and services is one modify.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from accounts.catalogue.systems import DIRECTORY
from accounts.connectors.contract import (
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
    Verb,
)
from accounts.directory import gateway
from accounts.directory.entry import NO_VALUES, Entry, Secret, Values
from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    EntryChanged,
    EntryExists,
    EntryMissing,
)
from accounts.directory.layout import layout
from accounts.people.lifecycle import PasswordInForce

STUDENT: Values = frozenset({"student", "member"})
# What the export does not say of somebody, an entry may say all the same.
UNKNOWN_STAYS = ("language", "matriculation_no")


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
    # For services that know people by their card (printing).
    card_number: Values = NO_VALUES
    # The end of an initial password, still set although its owner has chosen another.
    stale_end: datetime | None = None

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
    # A batch takes seconds; writing ends after 20 (bulk.LONGEST). What a killed worker
    # held is free again after this time.
    lease_seconds = 45

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
            "card_number": subject.card_number,
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
        return Account(**kept)

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look entries up by account name, else by matriculation number and key."""
        try:
            by_name = _by_fact(("account_name", one.account_name) for one in subjects)
            rest = [
                one for one in subjects if ("account_name", _key(one)) not in by_name
            ]
            by_number = _by_fact(fact for one in rest for fact in _numbers(one))
        except DirectoryError as failure:
            # Whatever it is, it is about all of them.
            raise TemporaryFailure(_word(failure)) from failure
        found: dict[int, Found | Outcome] = {}
        for subject in subjects:
            entries = by_name.get(("account_name", _key(subject))) or [
                entry for fact in _numbers(subject) for entry in by_number.get(fact, ())
            ]
            if entries and (here := _found(subject, entries)):
                found[subject.id] = here
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Write everything pipelined on one connection."""
        try:
            outcomes = gateway.write([_write(step) for step in steps])
            _dress(steps, outcomes)
        except DirectoryError as failure:
            return [TemporaryFailure(_word(failure))] * len(steps)
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


Fact = tuple[str, str]


def _by_fact(facts: Iterable[Fact]) -> dict[Fact, list[Entry]]:
    asked = list(facts)
    names = {name for name, _ in asked}
    found: dict[Fact, list[Entry]] = {}
    for entry in gateway.students_having(asked):
        for name in names:
            for value in entry.values.get(name, NO_VALUES):
                found.setdefault((name, value.lower()), []).append(entry)
    return found


def _key(subject: Subject) -> str:
    return subject.account_name.lower()


def _numbers(subject: Subject) -> list[Fact]:
    facts = (
        ("matriculation_no", subject.matriculation_no.lower()),
        ("person_key", subject.person_key.lower()),
    )
    return [(name, value) for name, value in facts if value]


def _found(subject: Subject, entries: list[Entry]) -> Found | Outcome:
    if len({entry.dn for entry in entries}) > 1:
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
        account_name=_account_name(subject, entry),
        password=PasswordInForce(entry.secret.value),
        password_ends_at=entry.ends_at,
        dn=entry.dn,
        adopted=not owner,
    )


def _account_name(subject: Subject, entry: Entry) -> str:
    names = {name.lower() for name in entry.values.get("account_name", NO_VALUES)}
    # An entry may go by several names; ours is good if it is one of them.
    return _key(subject) if _key(subject) in names else min(names, default="")


def _state(subject: Subject, entry: Entry) -> Account:
    here = layout()
    values: dict[str, Any] = {
        name: entry.values[name]
        for name in NAMES
        if name in entry.values and here.keeps(name)
    }
    for name in UNKNOWN_STAYS:
        if not getattr(subject, name):
            values.pop(name, None)
    if "affiliation" in values:
        # What somebody else says of the person beside it (employee, say) stays.
        said = frozenset(value.lower() for value in values["affiliation"])
        values["affiliation"] = said & STUDENT
    if "person_key" not in values and here.keeps("person_key"):
        # The mark of entries that we made; an adopted one goes without.
        values["person_key"] = frozenset({subject.person_key})
    own = entry.secret is Secret.OWN and subject.activated
    return Account(stale_end=entry.ends_at if own else None, **values)


def _dress(steps: Sequence[Step], outcomes: list[gateway.Outcome]) -> None:
    """Give adopted entries the object classes that our attributes need."""
    bare = [
        index
        for index, (step, outcome) in enumerate(zip(steps, outcomes, strict=True))
        if isinstance(outcome, DirectoryRefused)
        and outcome.result == "objectClassViolation"
        and isinstance(step.found, Here)
    ]
    if not bare:
        return
    writes = [_dressed(steps[index]) for index in bare]
    for index, outcome in zip(bare, gateway.write(writes), strict=True):
        outcomes[index] = outcome


def _dressed(step: Step) -> gateway.Write:
    write = _write(step)
    if not isinstance(write, gateway.Change):
        return write
    has = gateway.classes_of(write.dn)
    lacks = (one for one in layout().object_classes if one.lower() not in has)
    return replace(write, classes=frozenset(lacks))


def _write(step: Step) -> gateway.Write:
    match step:
        case Step(verb=Verb.CREATE, wanted=Account() as wanted, subject=subject):
            name = frozenset({subject.account_name})
            return gateway.Add(
                subject.account_name, {"account_name": name, **wanted.values()}
            )
        case Step(verb=Verb.REMOVE, found=Here(dn=dn, adopted=False)):
            return gateway.Remove(dn)
        case Step(verb=Verb.REMOVE, found=Here(dn=dn, state=Account() as state)):
            return gateway.Change(dn, out={"entitlements": state.entitlements}, into={})
        case Step(
            wanted=Account() as wanted, found=Here(state=Account() as state, dn=dn)
        ):
            before, after = state.values(), wanted.values()
            return gateway.Change(
                dn,
                out={name: before[name] - after[name] for name in NAMES},
                into={name: after[name] - before[name] for name in NAMES},
                ends_at=state.stale_end,
            )
    raise TypeError(step.verb)


def _is_so(step: Step, outcome: gateway.Outcome) -> bool:
    # Gone already is as good as removed; there already is somebody's, so look again.
    gone = step.verb is Verb.REMOVE and isinstance(outcome, EntryMissing)
    return outcome is None or gone


def _failure(error: DirectoryError | None) -> TemporaryFailure | PermanentFailure:
    if isinstance(error, DirectoryRefused):
        return PermanentFailure(_word(error))
    return TemporaryFailure(_word(error))


def _word(error: DirectoryError | None) -> str:
    match error:
        case DirectoryRefused(result=result):
            return f"refused:{result}"
        case EntryExists() | EntryMissing() | EntryChanged():
            return "look_again"
        case _:
            return "no_answer"
