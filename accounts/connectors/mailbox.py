"""The mailbox: the addresses on the account's entry, and a server that takes mail.

The entry says which addresses somebody has; whether the mailbox is really there the
mail server alone can say, so it is asked whether it would take a mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.catalogue.systems import MAILBOX
from accounts.connectors.contract import (
    Found,
    Outcome,
    PermanentFailure,
    Step,
    Subject,
    TemporaryFailure,
)
from accounts.connectors.mail_server import MailServer
from accounts.directory import gateway
from accounts.directory.entry import NO_VALUES, Entry, Values
from accounts.directory.errors import (
    DirectoryError,
    DirectoryRefused,
    EntryChanged,
    EntryExists,
    EntryMissing,
)
from accounts.directory.layout import layout

# The service without which nobody gets mail.
SERVICE = "mail"
# The evidence that this system gives.
TAKES_MAIL = "takes_mail"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The addresses of one entry, and whether mail to them is taken."""

    address: Values = NO_VALUES
    former: Values = NO_VALUES
    takes_mail: bool = False


@dataclass(frozen=True, slots=True)
class Here(Found):
    """What was found, and on which entry."""

    dn: str = ""


class Mailboxes:
    """The connector for addresses in the directory and a mail server beside it."""

    name = MAILBOX
    batch = 200
    # Writing ends after a minute; so does asking the mail server, before and after it.
    lease_seconds = 300

    def __init__(self, server: MailServer | None = None) -> None:
        """Ask this mail server, or the one of the settings."""
        self._server = server or MailServer()

    def wanted(self, subject: Subject, /) -> Mailbox | None:
        """Give the addresses of whoever chose one; who left keeps them, unserved."""
        if subject.mail is None or not subject.lives_here:
            return None
        keeps = layout().keeps
        return Mailbox(
            address=frozenset({subject.mail.address}) if keeps("mail") else NO_VALUES,
            former=subject.mail.former if keeps("former_mail") else NO_VALUES,
            takes_mail=SERVICE in subject.entitlements,
        )

    def find(self, subjects: Sequence[Subject], /) -> Mapping[int, Found | Outcome]:
        """Look the entries up, and ask the mail server about the addresses in use.

        Who has chosen no address is none of our business, whatever the entry says.
        """
        chosen = [one for one in subjects if one.mail is not None]
        entries = _entries(chosen)
        states = {
            one.id: _state(entries[one.account_name])
            for one in chosen
            if one.account_name in entries
        }
        taken = self._server.takes(
            _address(one)
            for one in chosen
            if _served(one) and _address(one) in states.get(one.id, _NONE).address
        )
        found: dict[int, Found | Outcome] = {}
        for one in chosen:
            state = states.get(one.id, _NONE)
            if state == _NONE:
                continue
            takes = _served(one) and _address(one) in taken
            found[one.id] = Here(
                state=Mailbox(state.address, state.former, takes_mail=takes),
                dn=entries[one.account_name].dn,
                evidence=((TAKES_MAIL, _address(one)),) if takes else (),
            )
        return found

    def carry_out(self, steps: Sequence[Step], /) -> Sequence[Outcome]:
        """Write the addresses, then ask whether mail to them is taken."""
        try:
            outcomes = _written(steps)
            sure = [
                step
                for step, outcome in zip(steps, outcomes, strict=True)
                if outcome is None and _wants_mail(step)
            ]
            taken = self._server.takes(_address(step.subject) for step in sure)
        except DirectoryError as failure:
            return [_failure(failure)] * len(steps)
        except TemporaryFailure as failure:
            return [failure] * len(steps)
        late = {step.subject.id for step in sure if _address(step.subject) not in taken}
        return [
            NOT_READY if step.subject.id in late else outcome
            for step, outcome in zip(steps, outcomes, strict=True)
        ]

    def ask(self) -> None:
        """Look for an account that nobody has, and greet the mail server."""
        try:
            gateway.students(by="account_name", values=["nobody"])
        except DirectoryError as failure:
            raise _failure(failure) from failure
        self._server.takes(["nobody@localhost"])


