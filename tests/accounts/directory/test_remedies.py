"""What the help desk has done to accounts: to nobody's who has a role, slapd says."""

from datetime import UTC, datetime

import ldap3
import pytest
from ldap3.core.exceptions import (
    LDAPAuthorizationDeniedResult,
    LDAPInsufficientAccessRightsResult,
    LDAPInvalidCredentialsResult,
)

from accounts.directory import gateway, passwords, service_passwords
from accounts.directory.connection import PROXIED_AUTHORIZATION, Acting
from accounts.directory.errors import EntryGuarded
from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import (
    INITIAL,
    OWN,
    active_student,
    add_student,
    binds,
    give_role,
    read,
)

NAME = "lg1000001"
MAIL = "a phone of before"
ENDS = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
GUARDED = sorted(frozenset(Role) - {Role.TUTOR})


def set_anew(who: Acting = Acting.REMEDY) -> None:
    passwords.set_initial_password(
        account_name=NAME, secret=INITIAL, ends_at=ENDS, who=who
    )


def a_student_as(slapd: Slapd, *roles: Role) -> str:
    """Give the name of somebody with a mail password and these roles."""
    dn = active_student(slapd, NAME)
    service_passwords.put(dn=dn, service="mail", password=MAIL)
    for role in roles:
        give_role(slapd, dn, role)
    return dn


def in_the_name_of(dn: str) -> list[tuple[str, bool, bytes]]:
    return [(PROXIED_AUTHORIZATION, True, f"dn:{dn}".encode())]


@pytest.mark.parametrize("roles", [(), (Role.TUTOR,)], ids=["none", "tutor"])
def test_a_student_gets_a_new_initial_password(
    slapd: Slapd, roles: tuple[Role, ...]
) -> None:
    dn = a_student_as(slapd, *roles)

    set_anew()
    removed = [
        service_passwords.remove(dn=dn, service="mail", who=Acting.REMEDY)
        for _twice in range(2)
    ]

    assert (binds(slapd, dn, INITIAL), binds(slapd, dn, OWN)) == (True, False)
    assert removed == [True, False]
    assert not binds(slapd, f"cn=mail,{dn}", MAIL)
    found = read(slapd.admin(), dn)
    assert found["pwdReset"] == {b"TRUE"}
    assert found["pwdEndTime"] == {b"20991231235959Z"}


def test_the_entry_keeps_that_it_was_a_remedy(slapd: Slapd) -> None:
    dn = a_student_as(slapd)

    set_anew()

    admin = slapd.admin()
    admin.search(dn, "(uid=*)", ldap3.BASE, attributes=["modifiersName"])
    assert admin.entries[0].modifiersName == slapd.dn("remedy")


@pytest.mark.parametrize("role", GUARDED)
def test_whoever_has_a_role_is_refused(slapd: Slapd, role: Role) -> None:
    dn = a_student_as(slapd, Role.TUTOR, role)
    before = read(slapd.admin(), dn)

    with pytest.raises(EntryGuarded):
        set_anew()
    with pytest.raises(EntryGuarded):
        service_passwords.remove(dn=dn, service="mail", who=Acting.REMEDY)

    assert read(slapd.admin(), dn) == before
    assert (binds(slapd, dn, OWN), binds(slapd, f"cn=mail,{dn}", MAIL)) == (True, True)


def test_a_role_that_the_portal_does_not_know_guards_as_well(slapd: Slapd) -> None:
    dn = a_student_as(slapd)
    admin, group = slapd.admin(), f"cn=administrator,ou=roles,{slapd.base}"
    admin.add(group, ["groupOfNames"], {"cn": "administrator", "member": dn})

    try:
        with pytest.raises(EntryGuarded):
            set_anew()
    finally:
        admin.delete(group)

    set_anew()


def test_who_has_a_role_helps_the_own_account_as_ever(slapd: Slapd) -> None:
    dn = add_student(slapd, NAME)
    give_role(slapd, dn, Role.LIBRARY_DESK)

    # A letter, activation, another password, and a forgotten one (decision 0004).
    set_anew(Acting.PORTAL)
    passwords.replace(entry=gateway.person(NAME), old=INITIAL, new=OWN)
    passwords.replace(entry=gateway.person(NAME), old=OWN, new="nine slow herons")
    set_anew(Acting.PORTAL)
    passwords.replace(entry=gateway.person(NAME), old=INITIAL, new=OWN)

    assert binds(slapd, dn, OWN)


def test_nobody_but_the_portal_acts_for_a_remedy(slapd: Slapd) -> None:
    dn = a_student_as(slapd)
    colleague = active_student(slapd, "lg1000002")
    give_role(slapd, colleague, Role.HELP_DESK_LEAD)
    others = [
        slapd.bound("provisioner"),
        slapd.bound("reader-moodle"),
        slapd.connect(colleague, OWN),
        slapd.connect(dn, OWN),
    ]

    for one in others:
        with pytest.raises(LDAPAuthorizationDeniedResult):
            one.delete(f"cn=mail,{dn}", controls=in_the_name_of(slapd.dn("remedy")))

    assert binds(slapd, f"cn=mail,{dn}", MAIL)


def test_the_portal_acts_in_no_other_name(slapd: Slapd) -> None:
    dn = a_student_as(slapd)
    portal = slapd.bound("portal")

    for name in (slapd.dn("admin"), slapd.dn("provisioner"), dn):
        with pytest.raises(LDAPAuthorizationDeniedResult):
            portal.delete(f"cn=mail,{dn}", controls=in_the_name_of(name))


def test_nobody_signs_in_as_a_remedy(slapd: Slapd) -> None:
    with pytest.raises(LDAPInvalidCredentialsResult):
        slapd.connect(slapd.dn("remedy"), "anything at all")


def test_where_slapd_cannot_look_roles_up_it_refuses_everybody(slapd: Slapd) -> None:
    """On a line whose password has to be changed, slapd itself may not search."""
    dn, name, admin = a_student_as(slapd), slapd.dn("remedy"), slapd.admin()
    admin.modify(name, _password(ldap3.MODIFY_ADD, "to be changed at once"))

    try:
        line = slapd.connect(name, "to be changed at once")
        with pytest.raises(LDAPInsufficientAccessRightsResult):
            line.modify(dn, {"userPassword": [(ldap3.MODIFY_REPLACE, [INITIAL])]})
    finally:
        admin.modify(name, _password(ldap3.MODIFY_DELETE))

    assert binds(slapd, dn, OWN)


def _password(operation: str, *values: str) -> dict[str, list[tuple[str, list[str]]]]:
    kind = "simpleSecurityObject"
    return {
        "objectClass": [(operation, [kind])],
        "userPassword": [(operation, list(values))],
    }
