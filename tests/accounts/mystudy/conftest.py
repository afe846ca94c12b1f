"""Students whose mailbox is proved, and who may make an account for myStudy."""

from collections.abc import Callable, Iterator

import ldap3
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts.directory import bulk
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.signin import terms
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student
from tests.cast import a_student, enrolled

OWN = "kiesel tanzt barfuss"
SERVICES = ["urn:leuphana:service:mystudy", "urn:leuphana:service:moodle"]
Students = Callable[..., Person]


@pytest.fixture(autouse=True)
def _surroundings() -> Iterator[None]:
    with override("en"):
        yield
    bulk.hang_up()


@pytest.fixture
def student(slapd: Slapd) -> Students:
    """Make students with an active account, and a proved mailbox unless said so."""

    def make(*, proved: bool = True, **facts: object) -> Person:
        now = timezone.now()
        study = {
            name: facts.pop(name) for name in {"school", "study_start"} & facts.keys()
        }
        person = a_student(**{"activated_at": now, "language": "en", **facts})
        enrolled(person, **study)
        add_student(
            slapd,
            person.account_name,
            leuphanaPersonKey=str(person.person_key),
            eduPersonEntitlement=SERVICES,
        )
        has_password(slapd, person)
        MailAddress.objects.create(
            person=person,
            address=f"{person.account_name[2:]}.x@stud.leuphana.example",
            chosen_at=now,
            proved_at=now if proved else None,
        )
        terms.accept(person=person.pk, at=now)
        return person

    return make


@pytest.fixture
def cem(student: Students) -> Person:
    return student()


@pytest.fixture
def tab(cem: Person) -> Client:
    """Give a browser in which Cem is signed in."""
    return signed_in(cem)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def has_password(slapd: Slapd, person: Person, password: str = OWN) -> None:
    dn = f"uid={person.account_name},ou=people,{slapd.base}"
    slapd.admin().modify(dn, {"userPassword": [(ldap3.MODIFY_REPLACE, [password])]})


def account_dn(slapd: Slapd, user_name: str) -> str:
    return f"uid={user_name},ou=mystudy,{slapd.base}"


def there(slapd: Slapd, user_name: str) -> dict[str, list[str]]:
    """Give what stands in the directory of an account; nothing where there is none."""
    admin = slapd.admin()
    admin.search(
        f"ou=mystudy,{slapd.base}", f"(uid={user_name})", attributes=["*", "+"]
    )
    return {
        name: [value.decode() for value in values]
        for entry in admin.response
        for name, values in entry["raw_attributes"].items()
        if name != "userPassword"
    }


def made_elsewhere(slapd: Slapd, user_name: str, **attributes: str) -> None:
    """Make an account as the teaching office does."""
    kinds = ["account", "simpleSecurityObject"]
    if "leuphanaPersonKey" in attributes:
        kinds.append("leuphanaPerson")
    if "schacPersonalUniqueCode" in attributes:
        kinds.append("schacLinkageIdentifiers")
    slapd.admin().add(
        account_dn(slapd, user_name),
        kinds,
        {"uid": user_name, "userPassword": "somebody else knows", **attributes},
    )
