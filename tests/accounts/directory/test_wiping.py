"""Whatever a test does to the shared directory, the next one finds nothing of it."""

import ldap3
import pytest

from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import active_student, add_colleague
from tests.services.slapd import MANY, PASSWORDS, Entries, wipe


def everything(slapd: Slapd) -> Entries:
    admin = slapd.admin()
    admin.search(slapd.base, "(objectClass=*)", attributes=["*"])
    return {
        one["dn"]: {name: frozenset(of) for name, of in one["raw_attributes"].items()}
        for one in admin.response
    }


@pytest.mark.parametrize(
    "subtree", ["people", "staff", "mystudy", "services", "roles", "policies", "system"]
)
def test_what_was_added_anywhere_is_gone(slapd: Slapd, subtree: str) -> None:
    admin, unit = slapd.admin(), f"ou=Odd ones,ou={subtree},{slapd.base}"
    before = everything(slapd)
    admin.add(unit, "organizationalUnit")
    admin.add(f"cn=Cem,{unit}", "person", {"cn": "Cem", "sn": "Sondermann"})

    wipe(slapd)

    assert everything(slapd) == before


def test_what_was_there_at_first_is_as_it_was(slapd: Slapd) -> None:
    admin, before = slapd.admin(), everything(slapd)
    colleague = add_colleague(slapd, "freytag")
    active_student(slapd, "lg1", eduPersonEntitlement="urn:leuphana:service:mail")
    for name, attribute, operation, value in (
        ("cn=registrar,ou=roles", "member", ldap3.MODIFY_ADD, colleague),
        ("cn=mail,ou=services", "description", ldap3.MODIFY_ADD, "Cem was here"),
        ("cn=services,ou=policies", "pwdMinLength", ldap3.MODIFY_REPLACE, "1"),
        ("cn=portal,ou=system", "userPassword", ldap3.MODIFY_REPLACE, "Cem’s own"),
    ):
        admin.modify(f"{name},{slapd.base}", {attribute: [(operation, [value])]})

    wipe(slapd)

    assert everything(slapd) == before
    slapd.bound("portal").unbind()


@pytest.mark.parametrize("name", ["cn=mail,ou=services", "cn=services,ou=policies"])
def test_what_was_taken_away_is_there_again(slapd: Slapd, name: str) -> None:
    before = everything(slapd).keys()
    slapd.admin().delete(f"{name},{slapd.base}")

    wipe(slapd)
    wipe(slapd)

    assert everything(slapd).keys() == before
    for identity in PASSWORDS:
        slapd.bound(identity).unbind()


def test_a_new_beginning_is_remembered_before_anybody_is_in_it(slapd: Slapd) -> None:
    before = everything(slapd).keys()
    for number in range(MANY + 1):
        active_student(slapd, f"lg{number}")
    wipe(slapd)
    active_student(slapd, "lg1")

    wipe(slapd)

    assert everything(slapd).keys() == before
