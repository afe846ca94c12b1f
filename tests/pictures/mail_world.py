"""Students at every point of their way to e-mail."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.catalogue.systems import MAILBOX
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.signin.models import MailedCode, Purpose
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import add_student

DOMAIN = "stud.leuphana.example"
FAR = timedelta(days=1)
Active = Callable[..., Person]


def mail_students(slapd: Slapd, active: Active) -> dict[str, Person]:
    """Give them, by what is the matter; ``active`` makes an activated one."""
    people = {
        "mail-waiting": _at(active(), failures=0),
        "mail-late": _at(active(), failures=3, last_error="not_ready"),
        "mail-silent": _at(active(), failures=1, last_error="silent"),
        "mail-stuck": _at(active(), failures=1, last_error="!refused:other"),
        "mail-taken": _at(active(), failures=1, last_error="!address_taken"),
        "mail-ready": _at(active(), settled=True),
        "mail-sent": _code(_at(active(), settled=True), sent_at=timezone.now()),
        "mail-delayed": _code(
            _at(active(), settled=True),
            due_at=timezone.now() + FAR,
            last_error="TimeoutError",
        ),
        "mail-bounced": _code(
            _at(active(), settled=True), last_error="SMTPRecipientsRefused"
        ),
        "mail-proved": _proved(active()),
        "mail-renamed": _renamed(active()),
    }
    for person in people.values():
        add_student(slapd, person.account_name)
    return people


def _at(person: Person, *, settled: bool = False, **facts: object) -> Person:
    MailAddress.objects.create(
        person=person,
        address=f"{person.account_name}.cem.sondermann@{DOMAIN}",
        chosen_at=timezone.now(),
        made_by_rule=False,
    )
    Sync.objects.create(
        person=person,
        system=MAILBOX,
        settled_generation=1 if settled else 0,
        # Due tomorrow: what stands here is not worked off meanwhile.
        due_at=None if settled else timezone.now() + FAR,
        failing_since=timezone.now() - FAR if "last_error" in facts else None,
        **facts,
    )
    return person


def _code(person: Person, **facts: object) -> Person:
    now, address = timezone.now(), person.mail_addresses.get().address
    code = MailedCode.objects.create(
        person=person,
        purpose=Purpose.PROVE_MAILBOX,
        address=address,
        session="elsewhere",
        asked_at=now,
        good_until=now + FAR,
    )
    Mail.objects.create(
        person=person,
        message="code_prove_mailbox",
        address=address,
        occasion=f"code:{code.pk}",
        asked_at=now,
        **facts,
    )
    return person


def _proved(person: Person) -> Person:
    _at(person, settled=True)
    MailAddress.objects.filter(person=person).update(proved_at=timezone.now())
    return person


def _renamed(person: Person) -> Person:
    _proved(person)
    MailAddress.objects.filter(person=person).update(made_by_rule=True)
    MailAddress.objects.create(
        person=person,
        address=f"{person.account_name}.alt@{DOMAIN}",
        chosen_at=timezone.now(),
        retired_at=timezone.now(),
    )
    return person
