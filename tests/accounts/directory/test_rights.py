"""Every identity does what the table in accounts/directory/slapd/README.md says.

And nothing else: each writes, reads, creates and deletes everywhere, and what then
really happened is compared with the table. The entry is read afterwards, because the
password policy answers before the access rules do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import ldap3
import pytest
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_bytes

from accounts.people.roles import Role
from onboarding.demo.servers.directory_files import CHEAP
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import (
    OWN,
    Found,
    active_student,
    add_colleague,
    add_student,
    give_initial_password,
    give_role,
    read,
)
from tests.services.slapd import PASSWORDS, wipe

MAIL_SECRET = "a first phone"
MYSTUDY_SECRET = "an old mystudy password"
Act = Callable[[ldap3.Connection], object]
Name = tuple[str, ...]
SECRETS = frozenset({"userPassword", "pwdHistory"})
IDENTITIES = (
    "student",
    "newcomer",
    "holder",
    "colleague",
    "mail password",
    "mystudy account",
    "portal",
    "remedy",
    "provisioner",
    "reader-moodle",
    "reader-mailbox",
    "reader-mystudy",
    "reader-printing",
    "without a name",
)


class Stage:
    """One entry of every kind, and everybody who may try to touch it.

    The holder is a student with a role; ``remedy`` has a password here, so that its
    rights can be tried like anybody's.
    """

    def __init__(self, slapd: Slapd) -> None:
        self.slapd = slapd
        base = slapd.base
        self.entries = {
            "base": base,
            **{
                f"ou={unit}": f"ou={unit},{base}"
                for unit in (
                    *("people", "staff", "mystudy"),
                    *("services", "roles", "policies", "system"),
                )
            },
            "student": f"uid=lg1,ou=people,{base}",
            "newcomer": f"uid=lg2,ou=people,{base}",
            "holder": f"uid=lg9,ou=people,{base}",
            "mail password": f"cn=mail,uid=lg1,ou=people,{base}",
            "holder's mail password": f"cn=mail,uid=lg9,ou=people,{base}",
            "mystudy account": f"uid=lg1,ou=mystudy,{base}",
            "colleague": f"uid=ada,ou=staff,{base}",
            "role": f"cn=registrar,ou=roles,{base}",
            "service": f"cn=mail,ou=services,{base}",
            "policy": f"cn=people,ou=policies,{base}",
            "identity": f"cn=portal,ou=system,{base}",
        }
        self.admin = slapd.admin()
        password = {
            "objectClass": [(ldap3.MODIFY_ADD, ["simpleSecurityObject"])],
            "userPassword": [(ldap3.MODIFY_ADD, [PASSWORDS["portal"]])],
            "pwdPolicySubentry": [
                (ldap3.MODIFY_ADD, [f"cn=system,ou=policies,{base}"]),
            ],
        }
        self.admin.modify(slapd.dn("remedy"), password)

    def begin(self) -> None:
        """Put the people back as they were at first."""
        wipe(self.slapd)
        policy = f"cn=services,ou=policies,{self.slapd.base}"
        give_role(self.slapd, active_student(self.slapd, "lg9"), Role.LIBRARY_DESK)
        active_student(
            self.slapd,
            "lg1",
            mail="lg1@stud.leuphana.example",
            eduPersonEntitlement="urn:leuphana:service:mail",
            telephoneNumber="+49 1",
            leuphanaCardNumber="3110372827",
        )
        give_initial_password(self.slapd, add_student(self.slapd, "lg2"))
        add_colleague(self.slapd, "ada")
        portal = self.slapd.bound("portal")
        mail = {"cn": "mail", "userPassword": MAIL_SECRET, "pwdPolicySubentry": policy}
        for name in ("mail password", "holder's mail password"):
            portal.add(self.entries[name], ["leuphanaServicePassword"], mail)
        portal.add(
            self.entries["mystudy account"],
            ["account", "leuphanaMyStudyAccount"],
            {
                "uid": "lg1",
                "leuphanaPersonKey": "P-lg1",
                "userPassword": MYSTUDY_SECRET,
                "pwdPolicySubentry": policy,
            },
        )
        portal.unbind()
        provisioner = self.slapd.bound("provisioner")
        changes = {
            "leuphanaContactMail": [(ldap3.MODIFY_ADD, ["lg1@stud.leuphana.example"])],
            "eduPersonEntitlement": [
                (ldap3.MODIFY_ADD, ["urn:leuphana:service:mystudy"])
            ],
        }
        provisioner.modify(self.entries["mystudy account"], changes)
        provisioner.unbind()

    def connect(self, who: str) -> ldap3.Connection:
        """Bind as one of ``IDENTITIES``."""
        own = {
            "student": OWN,
            "newcomer": "K7QM4XR9PW2D",
            "holder": OWN,
            "colleague": OWN,
            "mail password": MAIL_SECRET,
            "mystudy account": MYSTUDY_SECRET,
        }
        if who == "without a name":
            return self.slapd.unbound()
        if who in own:
            return self.slapd.connect(self.entries[who], own[who])
        if who == "remedy":
            return self.slapd.connect(self.slapd.dn(who), PASSWORDS["portal"])
        return self.slapd.bound(who)

    def look(self) -> Mapping[str, Found]:
        """Give all there is in the directory, by DN."""
        self.admin.search(
            self.slapd.base, "(objectClass=*)", attributes=["*", "+"], size_limit=0
        )
        return {
            entry["dn"]: {
                name: frozenset(values)
                for name, values in entry["raw_attributes"].items()
                if name not in {"modifyTimestamp", "entryCSN", "modifiersName"}
            }
            for entry in self.admin.response
            if entry["type"] == "searchResEntry"
        }

    def happened(self, who: str, acts: Mapping[Name, Act]) -> set[Name]:
        """Let somebody do these things; name those that made a difference.

        Acts of one group go in the same direction, so that they cannot undo each
        other; only where a whole group made a difference are they done one by one.
        """
        if not self._differs(self.connect(who), acts.values()):
            return set()
        self.begin()
        found = set()
        for name, act in acts.items():
            if self._differs(self.connect(who), [act]):
                found.add(name)
                self.begin()
        return found

    def _differs(self, connection: ldap3.Connection, acts: Iterable[Act]) -> bool:
        before = self.look()
        for act in acts:
            # Whatever the answer: the entries tell.
            with suppress(LDAPException):
                act(connection)
        connection.unbind()
        return self.look() != before


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("rights")
    server = Slapd(folder / "slapd", passwords=PASSWORDS, cost=CHEAP)
    server.start()
    stage = Stage(server)
    stage.begin()
    yield stage
    server.kill()


# --- Changing what is there -----------------------------------------------------------

VALUES = {
    "userPassword": "somebody chose this one",
    "pwdEndTime": "20981231235959Z",
    "pwdReset": "FALSE",
    "pwdStartTime": "20981231235959Z",
    "pwdAccountLockedTime": "000001010000Z",
    "pwdPolicySubentry": "cn=services,ou=policies,dc=leuphana,dc=example",
    "objectClass": "pkiUser",
    "sn": "Quell",
    "givenName": "Mika",
    "mail": "mika@stud.leuphana.example",
    "leuphanaContactMail": "mika@stud.leuphana.example",
    "telephoneNumber": "+49 2",
    "description": "somebody was here",
    "schacPersonalUniqueCode": "urn:schac:personalUniqueCode:de:x:M:9",
    "leuphanaPersonKey": "P-9",
    "leuphanaCardNumber": "3110000008",
    "eduPersonEntitlement": "urn:leuphana:service:vpn",
    "member": "uid=lg1,ou=people,dc=leuphana,dc=example",
    "memberURL": "ldap:///ou=people,dc=leuphana,dc=example??one?(uid=lg1)",
    "pwdMaxFailure": "1",
    "authzFrom": "dn:uid=lg1,ou=people,dc=leuphana,dc=example",
    "authzTo": "dn:cn=remedy,ou=system,dc=leuphana,dc=example",
}
OPERATIONS = {
    "add": ldap3.MODIFY_ADD,
    "replace": ldap3.MODIFY_REPLACE,
    "delete": ldap3.MODIFY_DELETE,
}
# Who changes what. What the schema forbids anyway (a second person key, no sn) is not
# here; a student changes the own password with the old one, see test_server.
CHANGES = {
    "student": {
        # Giving a password up shuts the account; slapd cannot tell it from replacing.
        "student": "userPassword:delete",
        "mail password": "userPassword:replace,delete",
    },
    "newcomer": {"newcomer": "userPassword:delete"},
    "holder": {
        "holder": "userPassword:delete",
        "holder's mail password": "userPassword:replace,delete",
    },
    "colleague": {"colleague": "userPassword:delete"},
    "portal": {
        "student": "userPassword:replace,delete pwdEndTime:add,replace",
        "newcomer": "userPassword:replace,delete pwdEndTime:replace,delete",
        "holder": "userPassword:replace,delete pwdEndTime:add,replace",
        # It may add to what it may create.
        "mail password": "userPassword:replace,delete objectClass:add",
        "holder's mail password": "userPassword:replace,delete objectClass:add",
        "mystudy account": "userPassword:replace,delete objectClass:add",
    },
    # The holder is not here.
    "remedy": {
        "student": "userPassword:replace,delete pwdEndTime:add,replace",
        "newcomer": "userPassword:replace,delete pwdEndTime:replace,delete",
    },
    "provisioner": {
        "student": (
            "objectClass:add sn:add,replace givenName:add,replace,delete"
            " mail:add,replace,delete telephoneNumber:add,replace,delete"
            " description:add,replace schacPersonalUniqueCode:add,replace,delete"
            " leuphanaPersonKey:replace,delete eduPersonEntitlement:add,replace,delete"
            " leuphanaCardNumber:replace,delete"
        ),
        "newcomer": (
            "objectClass:add sn:add,replace givenName:add,replace,delete"
            " mail:add,replace telephoneNumber:add,replace"
            " description:add,replace schacPersonalUniqueCode:add,replace,delete"
            " leuphanaPersonKey:replace,delete eduPersonEntitlement:add,replace"
            " leuphanaCardNumber:add,replace pwdEndTime:delete"
        ),
        "holder": (
            "objectClass:add sn:add,replace givenName:add,replace,delete"
            " mail:add,replace telephoneNumber:add,replace"
            " description:add,replace schacPersonalUniqueCode:add,replace,delete"
            " leuphanaPersonKey:replace,delete eduPersonEntitlement:add,replace"
            " leuphanaCardNumber:add,replace"
        ),
        "mail password": "objectClass:add",
        "holder's mail password": "objectClass:add",
        "mystudy account": (
            "objectClass:add sn:add,replace givenName:add,replace"
            " leuphanaContactMail:replace,delete description:add,replace"
            " leuphanaPersonKey:replace eduPersonEntitlement:add,replace,delete"
        ),
    },
}


@pytest.mark.parametrize("who", IDENTITIES)
def test_what_somebody_changes(stage: Stage, who: str) -> None:
    happened = set()
    for entry in stage.entries:
        for operation in OPERATIONS:
            happened |= stage.happened(who, _changes(stage, entry, operation))

    assert happened == {
        (entry, attribute, operation)
        for entry, words in CHANGES.get(who, {}).items()
        for word in words.split()
        for attribute, _, operations in [word.partition(":")]
        for operation in operations.split(",")
    }


def _changes(stage: Stage, entry: str, operation: str) -> dict[Name, Act]:
    dn = stage.entries[entry]

    def change(attribute: str, value: str) -> Act:
        values = [] if operation == "delete" else [value]
        return lambda connection: connection.modify(
            dn, {attribute: [(OPERATIONS[operation], values)]}
        )

    return {
        (entry, attribute, operation): change(attribute, value)
        for attribute, value in VALUES.items()
    }


# --- Setting a password without the old one -------------------------------------------

SETS = {
    "student": {"mail password"},
    "holder": {"holder's mail password"},
    "portal": {
        *("student", "newcomer", "holder", "mail password"),
        *("holder's mail password", "mystudy account"),
    },
    "remedy": {"student", "newcomer"},
}


@pytest.mark.parametrize("who", IDENTITIES)
def test_whose_password_somebody_sets(stage: Stage, who: str) -> None:
    def sets(dn: str) -> Act:
        return lambda connection: connection.extend.standard.modify_password(
            dn, None, "somebody chose this one"
        )

    happened = stage.happened(
        who, {(entry,): sets(dn) for entry, dn in stage.entries.items()}
    )

    assert happened == {(entry,) for entry in SETS.get(who, ())}


# --- Creating, deleting, renaming -----------------------------------------------------

CREATES = {
    "portal": {"mail password", "mystudy account", "mystudy account to be opened"},
    "provisioner": {"student", "mystudy account to be opened"},
}


@pytest.mark.parametrize("who", IDENTITIES)
def test_what_somebody_creates(stage: Stage, who: str) -> None:
    def creates(dn: str, classes: list[str], attributes: dict[str, Any]) -> Act:
        return lambda connection: connection.add(dn, classes, attributes)

    happened = stage.happened(
        who, {(name,): creates(*entry) for name, entry in _new(stage).items()}
    )

    assert happened == {(entry,) for entry in CREATES.get(who, ())}


def _new(stage: Stage) -> dict[str, tuple[str, list[str], dict[str, Any]]]:
    base = stage.slapd.base
    person, newcomer = ["inetOrgPerson", "leuphanaPerson"], stage.entries["newcomer"]
    names = {"cn": "Mika Quell", "sn": "Quell"}
    secret = {"userPassword": "somebody chose this one"}
    services = {"pwdPolicySubentry": f"cn=services,ou=policies,{base}"}
    system = {"pwdPolicySubentry": f"cn=system,ou=policies,{base}"}
    one = ["leuphanaServicePassword"]
    own = ["account", "leuphanaMyStudyAccount"]
    entitled = {"eduPersonEntitlement": "urn:leuphana:service:mystudy"}

    def student(uid: str, **more: str) -> tuple[str, list[str], dict[str, Any]]:
        return f"uid={uid},ou=people,{base}", person, {"uid": uid, **names, **more}

    return {
        "student": student("lg3"),
        "student with a password": student("lg4", **secret),
        "student under another policy": student("lg5", **system),
        "student with an end": student("lg6", pwdEndTime="20991231235959Z"),
        "mail password": (f"cn=mail,{newcomer}", one, {**secret, **services}),
        "any password": (f"cn=other,{newcomer}", one, {**secret, **services}),
        "unlocked password": (
            f"cn=mail,{newcomer}",
            one,
            {**secret, **system},
        ),
        "mystudy account": (
            f"uid=lg2,ou=mystudy,{base}",
            own,
            {"uid": "lg2", "leuphanaPersonKey": "P-lg2", **secret, **services},
        ),
        "unlocked account": (
            f"uid=lg3,ou=mystudy,{base}",
            own,
            {"uid": "lg3", "leuphanaPersonKey": "P-lg3", **secret, **system},
        ),
        "mystudy account to be opened": (
            f"uid=lg4,ou=mystudy,{base}",
            own,
            {"uid": "lg4", "leuphanaPersonKey": "P-lg4"},
        ),
        "entitled account": (
            f"uid=lg5,ou=mystudy,{base}",
            own,
            {"uid": "lg5", "leuphanaPersonKey": "P-lg5", **entitled, **secret},
        ),
        "second account of somebody": (
            f"uid=lg6,ou=mystudy,{base}",
            own,
            {"uid": "lg6", "leuphanaPersonKey": "P-lg1", **secret, **services},
        ),
        "colleague": (f"uid=bob,ou=staff,{base}", person, {"uid": "bob", **names}),
        "role": (
            f"cn=owner,ou=roles,{base}",
            ["groupOfNames"],
            {"member": stage.entries["student"]},
        ),
        "service": (
            f"cn=all,ou=services,{base}",
            ["groupOfURLs"],
            {"memberURL": f"ldap:///ou=people,{base}??one?(uid=*)"},
        ),
        "policy": (
            f"cn=loose,ou=policies,{base}",
            ["organizationalRole", "pwdPolicy"],
            {"pwdAttribute": "userPassword"},
        ),
        "identity": (
            f"cn=reader-all,ou=system,{base}",
            ["organizationalRole", "simpleSecurityObject"],
            secret,
        ),
        "unit": (f"ou=more,{base}", ["organizationalUnit"], {}),
    }


DELETES = {
    "portal": {"mail password", "holder's mail password"},
    "remedy": {"mail password"},
    "provisioner": {
        *("newcomer", "mail password", "holder's mail password", "mystudy account"),
    },
}


@pytest.mark.parametrize("who", IDENTITIES)
def test_what_somebody_deletes(stage: Stage, who: str) -> None:
    def deletes(dn: str) -> Act:
        return lambda connection: connection.delete(dn)

    happened = stage.happened(
        who, {(entry,): deletes(dn) for entry, dn in stage.entries.items()}
    )

    assert happened == {(entry,) for entry in DELETES.get(who, ())}


@pytest.mark.parametrize("who", IDENTITIES)
def test_where_somebody_moves_entries(stage: Stage, who: str) -> None:
    def moves(dn: str, unit: str) -> Act:
        rdn, target = dn.split(",", 1)[0], f"ou={unit},{stage.slapd.base}"
        return lambda connection: connection.modify_dn(dn, rdn, new_superior=target)

    happened = stage.happened(
        who,
        {
            (entry, unit): moves(stage.entries[entry], unit)
            for entry in ("newcomer", "colleague", "role", "identity")
            for unit in ("people", "staff", "mystudy", "roles", "system")
            if f",ou={unit}," not in stage.entries[entry]
        },
    )

    assert happened == ({("newcomer", "mystudy")} if who == "provisioner" else set())


# --- Reading --------------------------------------------------------------------------

NAMES = "objectClass uid cn sn givenName displayName preferredLanguage"
PUBLIC = f"{NAMES} eduPersonAffiliation eduPersonEntitlement mail memberOf"
KEYS = "leuphanaPersonKey schacPersonalUniqueCode pwdChangedTime"
HOLDER = f"{NAMES} eduPersonAffiliation {KEYS}"
MYSTUDY = "objectClass uid leuphanaContactMail eduPersonEntitlement"
GROUP = {"service": "objectClass cn memberURL member"}
READS = {
    "portal": {
        **GROUP,
        "student": f"{PUBLIC} {KEYS}",
        "newcomer": f"{NAMES} eduPersonAffiliation {KEYS} pwdReset pwdEndTime",
        "holder": HOLDER,
        "mail password": "objectClass cn",
        "holder's mail password": "objectClass cn",
        "mystudy account": "objectClass uid leuphanaPersonKey",
        "colleague": "objectClass uid cn sn mail",
        "role": "objectClass cn member",
    },
    "provisioner": {
        **GROUP,
        "student": f"{PUBLIC} {KEYS} telephoneNumber leuphanaCardNumber",
        "newcomer": f"{NAMES} eduPersonAffiliation {KEYS} pwdReset pwdEndTime",
        "holder": HOLDER,
        "mail password": "objectClass cn",
        "holder's mail password": "objectClass cn",
        "mystudy account": f"{MYSTUDY} leuphanaPersonKey",
        "colleague": "objectClass uid",
    },
    "reader-moodle": {
        **GROUP,
        "student": PUBLIC,
        "newcomer": f"{NAMES} eduPersonAffiliation",
        "holder": f"{NAMES} eduPersonAffiliation",
        "mystudy account": MYSTUDY,
    },
    "reader-mailbox": {
        **GROUP,
        "student": PUBLIC,
        "newcomer": f"{NAMES} eduPersonAffiliation",
        "holder": f"{NAMES} eduPersonAffiliation",
        "mail password": "objectClass cn",
        "holder's mail password": "objectClass cn",
    },
    "reader-printing": {
        **GROUP,
        "student": f"{PUBLIC} leuphanaCardNumber",
        "newcomer": f"{NAMES} eduPersonAffiliation",
        "holder": f"{NAMES} eduPersonAffiliation",
    },
    "reader-mystudy": {
        **GROUP,
        "student": PUBLIC,
        "newcomer": f"{NAMES} eduPersonAffiliation",
        "holder": f"{NAMES} eduPersonAffiliation",
        "mystudy account": MYSTUDY,
    },
}
# What slapd itself keeps about every entry.
BOOKKEEPING = {
    *("structuralObjectClass", "entryUUID", "entryDN", "creatorsName"),
    *("createTimestamp", "subschemaSubentry", "hasSubordinates"),
}


@pytest.mark.parametrize("who", IDENTITIES)
def test_what_somebody_reads(stage: Stage, who: str) -> None:
    connection = stage.connect(who)
    readable = {}
    for entry, dn in stage.entries.items():
        with suppress(LDAPException):
            if names := set(read(connection, dn)) - BOOKKEEPING:
                readable[entry] = names

    expected = {
        entry: set(names.split()) for entry, names in READS.get(who, {}).items()
    }
    assert readable == expected


@pytest.mark.parametrize("who", IDENTITIES)
def test_nobody_learns_anything_of_a_hash(stage: Stage, who: str) -> None:
    connection = stage.connect(who)
    dn = stage.entries["student"]
    stored = read(stage.admin, dn)

    for name in SECRETS & set(stored):
        value = next(iter(stored[name]))
        for question in (f"({name}=*)", f"({name}={escape_bytes(value)})"):
            with suppress(LDAPException):
                connection.search(stage.slapd.base, question)
                assert not connection.response, question
        with suppress(LDAPException):
            assert not connection.compare(dn, name, value)
    assert {"userPassword", "pwdHistory"} <= set(stored)
