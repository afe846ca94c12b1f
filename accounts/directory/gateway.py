"""Looking things up in the directory, and writing entries, many at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ldap3
from django.conf import settings
from ldap3.core.exceptions import LDAPException

from accounts.directory.connection import Identity, pipeline, service, translated
from accounts.directory.entry import (
    Entry,
    Values,
    any_of,
    attributes,
    equals,
    rdn_escaped,
    read,
    wanted_attributes,
)
from accounts.directory.errors import DirectoryError, DirectoryUnavailable
from accounts.directory.layout import layout

# So many values go into one search, and so many requests are under way at once.
VALUES_A_SEARCH = 500
UNDER_WAY = 64


@dataclass(frozen=True, slots=True)
class Add:
    """A new entry; ``values`` by our names. It gets no password."""

    account_name: str
    values: Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class Change:
    """Values to take out of and to put into an entry, by our names."""

    dn: str
    out: Mapping[str, Values]
    into: Mapping[str, Values]
    # Let the password's end go; its owner has chosen it now.
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry that has to go."""

    dn: str


Write = Add | Change | Remove
Outcome = DirectoryError | None


def person(account_name: str) -> Entry | None:
    """Give the entry of a student or of somebody of the staff; raises DirectoryError.

    The portal's identity asks. More than one entry of that name is none: nobody can
    say whose it is.
    """
    here = layout()
    condition = equals("account_name", account_name, here)
    with service(Identity.PORTAL) as connection:
        found = [
            entry
            for base in (here.people, here.staff)
            for entry in _search(connection, base, f"(&{here.user_filter}{condition})")
        ]
    return found[0] if len(found) == 1 else None


def is_staff(entry: Entry) -> bool:
    """Say whether the entry lies in the staff's subtree."""
    return in_staff(entry.dn)


def in_staff(dn: str) -> bool:
    """Say whether an entry of this name lies in the staff's subtree."""
    return dn.lower().endswith(f",{layout().staff.lower()}")


def students(*, by: str, values: Sequence[str]) -> list[Entry]:
    """Give the students' entries that have one of these values; raises DirectoryError.

    ``by`` is one of our names. The provisioner's identity asks, with one search for
    500 values.
    """
    here = layout()
    if not here.keeps(by):
        return []
    rest = iter(values)
    found: list[Entry] = []
    with service(Identity.PROVISIONER) as connection:
        while some := list(islice(rest, VALUES_A_SEARCH)):
            condition = any_of([equals(by, value, here) for value in some])
            found += _search(
                connection, here.people, f"(&{here.user_filter}{condition})"
            )
    return found


def taken(account_names: Iterable[str]) -> frozenset[str]:
    """Say which of these account names exist anywhere in the directory."""
    here = layout()
    attribute = here.attributes["account_name"]
    rest = iter(account_names)
    found: set[str] = set()
    with service(Identity.PROVISIONER) as connection:
        while some := list(islice(rest, VALUES_A_SEARCH)):
            connection.search(
                settings.LDAP_BASE,
                any_of([equals("account_name", name, here) for name in some]),
                attributes=[attribute],
            )
            found |= {
                value.decode("utf-8", "replace").lower()
                for entry in _entries(connection)
                for value in entry["raw_attributes"].get(attribute, ())
            }
    return frozenset(found)


def roles_of(dn: str) -> frozenset[str]:
    """Give the names of the role groups that hold this entry; raises DirectoryError."""
    here = layout()
    condition = f"(member={ldap3.utils.conv.escape_filter_chars(dn)})"
    with service(Identity.PORTAL) as connection:
        connection.search(here.roles, condition, attributes=["cn"])
        return frozenset(
            value.decode()
            for entry in _entries(connection)
            for value in entry["raw_attributes"].get("cn", ())
        )


def write(requests: Sequence[Write]) -> list[Outcome]:
    """Carry out many writes as the provisioner, one outcome each, in order.

    The requests are pipelined on one connection. An outcome is nothing, or the error
    of this one request; DirectoryUnavailable means that it may or may not have
    happened. Raises DirectoryUnavailable where no connection can be had.
    """
    outcomes: list[Outcome] = []
    with pipeline(Identity.PROVISIONER) as connection:
        rest = iter(requests)
        waiting: list[int] = [
            _send(connection, request) for request in islice(rest, UNDER_WAY)
        ]
        while waiting:
            outcome = _answer(connection, waiting.pop(0))
            outcomes.append(outcome)
            if isinstance(outcome, DirectoryUnavailable):
                break
            waiting += [_send(connection, request) for request in islice(rest, 1)]
    missing = len(requests) - len(outcomes)
    return outcomes + [DirectoryUnavailable("no answer")] * missing


def _send(connection: ldap3.Connection, request: Write) -> int:
    here = layout()
    match request:
        case Add(account_name=name, values=values):
            rdn = f"{here.attributes['account_name']}={rdn_escaped(name)}"
            message = connection.add(
                f"{rdn},{here.people}",
                list(here.object_classes),
                attributes(values, here),
            )
        case Change():
            message = connection.modify(request.dn, _modifications(request))
        case Remove(dn=dn):
            message = connection.delete(dn)
    return int(message)


def _answer(connection: ldap3.Connection, message: int) -> Outcome:
    try:
        with translated():
            _, result = connection.get_response(
                message, timeout=settings.LDAP_ANSWER_TIMEOUT
            )
    except DirectoryError as failure:
        return failure
    except (LDAPException, KeyError, RuntimeError):
        return DirectoryUnavailable("no answer")
    return None if result else DirectoryUnavailable("no answer")


def _modifications(change: Change) -> dict[str, list[tuple[str, list[str]]]]:
    here = layout()
    wanted: dict[str, list[tuple[str, list[str]]]] = {}
    for attribute, texts in attributes(change.out, here).items():
        wanted.setdefault(attribute, []).append((ldap3.MODIFY_DELETE, texts))
    for attribute, texts in attributes(change.into, here).items():
        wanted.setdefault(attribute, []).append((ldap3.MODIFY_ADD, texts))
    if change.endless:
        wanted["pwdEndTime"] = [(ldap3.MODIFY_DELETE, [])]
    return wanted


def _search(connection: ldap3.Connection, base: str, condition: str) -> Iterator[Entry]:
    here = layout()
    connection.search(base, condition, attributes=wanted_attributes(here))
    return (read(found, here) for found in _entries(connection))


def _entries(connection: ldap3.Connection) -> list[Any]:
    return [one for one in connection.response if one["type"] == "searchResEntry"]
