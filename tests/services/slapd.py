"""A private directory server with cheap password hashes, for every test."""

import warnings
from collections.abc import Iterator
from weakref import WeakKeyDictionary

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
# All that somebody can write, without what the server notes of its own.
AS_WRITTEN = ("*", "pwdPolicySubentry")

Entry = dict[str, frozenset[bytes]]
Entries = dict[str, Entry]
_FIRST: WeakKeyDictionary[Slapd, Entries] = WeakKeyDictionary()


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
    """Leave nothing in the directory but its first entries, as they were at first.

    What is there at a server's first wipe is what it begins with.
    """
    admin = slapd.admin()
    first = _FIRST.get(slapd) or _remember(admin, slapd)
    found = _entries(admin, slapd, "1.1").keys()
    strange = found - first.keys()
    if len(strange) > MANY or first.keys() - found:
        _begin_anew(slapd)
        return
    # What is below another goes before it.
    for dn in sorted(strange, key=lambda dn: -dn.count(",")):
        admin.delete(dn)
    # Read again: the services' groups are made of the people.
    now = _entries(admin, slapd, *AS_WRITTEN)
    for dn, entry in first.items():
        if now[dn] != entry:
            _restore(admin, dn, entry, now[dn])
    admin.unbind()


def _begin_anew(slapd: Slapd) -> None:
    slapd.forget()
    slapd.start()
    # At once: its passwords get other hashes, and nobody is in it yet.
    _remember(slapd.admin(), slapd)


def _remember(admin: ldap3.Connection, slapd: Slapd) -> Entries:
    _FIRST[slapd] = first = _entries(admin, slapd, *AS_WRITTEN)
    return first


def _entries(admin: ldap3.Connection, slapd: Slapd, *attributes: str) -> Entries:
    admin.search(slapd.base, "(objectClass=*)", attributes=attributes)
    return {
        entry["dn"]: {
            name: frozenset(values) for name, values in entry["raw_attributes"].items()
        }
        for entry in admin.response
    }


def _restore(admin: ldap3.Connection, dn: str, first: Entry, now: Entry) -> None:
    changed = {name for name in first.keys() | now if first.get(name) != now.get(name)}
    admin.modify(
        dn,
        {
            name: [(ldap3.MODIFY_REPLACE, sorted(first.get(name, ())))]
            for name in changed
        },
    )
