"""Looking things up in the directory, and writing entries, many at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import ldap
import ldap3
from django.conf import settings

from accounts.directory import bulk
from accounts.directory.connection import portal
from accounts.directory.entry import (
    NO_VALUES,
    Entry,
    Values,
    any_of,
    attributes,
    equals,
    generalized_time,
    rdn_escaped,
    read,
    wanted_attributes,
)
from accounts.directory.layout import Layout, layout

# So many values go into one search. slapd tries each value on each entry found: 500 at
# once cost it four times as much as ten times 50.
VALUES_A_SEARCH = 50


@dataclass(frozen=True, slots=True)
class Add:
    """A new entry; ``values`` by our names. It gets no password."""

    account_name: str
    values: Mapping[str, Values]
    # Where, and what it is; without a word a student's.
    below: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Values to take out of and to put into an entry, by our names."""

    dn: str
    out: Mapping[str, Values]
    into: Mapping[str, Values]
    # The end of an initial password that has to go: its owner has chosen another.
    ends_at: datetime | None = None
    # Object classes that the entry lacks.
    classes: Values = NO_VALUES


@dataclass(frozen=True, slots=True)
class Remove:
    """An entry that has to go."""

    dn: str


Write = Add | Change | Remove
Outcome = bulk.Outcome


def person(account_name: str) -> Entry | None:
    """Give the entry of a student or of somebody of the staff; raises DirectoryError.

    The portal's identity asks. More than one entry of that name is none: nobody can
    say whose it is.
    """
    here = layout()
    condition = equals("account_name", account_name, here)
    with portal() as connection:
        found = [
            entry
            for base in (here.people, here.staff)
            for entry in _search(connection, base, f"(&{here.user_filter}{condition})")
        ]
    return found[0] if len(found) == 1 else None


def name_of(account_name: str) -> str:
    """Give the name (DN) of the entry that ``person`` gives; empty where none."""
    here = layout()
    condition = equals("account_name", account_name, here)
    wanted = f"(&{here.user_filter}{condition})"
    with portal() as connection:
        found = [
            str(one["dn"])
            for base in _bases(here)
            for one in _names(connection, base, wanted)
            if _below(str(one["dn"]), here.people, here.staff)
        ]
    return found[0] if len(found) == 1 else ""


def is_staff(entry: Entry) -> bool:
    """Say whether the entry lies in the staff's subtree."""
    return in_staff(entry.dn)


def in_staff(dn: str) -> bool:
    """Say whether an entry of this name lies in the staff's subtree."""
    return _below(dn, layout().staff)


def students(*, by: str, values: Iterable[str]) -> list[Entry]:
    """Give the students' entries that have one of these values; raises DirectoryError.

    ``by`` is one of our names.
    """
    return students_having((by, value) for value in values)


def students_having(facts: Iterable[tuple[str, str]]) -> list[Entry]:
    """Give the students' entries of which one of these facts is true, each once.

    A fact is one of our names and its value. The provisioner's identity asks, with one
    search for 50 facts; raises DirectoryError.
    """
    here = layout()
    rest = (equals(name, value, here) for name, value in facts if here.keeps(name))
    found: dict[str, Entry] = {}
    while some := list(islice(rest, VALUES_A_SEARCH)):
        condition = f"(&{here.user_filter}{any_of(some)})"
        for dn, raw in bulk.search(here.people, condition, wanted_attributes(here)):
            found[dn] = read(dn, raw, here)
    return list(found.values())


def taken(account_names: Iterable[str]) -> frozenset[str]:
    """Say which of these account names exist anywhere in the directory.

    The provisioner's identity asks, or the portal's in a process that is not given the
    other (the web); raises DirectoryError.
    """
    here = layout()
    attribute = here.attributes["account_name"]
    rest = (equals("account_name", name, here) for name in account_names)
    found: set[str] = set()
    while some := list(islice(rest, VALUES_A_SEARCH)):
        found.update(_lowered(_anywhere(any_of(some), attribute)))
    return frozenset(found)


def holders(address: str) -> frozenset[str]:
    """Name the accounts anywhere in the directory that have or had this address.

    The portal's identity asks; raises DirectoryError.
    """
    here = layout()
    account = here.attributes["account_name"]
    kept = [name for name in ("mail", "former_mail") if here.keeps(name)]
    condition = any_of([equals(name, address, here) for name in kept])
    return frozenset(_lowered(_anywhere_by_portal(condition, account)))


