"""Roles: groups in the directory, read anew for every page of the staff."""

from collections.abc import Callable

import ldap3
import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.directory.errors import DirectoryUnavailable
from accounts.people.models import Person
from accounts.people.roles import Role
from accounts.signin import second
from accounts.signin.guard import OLDEST_SECONDS, roles_of, staff
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory import entries
from tests.accounts.signin.conftest import Somebody
from tests.cast import a_colleague

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

Make = Callable[..., Somebody]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@staff(Role.REGISTRAR, Role.HELP_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("come in")


@pytest.fixture
def ada(slapd: Slapd) -> Person:
    entries.add_colleague(slapd, "freytag")
    return a_colleague(account_name="freytag")


def member(slapd: Slapd, role: str, dn: str, change: str) -> None:
    admin = slapd.admin()
    admin.modify(f"cn={role},ou=roles,{slapd.base}", {"member": [(change, [dn])]})
    admin.unbind()


def join(slapd: Slapd, role: str, account: str = "freytag") -> None:
    member(slapd, role, entries.staff_dn(slapd, account), ldap3.MODIFY_ADD)


def leave(slapd: Slapd, role: str, account: str = "freytag") -> None:
    member(slapd, role, entries.staff_dn(slapd, account), ldap3.MODIFY_DELETE)


def knock(person: Person | AnonymousUser, method: str = "GET") -> HttpResponseBase:
    request = RequestFactory().generic(method, "/desk/")
    request.user, request.session = person, SessionStore()
    if isinstance(person, Person):
        second.note_proof(request.session, person=person, at=timezone.now())
    return desk(request)


def is_let_in(person: Person, method: str = "GET") -> bool:
    try:
        return knock(person, method).status_code == 200
    except PermissionDenied:
        return False


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_member_of_the_group_is_let_in(
    slapd: Slapd, ada: Person, method: str
) -> None:
    assert not is_let_in(ada, method)
    cache.clear()
    join(slapd, "help-desk")

    assert is_let_in(ada, method)


def test_another_role_does_not_help(slapd: Slapd, ada: Person) -> None:
    join(slapd, "auditor")

    assert roles_of(person=ada) == {Role.AUDITOR}
    assert not is_let_in(ada)


def test_whoever_is_not_signed_in_is_asked_to(slapd: Slapd) -> None:
    answer = knock(AnonymousUser())

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/desk/"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_a_role_that_was_taken_away_ends_with_the_next_request(
    slapd: Slapd, ada: Person, method: str
) -> None:
    join(slapd, "registrar")
    assert is_let_in(ada, method)
    assert is_let_in(ada)

    leave(slapd, "registrar")

    assert not is_let_in(ada, method)
    assert not is_let_in(ada)


def test_where_nobody_asks_anew_a_role_is_at_most_a_minute_old(
    slapd: Slapd, ada: Person
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        join(slapd, "registrar")
        assert roles_of(person=ada) == {Role.REGISTRAR}
        leave(slapd, "registrar")

        clock.shift(OLDEST_SECONDS - 1)
        assert roles_of(person=ada) == {Role.REGISTRAR}
        clock.shift(2)
        assert roles_of(person=ada) == frozenset()

    assert OLDEST_SECONDS <= 60


def test_a_group_that_is_no_role_of_ours_opens_nothing(
    slapd: Slapd, ada: Person
) -> None:
    admin = slapd.admin()
    dn = f"cn=superuser,ou=roles,{slapd.base}"
    member = {"member": entries.staff_dn(slapd, "freytag")}
    admin.add(dn, ["groupOfNames"], member)

    assert roles_of(person=ada) == frozenset()
    assert not is_let_in(ada)
    admin.delete(dn)
    admin.unbind()


def test_whoever_has_no_entry_has_no_role(slapd: Slapd) -> None:
    assert not is_let_in(a_colleague(account_name="gone"))


def test_a_student_may_have_a_role(slapd: Slapd, active: Make) -> None:
    somebody = active()
    dn = entries.student_dn(slapd, somebody.account)

    member(slapd, "tutor", dn, ldap3.MODIFY_ADD)

    assert roles_of(person=somebody.person) == {Role.TUTOR}


def test_one_persons_roles_are_not_anothers(slapd: Slapd, ada: Person) -> None:
    entries.add_colleague(slapd, "freytag2")
    join(slapd, "registrar")
    assert is_let_in(ada)

    assert not is_let_in(a_colleague(account_name="freytag2"))


def test_a_directory_that_is_down_opens_nothing(slapd: Slapd, ada: Person) -> None:
    join(slapd, "registrar")
    assert is_let_in(ada)
    slapd.kill()

    # What was seen a moment ago still holds for looking, and for nothing else.
    assert is_let_in(ada)
    with pytest.raises(DirectoryUnavailable):
        knock(ada, "POST")


def test_a_directory_that_is_down_is_said_on_the_staffs_pages(
    slapd: Slapd, ada: Person
) -> None:
    client = Client()
    client.force_login(ada)
    slapd.kill()

    answer = client.get("/desks/")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
