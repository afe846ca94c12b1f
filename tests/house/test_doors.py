"""Every address lets in whom it should, and nobody else."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_colleague, a_student
from tests.house.addresses import ADDRESSES, Address, Door, served

pytestmark = pytest.mark.django_db

WAYS = {True: ("post",), False: ("get", "post")}


@pytest.fixture(autouse=True)
def _fresh_roles() -> None:
    cache.clear()


def answers(client: Client, address: Address) -> dict[str, tuple[int, str]]:
    """Give status and target of every way to knock."""
    given = {}
    for way in WAYS[address.act]:
        response = getattr(client, way)(address.path)
        given[way] = (response.status_code, response.headers.get("Location", ""))
    return given


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def colleague(role: Role | None) -> Person:
    if role is None:
        return a_colleague()
    (one,) = [one for one in staff.STAFF if one.role is role][:1]
    return a_colleague(account_name=one.account)


def test_every_address_is_in_the_table() -> None:
    assert served() == set(ADDRESSES)


def test_the_examples_lead_where_the_table_says() -> None:
    led = {}
    for name, address in ADDRESSES.items():
        match = resolve(address.path)
        led[name] = match.view_name if match.url_name else match.route

    assert led == {name: name for name in ADDRESSES}


def test_no_form_is_taken_from_elsewhere() -> None:
    client = Client(enforce_csrf_checks=True)
    taken = {
        name: status
        for name, address in ADDRESSES.items()
        if (status := client.post(address.path).status_code) != 403
    }

    assert taken == {}


def test_strangers_are_led_to_the_sign_in() -> None:
    wrong = {}
    for name, address in ADDRESSES.items():
        if address.door in {Door.PUBLIC, Door.DEMO}:
            continue
        told = (302, f"/sign-in/?next={address.path}")
        if address.asked or address.door is Door.SIGNED_IN_OR_401:
            told = (401, "")
        for way, answer in answers(Client(), address).items():
            # Where the answer is no page, a POST is not known at all.
            if answer not in {told, (405, "")}:
                wrong[name, way] = answer

    assert wrong == {}


def test_public_addresses_ask_nobody_who_they_are() -> None:
    public = [one for one in ADDRESSES.values() if one.door is Door.PUBLIC]
    asked = {
        one.path
        for one in public
        for status, target in answers(Client(), one).values()
        if status == 403 or "/sign-in/" in target
    }

    assert asked == set()


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_a_role_opens_its_own_addresses_alone(slapd: Slapd, role: Role | None) -> None:
    staff.seat(slapd)
    client = signed_in(colleague(role))
    wrong = {}
    for name, address in ADDRESSES.items():
        if not address.roles or role in address.roles:
            continue
        for way, (status, _) in answers(client, address).items():
            if status != 403:
                wrong[name, way] = status

    assert wrong == {}


def test_a_student_gets_to_no_desk(slapd: Slapd) -> None:
    client = signed_in(a_student())
    open_to_students = {
        name
        for name, address in ADDRESSES.items()
        if address.roles and {s for s, _ in answers(client, address).values()} != {403}
    }

    assert open_to_students == set()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_a_role_is_let_in(slapd: Slapd, role: Role) -> None:
    staff.seat(slapd)
    client = signed_in(colleague(role))
    shut = {
        name
        for name, address in ADDRESSES.items()
        if role in address.roles
        for status, _ in answers(client, address).values()
        if status == 403
    }

    assert shut == set()