def roles_of(dn: str) -> frozenset[str]:
    """Give the names of the role groups that hold this entry; raises DirectoryError."""
    here = layout()
    condition = f"(member={ldap3.utils.conv.escape_filter_chars(dn)})"
    with portal() as connection:
        connection.search(here.roles, condition, attributes=["cn"])
        return frozenset(
            value.decode()
            for entry in _entries(connection)
            for value in entry["raw_attributes"].get("cn", ())
        )


def write(requests: Sequence[Write]) -> list[Outcome]:
    """Carry out many writes as the provisioner, one outcome each, in order.

    An outcome is nothing, or the error of this one request; DirectoryUnavailable means
    that it may or may not have happened. Raises DirectoryRefused where the provisioner
    itself is refused.
    """
    return bulk.write([_request(request) for request in requests])


def classes_of(dn: str) -> Values:
    """Name the object classes of an entry, in lower case; raises DirectoryError."""
    found = bulk.search(dn, "(objectClass=*)", ["objectClass"])
    return frozenset(
        value.decode().lower()
        for name, raw in found
        if name.lower() == dn.lower()
        for value in raw.get("objectClass", ())
    )


def _request(request: Write) -> bulk.Send:
    here = layout()
    match request:
        case Add(account_name=name, values=values, below=below, classes=classes):
            rdn = f"{here.attributes['account_name']}={rdn_escaped(name)}"
            kinds = list(classes or here.object_classes)
            new = {"objectClass": kinds, **attributes(values, here)}
            added = [(name, _bytes(texts)) for name, texts in new.items()]
            dn = f"{rdn},{below or here.people}"
            return lambda line: int(line.add_ext(dn, added))
        case Change(dn=dn):
            changes = _changes(request)
            return lambda line: int(line.modify_ext(dn, changes))
        case Remove(dn=dn):
            return lambda line: int(line.delete_ext(dn))


def _changes(change: Change) -> list[tuple[int, str, list[bytes]]]:
    here = layout()
    changes = [
        (ldap.MOD_DELETE, attribute, _bytes(texts))
        for attribute, texts in attributes(change.out, here).items()
    ]
    if change.classes:
        changes += [(ldap.MOD_ADD, "objectClass", _bytes(sorted(change.classes)))]
    changes += [
        (ldap.MOD_ADD, attribute, _bytes(texts))
        for attribute, texts in attributes(change.into, here).items()
    ]
    if change.ends_at:
        # By its value: an end that was set meanwhile belongs to another password.
        end = generalized_time(change.ends_at).encode()
        changes += [(ldap.MOD_DELETE, "pwdEndTime", [end])]
    return changes


def _bytes(texts: Iterable[str]) -> list[bytes]:
    return [text.encode() for text in texts]


def _search(connection: ldap3.Connection, base: str, condition: str) -> Iterator[Entry]:
    here = layout()
    connection.search(base, condition, attributes=wanted_attributes(here))
    return (
        read(str(found["dn"]), found["raw_attributes"], here)
        for found in _entries(connection)
    )


def _bases(here: Layout) -> tuple[str, ...]:
    """Give what to search for people: once from above both subtrees, where that is."""
    both = (here.people, here.staff)
    above = settings.LDAP_BASE
    return (above,) if all(_below(one, above) for one in both) else both


def _below(dn: str, *bases: str) -> bool:
    return dn.lower().endswith(tuple(f",{base.lower()}" for base in bases))


def _names(connection: ldap3.Connection, base: str, condition: str) -> list[Any]:
    # RFC 4511, 4.5.1.8: no attributes.
    connection.search(base, condition, attributes=[ldap3.NO_ATTRIBUTES])
    return _entries(connection)


def _anywhere(condition: str, attribute: str) -> list[bytes]:
    if not settings.LDAP_PROVISIONER_PASSWORD:
        return _anywhere_by_portal(condition, attribute)
    found = bulk.search(settings.LDAP_BASE, condition, [attribute])
    return [one for _, raw in found for values in raw.values() for one in values]


def _anywhere_by_portal(condition: str, attribute: str) -> list[bytes]:
    with portal() as connection:
        connection.search(settings.LDAP_BASE, condition, attributes=[attribute])
        raws = [entry["raw_attributes"] for entry in _entries(connection)]
    return [one for raw in raws for values in raw.values() for one in values]


def _lowered(values: Iterable[bytes]) -> Iterator[str]:
    return (value.decode("utf-8", "replace").lower() for value in values)


def _entries(connection: ldap3.Connection) -> list[Any]:
    return [one for one in connection.response if one["type"] == "searchResEntry"]
