"""`manage.py plan` says what a sweep would do, and does nothing."""

from io import StringIO

import ldap3
import pytest
from django.core.management import CommandError, call_command

from accounts.catalogue.systems import DIRECTORY, NAMES
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.people.lifecycle import activate
from accounts.people.models import Person
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import Enrolment, Status
from tests.accounts.reconciler.conftest import Settle
from tests.cast import NOW, a_student, enrolled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]


def planned() -> list[str]:
    said = StringIO()
    call_command("plan", stdout=said)
    return said.getvalue().splitlines()


def everybody_is_due() -> None:
    everybody = Person.objects.values_list("pk", flat=True)
    mark(people=everybody, systems=[DIRECTORY], at=NOW)


def everything(slapd: Slapd) -> list[object]:
    admin = slapd.admin()
    admin.search(slapd.base, "(objectClass=*)", attributes=ldap3.ALL_ATTRIBUTES)
    return sorted(
        ((one["dn"], dict(one["raw_attributes"])) for one in admin.response), key=str
    )


def test_the_plan_is_what_the_sweep_does_afterwards(
    settle: Settle, slapd: Slapd
) -> None:
    same, changed, gone, activated = (a_student() for _ in range(4))
    for one in (same, changed, gone, activated):
        enrolled(one)
    everybody_is_due()
    settle()
    new = a_student()
    enrolled(new)
    Person.objects.filter(pk=changed.pk).update(chosen_name="Jo")
    activate(person=activated.pk, at=NOW)
    Enrolment.objects.filter(person=gone).update(status=Status.EXMATRICULATED)
    entries, rows = everything(slapd), list(Sync.objects.values())

    plan = planned()

    assert everything(slapd) == entries
    assert list(Sync.objects.values()) == rows
    assert plan == [
        f"directory change {changed.account_name} (common_name, display_name)",
        f"directory remove {gone.account_name}",
        f"directory change {activated.account_name} (entitlements)",
        f"directory create {new.account_name}",
        # One person in one system each; nobody has come as far as the other systems.
        f"Sum: change 2, create 1, none {5 * len(NAMES) - 4}, remove 1",
    ]

    everybody_is_due()
    settle()
    assert planned() == [f"Sum: none {5 * len(NAMES)}"]


def test_a_failure_is_in_the_plan(settle: Settle, slapd: Slapd) -> None:
    cem = a_student()
    enrolled(cem)
    slapd.admin().add(
        f"uid={cem.account_name},ou=people,{slapd.base}",
        ["inetOrgPerson", "leuphanaPerson"],
        {"cn": "Ada", "sn": "Freytag", "leuphanaPersonKey": "P-another"},
    )

    assert planned() == [
        f"directory failure:entry_of_another {cem.account_name}",
        f"Sum: failure:entry_of_another 1, none {len(NAMES) - 1}",
    ]


def test_a_silent_directory_is_said(slapd: Slapd) -> None:
    enrolled(a_student())
    slapd.kill()

    with pytest.raises(CommandError, match="directory does not answer"):
        planned()


def test_systems_are_asked(slapd: Slapd) -> None:
    said = StringIO()

    call_command("ask_systems", stdout=said)
    assert said.getvalue() == "".join(f"{name}: answers\n" for name in NAMES)

    slapd.kill()
    with pytest.raises(CommandError, match="directory, mailbox, mystudy"):
        call_command("ask_systems", stdout=StringIO())
