"""Choosing an own password, on a real directory."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.catalogue.systems import DIRECTORY
from accounts.directory import gateway, passwords
from accounts.directory.entry import Secret
from accounts.directory.errors import DirectoryUnavailable, PasswordRefused, Reason
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from accounts.signin.activation import TooWeak, choose_own_password
from accounts.signin.credentials import make_initial_password
from accounts.signin.models import Acceptance
from onboarding.demo.servers.slapd import Slapd
from tests.cast import a_student, enrolled
from worker.fleet import CONNECTORS, FACTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

OWN = "kiesel tanzt barfuss"


def settled() -> None:
    while settle_batch(connector=CONNECTORS[0], facts=FACTS, at=timezone.now()):
        pass


@pytest.fixture
def newcomer(slapd: Slapd) -> tuple[Person, str]:
    """Give a student with an entry and a letter."""
    person = a_student()
    enrolled(person)
    mark(people=[person.pk], systems=[DIRECTORY], at=timezone.now())
    settled()
    initial = make_initial_password()
    passwords.set_initial_password(
        account_name=person.account_name,
        secret=initial,
        ends_at=timezone.now() + timedelta(days=60),
    )
    return person, initial


def chosen(person: Person, initial: str, new: str = OWN) -> Person:
    return choose_own_password(
        account=person.account_name, initial=initial, new=new, at=timezone.now()
    )


def test_the_own_password_opens_the_entry_and_the_initial_one_no_longer(
    newcomer: tuple[Person, str],
) -> None:
    person, initial = newcomer

    activated = chosen(person, initial)

    entry = gateway.person(person.account_name)
    assert entry is not None
    assert passwords.proves(entry=entry, password=OWN)
    assert not passwords.proves(entry=entry, password=initial)
    assert activated.has_own_password
    assert Acceptance.objects.filter(person=person).count() == 2


def test_services_are_granted_after_activation_alone(
    newcomer: tuple[Person, str],
) -> None:
    person, initial = newcomer
    before = gateway.person(person.account_name)
    assert before is not None
    assert before.values.get("entitlements") is None

    chosen(person, initial)
    settled()

    after = gateway.person(person.account_name)
    assert after is not None
    assert "wifi" in after.values["entitlements"]
    assert "moodle" in after.values["entitlements"]
    assert after.ends_at is None
    assert after.secret is Secret.OWN
    assert Sync.objects.get(person=person, system=DIRECTORY).settled


def test_the_second_of_two_clicks_gives_the_same_person(
    newcomer: tuple[Person, str],
) -> None:
    person, initial = newcomer
    chosen(person, initial)

    assert chosen(person, initial) == person


def test_a_wrong_initial_password_is_refused(newcomer: tuple[Person, str]) -> None:
    person, _ = newcomer

    with pytest.raises(PasswordRefused) as refused:
        chosen(person, make_initial_password())

    assert refused.value.reason is Reason.WRONG
    person.refresh_from_db()
    assert person.activated_at is None


def test_own_names_are_only_spoken_of_once_the_secret_is_right(
    newcomer: tuple[Person, str],
) -> None:
    person, initial = newcomer

    with pytest.raises(TooWeak):
        chosen(person, initial, new="sondermann tanzt gern")
    with pytest.raises(PasswordRefused):
        chosen(person, make_initial_password(), new="sondermann tanzt gern")


def test_a_directory_that_is_away_is_nobodys_wrong_password(
    newcomer: tuple[Person, str], slapd: Slapd
) -> None:
    person, initial = newcomer
    slapd.kill()

    with pytest.raises(DirectoryUnavailable):
        chosen(person, initial)

    slapd.start()
    assert chosen(person, initial).has_own_password
