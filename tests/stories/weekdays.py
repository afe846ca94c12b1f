"""What every walk through the week has: codes, forms, and time that passes."""

import re
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from accounts.catalogue.systems import MAILBOX
from accounts.due.models import Sync
from accounts.mailbox import addresses
from accounts.mailbox.models import MailAddress
from accounts.people.models import Person
from tests.services.campus import Campus
from tests.services.dovecot import mails_of
from tests.stories.newcomers import until
from tests.stories.visitor import OWN, Visitor

FOR_MYSTUDY = "drei nasse Dohlen warten"
# Longer than any page waits before it has a system asked once more.
A_WHILE = timedelta(minutes=2)
_CODE = re.compile(r"^\s+(\d[\d ]+\d)\s*$", re.MULTILINE)


def a_while_passes(system: str) -> None:
    """Let it be a while since a system was asked about anybody."""
    rows = Sync.objects.filter(system=system)
    under_way = Q(settled_at=None) | Q(settled_generation__lt=F("generation"))
    # What was asked before must not come in afterwards, as if asked just now.
    until(lambda: not rows.filter(under_way).exists())
    rows.update(settled_at=F("settled_at") - A_WHILE)


def code_in_the_mailbox(campus: Campus, address: str) -> str:
    """Wait for the newest mail with a code, and read it as its owner does."""
    codes: list[str] = []

    def arrived() -> bool:
        mails = mails_of(campus.dovecot, address, OWN)
        plain = [mail.get_body(("plain",)) for mail in mails]
        texts = [str(body.get_content()) for body in plain if body]
        codes[:] = [code for text in texts for code in _CODE.findall(text)]
        return bool(codes)

    until(arrived)
    return codes[-1]


def registers_with_the_library(student: Visitor) -> None:
    """Fill in page after page, check the answers, and send them."""
    student.goes_to("/journey/registration/")
    student.follows("Begin")
    student.presses("Save and continue")
    student.types("Am Sande 1", "Street and number")
    student.types("21335", "Postal code")
    student.types("Lüneburg", "Town")
    student.presses("Save and continue")
    student.sees("How the library reaches you")
    student.presses("Save and continue")
    student.field("I agree to the library’s terms of use.").check()
    student.presses("Save and continue")
    student.sees("Check your answers")
    student.presses("Send to the library")


def comes(student: Visitor, person: Person, path: str) -> Visitor:
    """Have somebody sign in and look at a page."""
    student.goes_to(path)
    student.signs_in(account=person.account_name)
    student.arrives_at(path)
    return student


def with_a_mailbox(person: Person) -> Person:
    (first, *_) = addresses.offer(person).addresses
    addresses.choose(person=person, address=first, at=timezone.now())
    until(lambda: all(one.settled for one in syncs_of(person, MAILBOX)))
    return person


def syncs_of(person: Person, system: str) -> list[Sync]:
    found = list(Sync.objects.filter(person=person, system=system))
    assert found
    return found


def with_a_proved_mailbox(person: Person) -> Person:
    with_a_mailbox(person)
    MailAddress.objects.filter(person=person).update(proved_at=timezone.now())
    return person
