"""Mails go where somebody has proved to read them."""

import pytest
from django.utils import timezone

from accounts.mailbox.models import MailAddress
from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from accounts.signin.models import RecoveryAddress
from tests.cast import a_student

pytestmark = [pytest.mark.django_db, pytest.mark.rules]


def with_address(person: Person, *, proved: bool) -> None:
    now = timezone.now()
    MailAddress.objects.create(
        person=person,
        address="cem@stud.example",
        chosen_at=now,
        proved_at=now if proved else None,
    )


def test_an_address_counts_once_it_is_proved() -> None:
    cem = a_student(private_email="cem@mail.example")
    assert reachable(cem.pk) == ""

    with_address(cem, proved=False)
    assert reachable(cem.pk) == ""

    RecoveryAddress.objects.create(
        person=cem, address="c@mail.example", proved_at=timezone.now()
    )
    assert reachable(cem.pk) == "c@mail.example"

    MailAddress.objects.update(proved_at=timezone.now())
    assert reachable(cem.pk) == "cem@stud.example"
