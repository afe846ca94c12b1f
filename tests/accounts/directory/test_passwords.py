"""Passwords, straight into a real directory, over good lines and bad."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings

from accounts.directory import gateway, passwords
from accounts.directory.connection import hang_up
from accounts.directory.entry import Entry, Secret
from accounts.directory.errors import (
    DirectoryUnavailable,
    EntryMissing,
    PasswordRefused,
    Reason,
)
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import (
    INITIAL,
    OWN,
    active_student,
    add_colleague,
    add_student,
    binds,
    give_initial_password,
    read,
)
from tests.services.proxy import BadLine

NAME = "lg1000001"
ENDS = datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)


def entry() -> Entry:
    found = gateway.person(NAME)
    assert found is not None
    return found


@pytest.fixture
def line(
    bad_line_to_the_directory: BadLine, settings: LazySettings
) -> Iterator[BadLine]:
    """Come to the directory over a line that can be cut."""
    settings.LDAP_URL = f"ldap://127.0.0.1:{bad_line_to_the_directory.port}"
    settings.LDAP_ANSWER_TIMEOUT = 1
    hang_up()
    yield bad_line_to_the_directory
    hang_up()


def test_an_initial_password_is_set_with_its_end(slapd: Slapd) -> None:
    dn = add_student(slapd, NAME)
    assert entry().secret is Secret.NONE

    passwords.set_initial_password(account_name=NAME, secret=INITIAL, ends_at=ENDS)

    assert binds(slapd, dn, INITIAL)
    assert (entry().secret, entry().ends_at) == (Secret.INITIAL, ENDS)


def test_staff_and_nobody_get_no_letter(slapd: Slapd) -> None:
    add_colleague(slapd, "freytag")

    for name in ("freytag", "lg9"):
        with pytest.raises(EntryMissing):
            passwords.set_initial_password(
                account_name=name, secret=INITIAL, ends_at=ENDS
            )


def test_a_person_puts_the_own_password_in_its_place(slapd: Slapd) -> None:
    dn = add_student(slapd, NAME)
    give_initial_password(slapd, dn)

    passwords.replace(entry=entry(), old=INITIAL, new=OWN)

    assert entry().secret is Secret.OWN
    assert passwords.proves(entry=entry(), password=OWN)
    assert not passwords.proves(entry=entry(), password=INITIAL)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("not the old one", OWN, Reason.WRONG),
        ("", OWN, Reason.WRONG),
        ("with\0nul", OWN, Reason.WRONG),
        (INITIAL, "short", Reason.TOO_SHORT),
        (INITIAL, INITIAL, Reason.USED_BEFORE),
    ],
)
def test_the_directorys_refusal_is_put_into_a_reason(
    slapd: Slapd, old: str, new: str, reason: Reason
) -> None:
    dn = add_student(slapd, NAME)
    give_initial_password(slapd, dn)
    before = read(slapd.admin(), dn)["userPassword"]

    with pytest.raises(PasswordRefused) as refused:
        passwords.replace(entry=entry(), old=old, new=new)

    assert refused.value.reason is reason
    assert read(slapd.admin(), dn)["userPassword"] == before


def test_nobodys_password_is_never_right(slapd: Slapd) -> None:
    assert not passwords.proves(entry=None, password=OWN)
    with pytest.raises(PasswordRefused) as refused:
        passwords.replace(entry=None, old=OWN, new="another password")
    assert refused.value.reason is Reason.WRONG


@pytest.mark.faults
def test_an_answer_that_is_lost_is_asked_for_again(slapd: Slapd, line: BadLine) -> None:
    dn = add_student(slapd, NAME)
    give_initial_password(slapd, dn)
    person = entry()

    # The old password is proved; the answer to the change will not come.
    passwords.replace(entry=person, old=INITIAL, new=OWN, proved=line.cut_once)

    assert binds(slapd, dn, OWN)


@pytest.mark.faults
def test_a_line_that_swallows_answers_is_no_wrong_password(
    slapd: Slapd, line: BadLine
) -> None:
    active_student(slapd, NAME)
    person = entry()
    line.swallow()
    begun = time.monotonic()

    with pytest.raises(DirectoryUnavailable):
        passwords.proves(entry=person, password=OWN)
    with pytest.raises(DirectoryUnavailable):
        gateway.person(NAME)

    assert time.monotonic() - begun < 10


@pytest.mark.faults
def test_a_cut_line_of_the_portal_is_opened_anew(slapd: Slapd, line: BadLine) -> None:
    active_student(slapd, NAME)
    assert gateway.person(NAME)
    line.cut_after(0)
    with pytest.raises(DirectoryUnavailable):
        gateway.person(NAME)

    line.mend()

    assert gateway.person(NAME)
