"""Accounts of myStudy's own: found by whose they are, made and opened by the portal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import ldap3
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from ldap3.core.exceptions import LDAPAttributeOrValueExistsResult

from accounts.directory import bulk, gateway
from accounts.directory.connection import portal
from accounts.directory.entry import (
    Entry,
    Values,
    any_of,
    equals,
    rdn_escaped,
    read,
    wanted_attributes,
)
from accounts.directory.errors import EntryMissing
from accounts.directory.layout import layout

# The mark of those that the portal looks after.
CLASS = "leuphanaMyStudyAccount"
CLASSES = ("account", CLASS)


@dataclass(frozen=True, slots=True)
class Account:
    """One entry in ou=mystudy."""

    entry: Entry
    # Not by another system, whose affair it stays.
    made_here: bool

    @property
    def user_name(self) -> str:
        """Give the name that its owner signs in with."""
        return self.entry.one("account_name").lower()


def of_person(*, person_key: str, matriculation_no: str) -> list[Account]:
    """Give the accounts that say they are this person's, those made here first.

    The portal's identity asks; raises DirectoryError.
    """
    here = layout()
    facts = (("person_key", person_key), ("matriculation_no", matriculation_no))
    known = [equals(name, value, here) for name, value in facts if value]
    with portal() as connection:
        connection.search(here.mystudy, any_of(known), attributes=_attributes())
        found = [
            _account(str(one["dn"]), one["raw_attributes"])
            for one in connection.response
            if one["type"] == "searchResEntry"
        ]
    return sorted(found, key=lambda account: not account.made_here)


def having(facts: Iterable[tuple[str, str]]) -> list[Account]:
    """Give the accounts of which one of these facts is true, each once.

    A fact is one of our names and its value. The provisioner's identity asks; raises
    DirectoryError.
    """
    here = layout()
    rest = (equals(name, value, here) for name, value in facts if here.keeps(name))
    found: dict[str, Account] = {}
    while some := list(islice(rest, gateway.VALUES_A_SEARCH)):
        for dn, raw in bulk.search(here.mystudy, any_of(some), _attributes()):
            found[dn] = _account(dn, raw)
    return list(found.values())


def addition(user_name: str, values: Mapping[str, Values]) -> gateway.Add:
    """Describe an account without a password; its owner sets one."""
    name = {"account_name": frozenset({user_name})}
    return gateway.Add(
        user_name, {**values, **name}, below=layout().mystudy, classes=CLASSES
    )


@sensitive_variables("password")
def create(*, user_name: str, person_key: str, password: str) -> None:
    """Make somebody's account; the directory hashes the password.

    Raises EntryExists where the name is somebody's, DirectoryRefused
    (``constraintViolation``) where the person has an account under another name, or
    another DirectoryError.
    """
    with portal() as connection:
        connection.add(
            _name(user_name),
            list(CLASSES),
            {
                "uid": user_name,
                layout().attributes["person_key"]: person_key,
                "userPassword": password.encode(),
                "pwdPolicySubentry": _policy(),
            },
        )


@sensitive_variables("password")
def put(*, user_name: str, person_key: str, password: str) -> None:
    """Set the password of somebody's account anew, of one that got lost as well.

    Raises DirectoryError.
    """
    try:
        _under_the_policy(user_name)
        with portal() as connection:
            connection.modify(
                _name(user_name),
                {"userPassword": [(ldap3.MODIFY_REPLACE, [password.encode()])]},
            )
    except EntryMissing:
        create(user_name=user_name, person_key=person_key, password=password)


def _under_the_policy(user_name: str) -> None:
    """Let the password live without a change at first use; one made here does."""
    with portal() as connection:
        try:
            connection.modify(
                _name(user_name),
                {"pwdPolicySubentry": [(ldap3.MODIFY_ADD, [_policy()])]},
            )
        except LDAPAttributeOrValueExistsResult:
            return


def _account(dn: str, raw: Mapping[str, list[bytes]]) -> Account:
    kinds = {
        value.decode().lower()
        for name, values in raw.items()
        if name.lower() == "objectclass"
        for value in values
    }
    return Account(entry=read(dn, raw, layout()), made_here=CLASS.lower() in kinds)


def _attributes() -> list[str]:
    return ["objectClass", *wanted_attributes(layout())]


def _name(user_name: str) -> str:
    return f"uid={rdn_escaped(user_name)},{layout().mystudy}"


def _policy() -> str:
    return f"cn=services,ou=policies,{settings.LDAP_BASE}"
