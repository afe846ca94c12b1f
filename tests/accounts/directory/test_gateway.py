"""Looking up and writing, on a real directory."""

import threading
from collections.abc import Iterator

import ldap
import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as some

from accounts.directory import bulk, gateway
from accounts.directory.errors import (
    DirectoryRefused,
    DirectoryUnavailable,
    EntryChanged,
    EntryExists,
    EntryMissing,
)
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_colleague, add_student, student_dn
from tests.services.proxy import BadLine


@pytest.fixture(autouse=True)
def _fresh_line() -> Iterator[None]:
    bulk.hang_up()
    yield
    bulk.hang_up()


def new(name: str, **values: str) -> gateway.Add:
    facts = {"account_name": name, "common_name": "Cem", "family_name": "S", **values}
    return gateway.Add(name, {key: frozenset({one}) for key, one in facts.items()})


def language(dn: str, *, out: str = "", into: str = "") -> gateway.Change:
    def values(one: str) -> dict[str, frozenset[str]]:
        return {"language": frozenset({one} if one else ())}

    return gateway.Change(dn, out=values(out), into=values(into))


def test_many_are_found_and_each_once(slapd: Slapd) -> None:
    names = [f"lg10000{number:02}" for number in range(60)]
    for name in names[:55]:
        add_student(slapd, name)

    found = gateway.students(by="account_name", values=[*names, names[0].upper()])

    assert sorted(one.one("account_name") for one in found) == names[:55]


def test_an_entry_with_two_of_the_facts_comes_once(slapd: Slapd) -> None:
    add_student(slapd, "lg1000001")

    found = gateway.students_having(
        [("account_name", "lg1000001"), ("person_key", "P-lg1000001")]
    )

    assert [one.one("account_name") for one in found] == ["lg1000001"]


def test_staff_and_students_names_are_taken(slapd: Slapd) -> None:
    add_student(slapd, "lg1000001")
    add_colleague(slapd, "freytag")

    taken = gateway.taken(["LG1000001", "freytag", "lg2", "*"])

    assert taken == {"lg1000001", "freytag"}


def test_who_is_neither_student_nor_staff_has_no_name_here(slapd: Slapd) -> None:
    colleague = add_colleague(slapd, "freytag")
    stranger = {"uid": "stranger", "cn": "Cem Sondermann", "sn": "Sondermann"}
    slapd.admin().add(
        f"uid=stranger,ou=services,{slapd.base}", "inetOrgPerson", stranger
    )

    assert gateway.name_of("freytag") == colleague
    assert gateway.name_of("stranger") == ""


def test_each_write_has_its_own_outcome_in_order(slapd: Slapd) -> None:
    # The server may carry out at once what is under way: no entry is written twice.
    there, other = add_student(slapd, "lg1000001"), add_student(slapd, "lg1000003")
    third = add_student(slapd, "lg1000004")
    nobody = student_dn(slapd, "lg9")

    outcomes = gateway.write(
        [
            new("lg1000002"),
            new("lg1000001"),
            language(there, out="fr"),
            language(other, into="de"),
            language(third, out="de", into="en"),
            language(nobody, into="de"),
            gateway.Remove(nobody),
            gateway.Add("lg3", {"account_name": frozenset({"lg3"})}),
            new("lg1000005"),
        ]
    )

    assert [type(one) for one in outcomes] == [
        type(None),
        EntryExists,
        EntryChanged,
        EntryChanged,
        type(None),
        EntryMissing,
        EntryMissing,
        DirectoryRefused,
        type(None),
    ]


def test_a_request_that_cannot_be_sent_is_one_outcome(slapd: Slapd) -> None:
    add_student(slapd, "lg1000001")
    dn = student_dn(slapd, "lg1000001")

    outcomes = gateway.write(
        [
            language("not a dn", into="de"),
            language(f"{dn}\0", into="en"),
            language(dn, out="de", into="en"),
        ]
    )

    assert [type(one) for one in outcomes] == [
        DirectoryRefused,
        DirectoryRefused,
        type(None),
    ]


def test_more_than_are_under_way_at_once_are_written(slapd: Slapd) -> None:
    number = 3 * bulk.UNDER_WAY + 5

    outcomes = gateway.write([new(f"lg1{one:05}") for one in range(number)])

    assert outcomes == [None] * number


def test_what_was_not_sent_in_time_is_not_said_to_be_done(
    slapd: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LONGEST", -1.0)

    outcomes = gateway.write([new("lg1000001"), new("lg1000002")])

    assert [type(one) for one in outcomes] == [DirectoryUnavailable] * 2
    assert gateway.taken(["lg1000001", "lg1000002"]) == frozenset()


def test_a_restarted_directory_is_found_again(slapd: Slapd) -> None:
    add_student(slapd, "lg1000001")
    assert gateway.taken(["lg1000001"])

    slapd.stop()
    with pytest.raises(DirectoryUnavailable):
        gateway.taken(["lg1000001"])
    slapd.start()

    assert gateway.taken(["lg1000001"])


def test_no_password_is_no_anonymous_bind(slapd: Slapd, settings: LazySettings) -> None:
    settings.LDAP_PROVISIONER_PASSWORD = ""

    with pytest.raises(DirectoryUnavailable, match="no password"):
        gateway.students(by="account_name", values=["lg1"])


def test_a_silent_line_is_given_up_and_not_used_again(
    slapd: Slapd, bad_line_to_the_directory: BadLine, settings: LazySettings
) -> None:
    settings.LDAP_URL = f"ldap://127.0.0.1:{bad_line_to_the_directory.port}"
    settings.LDAP_ANSWER_TIMEOUT = 1
    settings.AUTH_LDAP_CONNECTION_OPTIONS = {
        **settings.AUTH_LDAP_CONNECTION_OPTIONS,
        ldap.OPT_TIMEOUT: 1,
    }
    add_student(slapd, "lg1000001")
    assert gateway.taken(["lg1000001"])
    # As a firewall does that has forgotten an idle line.
    bad_line_to_the_directory.swallow_what_is_open()

    with pytest.raises(DirectoryUnavailable):
        gateway.taken(["lg1000001"])

    assert gateway.taken(["lg1000001"])


def test_writing_leaves_no_thread_behind(slapd: Slapd) -> None:
    before = threading.active_count()

    for turn in range(5):
        gateway.write([new(f"lg100000{turn}")])

    assert threading.active_count() == before


@given(some.text(min_size=1, max_size=20))
@hypothesis(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_text_breaks_out_of_a_filter(slapd: Slapd, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert gateway.students(by="account_name", values=[text]) == []
