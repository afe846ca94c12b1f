"""Students with an active account, a directory that knows it, and a worker's sweep."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import ldap3
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.directory import bulk
from accounts.people.models import Person
from accounts.signin import terms
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.dovecot import ENTITLEMENT
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student
from tests.cast import a_student, enrolled
from tests.services import surroundings

OWN = "kiesel tanzt barfuss"
CODE = re.compile(r"\b(\d{4}) (\d{4})\b")
Students = Callable[..., Person]


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILBOX_URL = f"lmtp://{LOOPBACK}:{surroundings.LMTP_PORT}"
    settings.MAILBOX_ANSWER_TIMEOUT = 2
    with override("en"):
        yield
    bulk.hang_up()


@pytest.fixture
def student(slapd: Slapd) -> Students:
    """Make students who have activated their account and may use e-mail."""

    def make(**facts: object) -> Person:
        now = timezone.now()
        person = a_student(**{"activated_at": now, "language": "en", **facts})
        enrolled(person)
        dn = add_student(slapd, person.account_name, eduPersonEntitlement=ENTITLEMENT)
        slapd.admin().modify(dn, {"userPassword": [(ldap3.MODIFY_REPLACE, [OWN])]})
        terms.accept(person=person.pk, at=now)
        return person

    return make


@pytest.fixture
def cem(student: Students) -> Person:
    return student(given_names="Cem", family_name="Sondermann")


@pytest.fixture
def tab(cem: Person) -> Client:
    """Give a browser in which Cem is signed in."""
    return signed_in(cem)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def code_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = CODE.search(body.get_content())
    assert found
    return "".join(found.groups())
