"""One map says how entries look."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from accounts.catalogue.entitlement import ALL
from accounts.catalogue.systems import DIRECTORY
from accounts.directory import gateway
from accounts.directory.entry import attributes, equals, rdn_escaped, read
from accounts.directory.layout import SERVICE, layout
from accounts.due.mark import mark
from accounts.reconciler.settle import settle_batch
from onboarding.demo.servers.directory_files import ENTITLEMENT
from onboarding.demo.servers.slapd import Slapd
from tests.cast import NOW, a_student, enrolled
from worker.fleet import CONNECTORS, FACTS

ELSEWHERE = """
object_classes = ["inetOrgPerson", "eduPerson"]
people = "ou=mystudy,dc=leuphana,dc=example"
activated_attribute = "title"

[attributes]
matriculation_no = "employeeNumber"
person_key = ""
language = ""
display_name = "DISPLAYNAME"

[prefixes]
matriculation_no = "m-"
entitlements = "urn:elsewhere:"
"""


@pytest.fixture
def elsewhere(tmp_path: Path, settings: LazySettings) -> None:
    """Be at a university whose entries look otherwise."""
    file = tmp_path / "layout.toml"
    file.write_text(ELSEWHERE)
    settings.LDAP_LAYOUT_FILE = str(file)


@pytest.fixture(autouse=True)
def _fresh_layout() -> Iterator[None]:
    layout.cache_clear()
    yield
    layout.cache_clear()


def test_services_are_written_as_the_groups_read_them(slapd: Slapd) -> None:
    admin = slapd.admin()
    admin.search(f"ou=services,{slapd.base}", "(cn=*)", attributes=["memberURL"])
    asked = {
        one["raw_attributes"]["memberURL"][0].decode().rpartition("=")[2].rstrip(")")
        for one in admin.response
    }

    assert asked == {SERVICE + service for service in ALL}
    assert layout().prefixes["entitlements"] == SERVICE == ENTITLEMENT


def test_values_of_others_are_not_ours() -> None:
    entry = read(
        "uid=lg1",
        {"eduPersonEntitlement": [b"urn:mace:x", SERVICE.encode() + b"wifi"]},
        layout(),
    )

    assert entry.values["entitlements"] == {"wifi"}


def test_another_layout_is_followed(elsewhere: None) -> None:
    here = layout()
    values = {
        "person_key": frozenset({"P1"}),
        "matriculation_no": frozenset({"31"}),
        "entitlements": frozenset({"wifi"}),
    }

    assert here.people == "ou=mystudy,dc=leuphana,dc=example"
    assert here.staff == "ou=staff,dc=leuphana,dc=example"
    assert attributes(values, here) == {
        "employeeNumber": ["m-31"],
        "eduPersonEntitlement": ["urn:elsewhere:wifi"],
    }
    assert equals("matriculation_no", "3*1", here) == "(employeeNumber=m-3\\2a1)"


def test_case_of_attributes_is_the_servers_business(elsewhere: None) -> None:
    entry = read("uid=lg1", {"displayName": [b"Cem"], "TITLE": [b"yes"]}, layout())

    assert entry.one("display_name") == "Cem"
    assert entry.secret.value == "own"


@pytest.mark.django_db(transaction=True)
def test_people_are_kept_in_another_layout(elsewhere: None, slapd: Slapd) -> None:
    cem = a_student()
    enrolled(cem)
    mark(people=[cem.pk], systems=[DIRECTORY], at=NOW)

    settle_batch(connector=CONNECTORS[0], facts=FACTS, at=NOW)

    [entry] = gateway.students(by="account_name", values=[cem.account_name])
    assert entry.dn == f"uid={cem.account_name},ou=mystudy,{slapd.base}"
    assert entry.one("matriculation_no") == cem.matriculation_no


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("lg1", "lg1"),
        ("a,b+c", "a\\,b\\+c"),
        ('"<>;=\\', '\\"\\<\\>\\;\\=\\\\'),
        ("#lg", "\\#lg"),
        (" lg ", "\\ lg\\ "),
        (" ", "\\ "),
    ],
)
def test_names_are_escaped_for_a_dn(name: str, escaped: str) -> None:
    assert rdn_escaped(name) == escaped


def test_no_name_holds_a_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        rdn_escaped("lg\x001")
