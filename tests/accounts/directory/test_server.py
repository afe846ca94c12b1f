"""What the directory promises about passwords, uniqueness and groups."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ldap3
import pytest
from ldap3.core.exceptions import (
    LDAPConstraintViolationResult,
    LDAPException,
    LDAPInsufficientAccessRightsResult,
    LDAPInvalidCredentialsResult,
    LDAPSocketOpenError,
    LDAPUnwillingToPerformResult,
)

from accounts.catalogue.entitlement import ALL as SERVICES
from accounts.people.roles import Role
from onboarding.demo.servers import certificates
from onboarding.demo.servers.child import DidNotStart
from onboarding.demo.servers.directory_files import CHEAP, Cost
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import (
    INITIAL,
    OWN,
    active_student,
    add_student,
    binds,
    choose_password,
    end_the_initial_password,
    give_initial_password,
    read,
    student_attributes,
    student_dn,
)
from tests.services.slapd import PASSWORDS

MAIL = "urn:leuphana:service:mail"


def a_server(folder: Path, **more: object) -> Slapd:
    facts = {"passwords": PASSWORDS, "cost": CHEAP, **more}
    return Slapd(folder, **facts)  # type: ignore[arg-type]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Slapd]:
    """Give a directory that a test may stop, kill and move in time."""
    server = a_server(tmp_path / "slapd")
    server.start()
    yield server
    server.kill()


# --- An initial password ----------------------------------------------------------


def test_a_new_entry_opens_to_no_password(slapd: Slapd) -> None:
    dn = add_student(slapd, "lg1000001")

    assert not binds(slapd, dn, INITIAL)
    assert "userPassword" not in read(slapd.admin(), dn)


def test_an_initial_password_is_hashed_and_must_be_changed(slapd: Slapd) -> None:
    dn = add_student(slapd, "lg1000001")

    give_initial_password(slapd, dn)

    entry = read(slapd.admin(), dn)
    assert entry["pwdReset"] == {b"TRUE"}
    assert len(entry["userPassword"]) == 1
    assert next(iter(entry["userPassword"])).startswith(b"{ARGON2}$argon2")
    newcomer = slapd.connect(dn, INITIAL)
    with pytest.raises(
        LDAPInsufficientAccessRightsResult, match="Operations are restr"
    ):
        newcomer.search(dn, "(objectClass=*)", ldap3.BASE)


def test_a_reissue_kills_the_old_secret_at_once(slapd: Slapd) -> None:
    dn = active_student(slapd, "lg1000001")

    give_initial_password(slapd, dn)

    assert not binds(slapd, dn, OWN)
    assert read(slapd.admin(), dn)["pwdReset"] == {b"TRUE"}


def test_an_own_password_ends_the_duty_to_change_it(slapd: Slapd) -> None:
    dn = add_student(slapd, "lg1000001")
    give_initial_password(slapd, dn)

    choose_password(slapd, dn, new=OWN)

    entry = read(slapd.admin(), dn)
    assert "pwdReset" not in entry
    # It would still end with the initial one: the worker has to take that away.
    assert "pwdEndTime" in entry
    assert binds(slapd, dn, OWN)
    assert not binds(slapd, dn, INITIAL)


def test_the_worker_takes_the_end_away_and_cannot_set_one(slapd: Slapd) -> None:
    dn = add_student(slapd, "lg1000001")
    give_initial_password(slapd, dn)

    end_the_initial_password(slapd, dn)
    with pytest.raises(LDAPInsufficientAccessRightsResult):
        slapd.bound("provisioner").modify(
            dn, {"pwdEndTime": [(ldap3.MODIFY_ADD, ["20991231235959Z"])]}
        )

    assert "pwdEndTime" not in read(slapd.admin(), dn)


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("not the old one", OWN, LDAPUnwillingToPerformResult),
        (None, OWN, LDAPInsufficientAccessRightsResult),
        (INITIAL, "elevensigns", LDAPConstraintViolationResult),
        (INITIAL, INITIAL, LDAPConstraintViolationResult),
        (INITIAL, "{SSHA}c29tZWJvZHkgaGFzaGVkIHRoaXM=", LDAPConstraintViolationResult),
    ],
    ids=["wrong old", "no old", "too short", "the same", "hashed by the client"],
)
def test_the_directory_refuses(
    slapd: Slapd, old: str | None, new: str, refusal: type[LDAPException]
) -> None:
    dn = add_student(slapd, "lg1000001")
    give_initial_password(slapd, dn)
    before = read(slapd.admin(), dn)

    with pytest.raises(refusal):
        slapd.connect(dn, INITIAL).extend.standard.modify_password(dn, old, new)

    assert read(slapd.admin(), dn) == before


def test_the_initial_password_does_not_come_back(slapd: Slapd) -> None:
    dn = active_student(slapd, "lg1000001")

    with pytest.raises(LDAPConstraintViolationResult, match="history"):
        choose_password(slapd, dn, old=OWN, new=INITIAL)


def test_a_person_who_drops_the_password_cannot_set_another(slapd: Slapd) -> None:
    # slapd's rules cannot tell replacing from deleting; deleting shuts the account.
    dn = active_student(slapd, "lg1000001")
    person = slapd.connect(dn, OWN)
    person.modify(dn, {"userPassword": [(ldap3.MODIFY_DELETE, [])]})

    with pytest.raises(LDAPInsufficientAccessRightsResult):
        person.modify(dn, {"userPassword": [(ldap3.MODIFY_ADD, ["another password"])]})
    with pytest.raises(LDAPInsufficientAccessRightsResult):
        person.extend.standard.modify_password(dn, None, "another password")

    assert "userPassword" not in read(slapd.admin(), dn)


# --- Time -------------------------------------------------------------------------


def test_after_two_months_only_an_own_password_opens(own_server: Slapd) -> None:
    soon = _now_in_days(60).strftime("%Y%m%d%H%M%SZ")
    late = add_student(own_server, "lg1000001")
    give_initial_password(own_server, late, ends=soon)
    quick = add_student(own_server, "lg1000002")
    give_initial_password(own_server, quick, ends=soon)
    choose_password(own_server, quick, new=OWN)
    end_the_initial_password(own_server, quick)
    own_server.stop()
    assert later_binds(own_server, "+59d", late, INITIAL)

    assert not later_binds(own_server, "+61d", late, INITIAL)
    assert later_binds(own_server, "+61d", quick, OWN)


def later_binds(server: Slapd, clock: str, dn: str, password: str) -> bool:
    later = a_server(server.folder, port=server.port, clock=clock)
    later.start()
    try:
        return binds(later, dn, password)
    finally:
        later.stop()


def _now_in_days(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


# --- Binding ----------------------------------------------------------------------


def test_an_empty_password_proves_nothing(slapd: Slapd) -> None:
    dn = active_student(slapd, "lg1000001").encode()
    # ldap3 refuses by itself, so the request is written by hand (RFC 4511, 4.2).
    name = bytes([0x04, len(dn)]) + dn
    bind = bytes([0x02, 0x01, 3]) + name + bytes([0x80, 0])
    message = bytes([0x02, 0x01, 1]) + bytes([0x60, len(bind)]) + bind
    with socket.create_connection(("127.0.0.1", slapd.port), timeout=5) as line:
        line.sendall(bytes([0x30, len(message)]) + message)
        answer = line.recv(1000)

    unwilling_to_perform = 53
    assert answer[7:10] == bytes([0x0A, 0x01, unwilling_to_perform])


def test_nobody_searches_without_a_name(slapd: Slapd) -> None:
    connection = slapd.unbound()

    with pytest.raises(LDAPUnwillingToPerformResult, match="authentication required"):
        connection.search(slapd.base, "(objectClass=*)")


def test_many_wrong_passwords_never_shut_out_the_portal(slapd: Slapd) -> None:
    for _ in range(110):
        assert not binds(slapd, slapd.dn("portal"), "a guess at a password")
        assert not binds(slapd, slapd.dn("nobody"), "a guess at a password")

    slapd.bound("portal").unbind()
    assert "pwdAccountLockedTime" not in read(slapd.admin(), slapd.dn("nobody"))


def test_a_wrong_password_is_noted_of_nobody_as_of_a_student(slapd: Slapd) -> None:
    student, nobody = active_student(slapd, "lg1000001"), slapd.dn("nobody")

    for _ in range(8):
        before = failures(slapd, student), failures(slapd, nobody)
        assert not binds(slapd, student, "a guess at a password")
        assert not binds(slapd, nobody, "a guess at a password")
        after = failures(slapd, student), failures(slapd, nobody)
        assert before[0] < after[0]
        assert before[1] != after[1]

    # Whoever asks for a million names makes no entry grow.
    assert len(failures(slapd, nobody)) == 5


def failures(slapd: Slapd, dn: str) -> frozenset[bytes]:
    """Give when wrong passwords were noted; each note is a write."""
    admin = slapd.admin()
    admin.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["pwdFailureTime"])
    return frozenset(admin.response[0]["raw_attributes"]["pwdFailureTime"])


def test_a_locked_account_looks_like_a_wrong_password(slapd: Slapd) -> None:
    dn = active_student(slapd, "lg1000001")
    for _ in range(100):
        assert not binds(slapd, dn, "a guess at a password")

    with pytest.raises(LDAPInvalidCredentialsResult) as refusal:
        slapd.connect(dn, OWN)

    assert "pwdAccountLockedTime" in read(slapd.admin(), dn)
    assert not refusal.value.message


# --- Uniqueness -------------------------------------------------------------------


def test_of_eight_who_want_one_address_one_gets_it(slapd: Slapd) -> None:
    runners = [
        (slapd.bound("provisioner"), add_student(slapd, f"lg100000{number}"))
        for number in range(8)
    ]

    for turn in range(100):
        address = f"race{turn}@stud.leuphana.example"
        assert _race(runners, address) == 1, f"turn {turn}"


def _race(runners: list[tuple[ldap3.Connection, str]], address: str) -> int:
    start = threading.Barrier(len(runners), timeout=60)
    winners: list[str] = []

    def run(connection: ldap3.Connection, dn: str) -> None:
        start.wait()
        try:
            connection.modify(dn, {"mail": [(ldap3.MODIFY_REPLACE, [address])]})
        except LDAPConstraintViolationResult:
            return
        winners.append(dn)

    threads = [threading.Thread(target=run, args=runner) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(winners)


@pytest.mark.parametrize(
    "attribute", ["uid", "mail", "schacPersonalUniqueCode", "leuphanaPersonKey"]
)
def test_two_people_never_share(slapd: Slapd, attribute: str) -> None:
    mine = student_attributes("lg1000001", mail="cem@stud.leuphana.example")
    add_student(slapd, "lg1000001", mail="cem@stud.leuphana.example")
    twin = {**student_attributes("lg1000002"), attribute: mine[attribute]}
    twin["uid"] = sorted({"lg1000002", twin["uid"]})

    with pytest.raises(LDAPConstraintViolationResult):
        slapd.bound("provisioner").add(
            student_dn(slapd, "lg1000002"),
            ["inetOrgPerson", "schacLinkageIdentifiers", "leuphanaPerson", "eduPerson"],
            twin,
        )


def test_a_students_name_is_not_free_for_staff(slapd: Slapd) -> None:
    add_student(slapd, "lg1000001")

    with pytest.raises(LDAPConstraintViolationResult):
        slapd.admin().add(
            f"uid=lg1000001,ou=staff,{slapd.base}",
            ["inetOrgPerson"],
            {"uid": "lg1000001", "cn": "Ada Freytag", "sn": "Freytag"},
        )


# --- Entitlements and groups --------------------------------------------------------


def test_member_of_follows_the_entitlement(slapd: Slapd) -> None:
    dn = add_student(slapd, "lg1000001", eduPersonEntitlement=MAIL)
    other = add_student(slapd, "lg1000002")
    group = f"cn=mail,ou=services,{slapd.base}"
    reader = slapd.bound("reader-moodle")

    assert read(reader, dn)["memberOf"] == {group.encode()}
    assert "memberOf" not in read(reader, other)
    assert reader.compare(group, "member", dn)
    assert not reader.compare(group, "member", other)


def test_targets_filter_by_indexed_attributes(tmp_path: Path) -> None:
    server = a_server(tmp_path / "slapd", log_level="filter")
    server.start()
    try:
        dn = add_student(server, "lg1000001", eduPersonEntitlement=MAIL)
        reader, people = server.bound("reader-moodle"), f"ou=people,{server.base}"
        reader.search(people, f"(&(uid=lg1000001)(eduPersonEntitlement={MAIL}))")
        found = [entry["dn"] for entry in reader.response]
        # The server says so where it has to look at everybody.
        reader.search(people, "(displayName=Cem Sondermann)")
    finally:
        server.kill()

    said = re.findall(r"\((\w+)\) not indexed", server.child.log.read_text())
    assert found == [dn]
    assert said == ["displayName"]


def test_a_password_for_mail_opens_mail_alone(slapd: Slapd) -> None:
    dn = active_student(slapd, "lg1000001")
    mail = f"cn=mail,{dn}"
    policy = f"cn=services,ou=policies,{slapd.base}"
    portal = slapd.bound("portal")

    portal.add(
        mail,
        ["leuphanaServicePassword"],
        {"cn": "mail", "userPassword": "a first phone", "pwdPolicySubentry": policy},
    )

    assert binds(slapd, mail, "a first phone")
    assert not binds(slapd, dn, "a first phone")
    slapd.connect(dn, OWN).extend.standard.modify_password(mail, None, "a second phone")
    assert not binds(slapd, mail, "a first phone")
    portal.modify(mail, {"userPassword": [(ldap3.MODIFY_REPLACE, ["a third phone"])]})
    entry = read(slapd.admin(), mail)
    assert "pwdReset" not in entry
    assert next(iter(entry["userPassword"])).startswith(b"{ARGON2}")


# --- The server itself ---------------------------------------------------------------


@pytest.mark.faults
def test_what_was_written_survives_a_kill(own_server: Slapd) -> None:
    dn = active_student(own_server, "lg1000001")

    own_server.kill()
    own_server.start()

    assert binds(own_server, dn, OWN)


@pytest.mark.faults
def test_a_beginning_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    server = a_server(tmp_path / "slapd")
    server.files.prepare({"nobody": "nobody knows this", **PASSWORDS})
    (server.folder / "complete").unlink()
    (server.folder / "data" / "data.mdb").write_bytes(b"half")

    server.start()
    try:
        server.bound("portal").unbind()
    finally:
        server.kill()


def test_another_cost_counts_from_the_next_start(own_server: Slapd) -> None:
    dn = active_student(own_server, "lg1000001")
    own_server.stop()
    dearer = a_server(
        own_server.folder, port=own_server.port, cost=Cost(128, passes=2, lanes=1)
    )

    dearer.start()
    try:
        choose_password(dearer, dn, old=OWN, new="eight loud herons")
        stored = next(iter(read(dearer.admin(), dn)["userPassword"]))
    finally:
        dearer.stop()

    assert b"$m=128,t=2,p=1$" in stored


def test_another_base_will_do(tmp_path: Path) -> None:
    server = a_server(tmp_path / "slapd", base="ou=start,o=uni-elsewhere,c=de")

    server.start()
    try:
        dn = active_student(server, "lg1000001")
        assert dn == "uid=lg1000001,ou=people,ou=start,o=uni-elsewhere,c=de"
    finally:
        server.kill()


def test_a_taken_port_is_said(slapd: Slapd, tmp_path: Path) -> None:
    second = a_server(tmp_path / "slapd", port=slapd.port)

    with pytest.raises(DidNotStart, match="is taken"):
        second.start()


# Python 3.12 has no match_hostname any more; ldap3 then uses its own.
@pytest.mark.filterwarnings("ignore:ssl.match_hostname:DeprecationWarning")
def test_a_certificate_of_another_authority_is_refused(tmp_path: Path) -> None:
    good = certificates.issue(tmp_path / "good")
    other = certificates.issue(tmp_path / "other")
    server = a_server(tmp_path / "slapd", certificates=good)
    server.start()
    try:
        server.bound("portal").unbind()
        server.trusted = other.authority
        with pytest.raises(LDAPSocketOpenError, match="certificate verify failed"):
            server.bound("portal")
    finally:
        server.kill()


def test_the_first_entries_name_every_service_and_role(slapd: Slapd) -> None:
    portal = slapd.bound("portal")

    assert _names(portal, f"ou=services,{slapd.base}") == set(SERVICES)
    assert _names(portal, f"ou=roles,{slapd.base}") == {role.value for role in Role}


def _names(connection: ldap3.Connection, base: str) -> set[str]:
    connection.search(base, "(cn=*)", ldap3.LEVEL, attributes=["cn"])
    return {entry["raw_attributes"]["cn"][0].decode() for entry in connection.response}