_NONE = Mailbox()
# The directory has said who may; the mail server sees it in a moment, or soon.
NOT_READY = TemporaryFailure("not_ready")
NO_ENTRY = TemporaryFailure("no_entry_yet")
ADDRESS_TAKEN = PermanentFailure("address_taken")


def _entries(subjects: Sequence[Subject]) -> dict[str, Entry]:
    names = [one.account_name for one in subjects]
    try:
        found = gateway.students(by="account_name", values=names)
    except DirectoryError as failure:
        # Whatever it is, it is about all of them.
        raise TemporaryFailure("no_answer") from failure
    return {name: entry for entry in found for name in _names(entry)}


def _names(entry: Entry) -> list[str]:
    return [name.lower() for name in entry.values.get("account_name", NO_VALUES)]


def _state(entry: Entry) -> Mailbox:
    return Mailbox(
        address=_small(entry.values.get("mail", NO_VALUES)),
        former=_small(entry.values.get("former_mail", NO_VALUES)),
    )


def _small(values: Values) -> Values:
    return frozenset(value.lower() for value in values)


def _address(subject: Subject) -> str:
    return subject.mail.address if subject.mail else ""


def _served(subject: Subject) -> bool:
    return SERVICE in subject.entitlements


def _wants_mail(step: Step) -> bool:
    return isinstance(step.wanted, Mailbox) and step.wanted.takes_mail


def _written(steps: Sequence[Step]) -> list[Outcome]:
    """Write what differs; one outcome each. Raises DirectoryError, TemporaryFailure."""
    new = _entries([step.subject for step in steps if step.found is None])
    outcomes: list[Outcome] = [None] * len(steps)
    writes: dict[int, gateway.Change] = {}
    for index, step in enumerate(steps):
        change = _change(step, new)
        if change is None:
            outcomes[index] = NO_ENTRY
        elif change.out or change.into:
            writes[index] = change
    answers = gateway.write(list(writes.values()))
    for (index, change), answer in zip(writes.items(), answers, strict=True):
        said = _dressed(change) if _is_bare(answer) else answer
        outcomes[index] = _failure(said) if said is not None else None
    return outcomes


def _change(step: Step, new: Mapping[str, Entry]) -> gateway.Change | None:
    wanted = step.wanted if isinstance(step.wanted, Mailbox) else _NONE
    if isinstance(step.found, Here) and isinstance(step.found.state, Mailbox):
        dn, state = step.found.dn, step.found.state
    elif entry := new.get(step.subject.account_name):
        dn, state = entry.dn, _NONE
    else:
        return None
    out = {"mail": state.address - wanted.address}
    into = {"mail": wanted.address - state.address}
    if layout().keeps("former_mail"):
        out["former_mail"] = state.former - wanted.former
        into["former_mail"] = wanted.former - state.former
    return gateway.Change(
        dn,
        out={name: values for name, values in out.items() if values},
        into={name: values for name, values in into.items() if values},
    )


def _is_bare(answer: DirectoryError | None) -> bool:
    return (
        isinstance(answer, DirectoryRefused) and answer.result == "objectClassViolation"
    )


def _dressed(change: gateway.Change) -> DirectoryError | None:
    """Write again, with the object classes that an adopted entry lacks."""
    has = gateway.classes_of(change.dn)
    lacks = frozenset(one for one in layout().object_classes if one.lower() not in has)
    again = gateway.Change(change.dn, out=change.out, into=change.into, classes=lacks)
    return gateway.write([again])[0]


def _failure(error: DirectoryError) -> TemporaryFailure | PermanentFailure:
    match error:
        case DirectoryRefused(result="constraintViolation"):
            # The overlay that keeps addresses unique: it is somebody else's.
            return ADDRESS_TAKEN
        case DirectoryRefused(result=result):
            return PermanentFailure(f"refused:{result}")
        case EntryExists() | EntryMissing() | EntryChanged():
            return TemporaryFailure("look_again")
        case _:
            return TemporaryFailure("no_answer")
