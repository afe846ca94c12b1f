"""A private directory server with cheap password hashes, for every test."""

import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    # ldap3 asks pyasn1 for names that pyasn1 would rather see spelt otherwise.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3

from accounts.directory import door
from accounts.directory.connection import hang_up
from onboarding.demo.servers.directory_files import CHEAP
from onboarding.demo.servers.slapd import Slapd
from tests.services import surroundings

PASSWORDS = {
    "admin": "above-all-rules",
    "portal": surroundings.PORTAL_PASSWORD,
    "provisioner": surroundings.PROVISIONER_PASSWORD,
    "reader-moodle": "moodle-searches",
    "reader-mystudy": "mystudy-searches",
    "reader-mailbox": "mailbox-searches",
    "reader-printing": "printing-searches",
}
# Beyond this, a new beginning is quicker than deleting one by one.
MANY = 100
SUBTREES = ("people", "staff", "mystudy")


@pytest.fixture(scope="session")
def slapd_of_the_session() -> Iterator[Slapd]:
    server = Slapd(
        surroundings.STATE_DIR / "slapd",
        port=surroundings.LDAP_PORT,
        base=surroundings.LDAP_BASE,
        passwords=PASSWORDS,
        cost=CHEAP,
    )
    yield server
    server.kill()


@pytest.fixture
def slapd(slapd_of_the_session: Slapd) -> Iterator[Slapd]:
    """Give a directory that runs, with its first entries and nobody else in it."""
    slapd_of_the_session.child.thaw()
    slapd_of_the_session.start()
    # What a test before made of its silence is over.
    door._door = door.Door()
    wipe(slapd_of_the_session)
    yield slapd_of_the_session
    slapd_of_the_session.hang_up()
    hang_up()


@pytest.fixture
def directory_admin(slapd: Slapd) -> ldap3.Connection:
    """Give a connection that stands above all rules."""
    return slapd.admin()


def wipe(slapd: Slapd) -> None:
    """Take everybody out of the directory and out of every role."""
    admin = slapd.admin()
    found = [dn for subtree in SUBTREES for dn in _below(admin, slapd, subtree)]
    if len(found) > MANY:
        slapd.forget()
        slapd.start()
        return
    for dn in sorted(found, key=lambda dn: -dn.count(",")):
        admin.delete(dn)
    _empty_the_roles(admin, slapd)
    admin.unbind()


def _below(admin: ldap3.Connection, slapd: Slapd, subtree: str) -> list[str]:
    base = f"ou={subtree},{slapd.base}"
    admin.search(base, f"(!(ou={subtree}))", attributes=["1.1"])
    return [entry["dn"] for entry in admin.response]


def _empty_the_roles(admin: ldap3.Connection, slapd: Slapd) -> None:
    vacant = [f"cn=vacant,ou=roles,{slapd.base}".encode()]
    admin.search(
        f"ou=roles,{slapd.base}", "(objectClass=groupOfNames)", attributes=["member"]
    )
    for group in list(admin.response):
        if group["raw_attributes"]["member"] != vacant:
            admin.modify(group["dn"], {"member": [(ldap3.MODIFY_REPLACE, vacant)]})
