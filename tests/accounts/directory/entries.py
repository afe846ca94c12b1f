"""Invented entries, as the worker, the portal and identity management make them."""

from collections.abc import Sequence
from typing import Any

import ldap3

from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd

STUDENT_CLASSES = (
    "inetOrgPerson",
    "eduPerson",
    "schacLinkageIdentifiers",
    "leuphanaPerson",
)
INITIAL = "K7QM4XR9PW2D"
OWN = "seven quiet herons"
ENDS = "20991231235959Z"
VOLATILE = frozenset({"modifyTimestamp", "entryCSN", "modifiersName"})

Found = dict[str, frozenset[bytes]]


def student_dn(slapd: Slapd, uid: str) -> str:
    return f"uid={uid},ou=people,{slapd.base}"


def staff_dn(slapd: Slapd, uid: str) -> str:
    return f"uid={uid},ou=staff,{slapd.base}"


def student_attributes(uid: str, **more: str | Sequence[str]) -> dict[str, Any]:
    return {
        "uid": uid,
        "cn": "Cem Sondermann",
        "sn": "Sondermann",
        "givenName": "Cem",
        "displayName": "Cem Sondermann",
        "preferredLanguage": "de",
        "schacPersonalUniqueCode": f"urn:schac:personalUniqueCode:de:x:M:{uid}",
        "eduPersonAffiliation": ["student", "member"],
        "leuphanaPersonKey": f"P-{uid}",
        **more,
    }


def add_student(slapd: Slapd, uid: str, **more: str | Sequence[str]) -> str:
    """Create an entry as the worker does, without a password."""
    dn = student_dn(slapd, uid)
    provisioner = slapd.bound("provisioner")
    provisioner.add(dn, list(STUDENT_CLASSES), student_attributes(uid, **more))
    provisioner.unbind()
    return dn


def give_initial_password(slapd: Slapd, dn: str, *, ends: str = ENDS) -> None:
    """Do what a letter does: one modify, by the portal's identity."""
    portal = slapd.bound("portal")
    portal.modify(
        dn,
        {
            "userPassword": [(ldap3.MODIFY_REPLACE, [INITIAL])],
            "pwdEndTime": [(ldap3.MODIFY_REPLACE, [ends])],
        },
    )
    portal.unbind()


def choose_password(slapd: Slapd, dn: str, *, old: str = INITIAL, new: str) -> None:
    """Change a password as its owner (RFC 3062)."""
    owner = slapd.connect(dn, old)
    owner.extend.standard.modify_password(dn, old, new)
    owner.unbind()


def end_the_initial_password(slapd: Slapd, dn: str) -> None:
    """Do what the worker does after activation."""
    provisioner = slapd.bound("provisioner")
    provisioner.modify(dn, {"pwdEndTime": [(ldap3.MODIFY_DELETE, [])]})
    provisioner.unbind()


def active_student(slapd: Slapd, uid: str, **more: str | Sequence[str]) -> str:
    """Create somebody who chose a password."""
    dn = add_student(slapd, uid, **more)
    give_initial_password(slapd, dn)
    choose_password(slapd, dn, new=OWN)
    end_the_initial_password(slapd, dn)
    return dn


def add_colleague(slapd: Slapd, uid: str) -> str:
    """Create somebody of the staff, as identity management does."""
    dn = staff_dn(slapd, uid)
    admin = slapd.admin()
    admin.add(
        dn,
        ["inetOrgPerson", "eduPerson"],
        {
            "uid": uid,
            "cn": "Ada Freytag",
            "sn": "Freytag",
            "mail": f"{uid}@leuphana.example",
            "telephoneNumber": "+49 4131 0000",
            "userPassword": OWN,
        },
    )
    admin.unbind()
    return dn


def give_role(slapd: Slapd, dn: str, role: Role) -> None:
    """Make somebody a member of a role's group, as identity management does."""
    admin = slapd.admin()
    group = f"cn={role},ou=roles,{slapd.base}"
    admin.modify(group, {"member": [(ldap3.MODIFY_ADD, [dn])]})
    admin.unbind()


def read(connection: ldap3.Connection, dn: str) -> Found:
    """Give all of an entry that this connection may see, but what every write moves."""
    connection.search(
        dn, "(objectClass=*)", ldap3.BASE, attributes=["*", "+", "memberOf"]
    )
    return {
        name: frozenset(values)
        for entry in connection.response
        if entry["type"] == "searchResEntry"
        for name, values in entry["raw_attributes"].items()
        if values and name not in VOLATILE
    }


def binds(slapd: Slapd, dn: str, password: str) -> bool:
    """Say whether this password opens this entry."""
    try:
        slapd.connect(dn, password).unbind()
    except ldap3.core.exceptions.LDAPInvalidCredentialsResult:
        return False
    return True
