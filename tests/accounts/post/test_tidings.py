"""What people are told about their account: where they read, and once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.connectors.contract import Found, Subject
from accounts.mailbox.models import MailAddress
from accounts.mailbox.reach import reachable
from accounts.people import lifecycle
from accounts.people.lifecycle import PasswordInForce
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.post.send import GIVEN_UP_AFTER, NOWHERE, catch_up, send_due
from accounts.reconciler import evidence, subject
from accounts.signin.activation import observed
from accounts.signin.models import RecoveryAddress
from accounts.signin.tidings import tell_activated, tell_password_changed
from tests.cast import a_student, enrolled
from tests.services.smtp import Postbox
from worker.fleet import FACTS, WRITERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rules]

PRIVATE, LEUPHANA = "cem@mail.example", "cem.sondermann@stud.leuphana.example"


def swept(at: datetime) -> None:
    while send_due(writers=WRITERS, reach=reachable, at=at):
        pass


def a_newcomer(**facts: object) -> Person:
    """Give somebody who has a letter and has not activated yet."""
    person = a_student(
        initial_password_until=timezone.now() + timedelta(days=60), **facts
    )
    enrolled(person)
    return person


def proves_private(person: Person) -> None:
    RecoveryAddress.objects.create(
        person=person, address=PRIVATE, proved_at=timezone.now()
    )


def proves_mailbox(person: Person) -> None:
    now = timezone.now()
    MailAddress.objects.create(
        person=person, address=LEUPHANA, chosen_at=now, proved_at=now
    )


def said(smtp: Postbox) -> list[tuple[str, str]]:
    return [(str(one["To"]), str(one["Subject"])) for one in smtp.mails]


def test_an_activation_is_told_once_somebody_proves_to_read_mail(
    smtp: Postbox,
) -> None:
    person, at = a_newcomer(language="en"), timezone.now()
    observed(person, at=at)
    swept(at)
    assert smtp.mails == []
    assert Mail.objects.get().last_error == NOWHERE

    proves_private(person)
    catch_up(person=person.pk, at=at)
    swept(at)
    catch_up(person=person.pk, at=at)
    observed(person, at=at)
    swept(at)

    assert said(smtp) == [(PRIVATE, "Your Leuphana account is active")]


def test_what_waited_too_long_for_an_address_is_not_told_any_more(
    smtp: Postbox,
) -> None:
    person, at = a_newcomer(), timezone.now()
    observed(person, at=at)
    swept(at)

    proves_private(person)
    catch_up(person=person.pk, at=at + GIVEN_UP_AFTER + timedelta(minutes=1))
    swept(at + GIVEN_UP_AFTER + timedelta(minutes=1))

    assert smtp.mails == []


def test_the_leuphana_mailbox_comes_before_the_private_one(smtp: Postbox) -> None:
    person, at = a_student(activated_at=timezone.now(), language="de"), timezone.now()
    proves_private(person)
    proves_mailbox(person)

    tell_password_changed(person=person.pk, at=at)
    swept(at)

    (mail,) = smtp.mails
    assert mail["To"] == LEUPHANA


def test_an_address_that_nobody_proved_is_used_for_nothing(smtp: Postbox) -> None:
    person, at = a_student(private_email=PRIVATE), timezone.now()
    MailAddress.objects.create(person=person, address=LEUPHANA, chosen_at=at)

    tell_password_changed(person=person.pk, at=at)
    swept(at)

    assert smtp.mails == []


def test_a_second_letter_that_was_used_is_told_as_a_new_password(
    smtp: Postbox,
) -> None:
    at = timezone.now()
    person = a_newcomer(activated_at=at - timedelta(days=30), language="en")
    proves_private(person)

    observed(person, at=at)
    observed(person, at=at)
    swept(at)

    assert said(smtp) == [(PRIVATE, "Your Leuphana password was changed")]


def seen(person: Person) -> Subject:
    on = timezone.localdate()
    return subject.subjects([person.pk], facts=FACTS, on=on)[person.pk]


def test_an_activation_that_a_crash_cut_short_is_told_all_the_same(
    smtp: Postbox,
) -> None:
    person, at = a_newcomer(language="en"), timezone.now()
    proves_private(person)
    found = Found(state=None, password=PasswordInForce.OWN)

    evidence.heed(found, seen(person), at=at)
    # The page was sent again meanwhile.
    observed(person, at=at)
    swept(at)

    assert said(smtp) == [(PRIVATE, "Your Leuphana account is active")]


def test_who_was_active_before_the_portal_is_told_nothing(smtp: Postbox) -> None:
    person, at = a_student(), timezone.now()
    enrolled(person)
    proves_private(person)

    evidence.heed(Found(state=None, password=PasswordInForce.OWN), seen(person), at=at)
    swept(at)

    assert smtp.mails == []
    person.refresh_from_db()
    assert person.has_own_password


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("tell", [tell_activated, tell_password_changed])
def test_no_mail_holds_what_is_nobodys_business(
    smtp: Postbox, language: str, tell: object
) -> None:
    at = timezone.now()
    person = a_student(
        activated_at=at,
        language=language,
        given_names="<b>Cem</b>",
        matriculation_no="3155555",
        birth_date="2006-02-27",
    )
    proves_private(person)

    assert callable(tell)
    tell(person=person.pk, at=at)
    swept(at)

    (mail,) = smtp.mails
    plain, html = (part.get_content() for part in mail.iter_parts())
    told = f"{mail['Subject']} {plain} {html}"
    for secret in ("2006", "27. F", "27 F", "270206", "3155555", "{{", "{%"):
        assert secret not in told
    assert "<b>Cem</b>" not in html
    assert f'lang="{language}"' in html


def test_changes_of_the_password_are_told_one_by_one(smtp: Postbox) -> None:
    at = timezone.now()
    person = a_student(activated_at=at)
    proves_private(person)

    for _ in range(2):
        lifecycle.change_password(person=person.pk, at=at)
        for _ in range(2):
            tell_password_changed(person=person.pk, at=at)
    swept(at)

    assert len(smtp.mails) == 2
