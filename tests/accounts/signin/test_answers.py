"""Before a secret is proved right there is one answer, whatever the reason."""

import re
from collections.abc import Callable
from datetime import timedelta

import ldap3
import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.people.models import Person
from accounts.signin.credentials import make_initial_password, printed
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory import entries
from tests.accounts.signin.conftest import OWN, Somebody

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

Make = Callable[..., Somebody]
ENGLISH = {"accept-language": "en"}


class Cases:
    """Accounts about which nothing may be told, with a password for each."""

    def __init__(
        self, slapd: Slapd, student: Make, newcomer: Make, active: Make
    ) -> None:
        self._slapd = slapd
        self._student, self._newcomer, self._active = student, newcomer, active

    def unknown(self) -> tuple[str, str]:
        return "lg999999", make_initial_password()

    def wrong(self) -> tuple[str, str]:
        return self._newcomer().account, make_initial_password()

    def active(self) -> tuple[str, str]:
        return self._active().account, make_initial_password()

    def expired(self) -> tuple[str, str]:
        somebody = self._newcomer(ends_in=timedelta(days=-1))
        return somebody.account, somebody.password

    def locked(self) -> tuple[str, str]:
        somebody = self._active()
        admin = self._slapd.admin()
        dn = entries.student_dn(self._slapd, somebody.account)
        for_good = [(ldap3.MODIFY_REPLACE, ["000001010000Z"])]
        admin.modify(dn, {"pwdAccountLockedTime": for_good})
        admin.unbind()
        return somebody.account, OWN

    def no_password_yet(self) -> tuple[str, str]:
        return self._student().account, make_initial_password()

    def withdrawn(self) -> tuple[str, str]:
        somebody = self._newcomer()
        admin = self._slapd.admin()
        admin.delete(entries.student_dn(self._slapd, somebody.account))
        admin.unbind()
        return somebody.account, somebody.password

    def no_record(self) -> tuple[str, str]:
        somebody = self._student()
        # Nobody's record; the directory's entry stays.
        Person.objects.filter(pk=somebody.person.pk).update(account_name="lg1")
        return somebody.account, make_initial_password()


ALL = ("active", "expired", "locked", "no_password_yet", "withdrawn", "unknown")


@pytest.fixture
def cases(slapd: Slapd, student: Make, newcomer: Make, active: Make) -> Cases:
    return Cases(slapd, student, newcomer, active)


def activate(account: str, secret: str) -> HttpResponse:
    sent = {
        "account": account,
        "initial_password": printed(secret)
        if secret != OWN
        else make_initial_password(),
        "new_password": "neun muntere kiesel",
        "agree": "on",
    }
    return Client(headers=ENGLISH).post("/activate/", sent)  # type: ignore[return-value]


def sign_in(account: str, secret: str) -> HttpResponse:
    sent = {"account": account, "password": secret}
    return Client(headers=ENGLISH).post("/sign-in/", sent)  # type: ignore[return-value]


def text_of(answer: HttpResponse, account: str) -> tuple[int, str]:
    """Give what is told, without what was typed and what differs at random."""
    page = answer.content.decode().replace(account, "NAME")
    return answer.status_code, re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", page
    )


@pytest.mark.parametrize("page", [activate, sign_in])
@pytest.mark.parametrize("case", [*ALL, "no_record"])
def test_every_account_gets_the_same_answer(
    cases: Cases, page: Callable[[str, str], HttpResponse], case: str
) -> None:
    wrong, secret = cases.wrong()
    expected = text_of(page(wrong, secret), wrong)
    account, secret = getattr(cases, case)()

    answer = page(account, secret)

    assert expected[0] == 422
    assert text_of(answer, account) == expected
    assert set(answer.headers) == set(page(wrong, secret).headers)


def test_staff_get_the_same_answer_on_the_activation_page(
    cases: Cases, colleague: Callable[[str], str]
) -> None:
    colleague("freytag")
    wrong, secret = cases.wrong()

    answer = text_of(activate("freytag", entries.OWN), "freytag")

    assert answer == text_of(activate(wrong, secret), wrong)


def test_waits_are_told_alike_for_known_and_unknown_names(cases: Cases) -> None:
    told = []
    for account, secret in (cases.wrong(), cases.unknown()):
        for _ in range(3):
            sign_in(account, secret)
        told.append(text_of(sign_in(account, secret), account))

    assert told[0] == told[1]
    assert told[0][0] == 429
    assert "Please wait 2 seconds" in told[0][1]


def test_both_pages_count_the_same_tries(cases: Cases) -> None:
    account, secret = cases.wrong()
    for page in (activate, sign_in, activate):
        assert page(account, secret).status_code == 422

    assert sign_in(account, secret).status_code == 429
