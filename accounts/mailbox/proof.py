"""The first login, proved by a code that was sent to the mailbox itself."""

from datetime import datetime

from django.db import transaction

from accounts.catalogue.systems import MAILBOX, NAMES
from accounts.due.mark import mark
from accounts.journal.record import record
from accounts.mailbox.models import MailAddress
from accounts.mailbox.standing import Ready, standing_of
from accounts.people.models import Person
from accounts.post.send import catch_up
from accounts.signin import codes
from accounts.signin.models import Purpose


class NotReady(Exception):
    """There is no mailbox yet that a code could be sent to."""


def ask_for_code(*, person: Person, session: str, at: datetime) -> bool:
    """Have a code sent to the mailbox; says no where one was sent a moment ago.

    Raises NotReady until the mail server has said that it takes mail for the address.
    """
    standing = standing_of(person.pk)
    if standing.ready is not Ready.YES:
        raise NotReady
    return codes.ask_for_code(
        person=person,
        purpose=Purpose.PROVE_MAILBOX,
        address=standing.address,
        session=session,
        at=at,
    )


def prove(*, person: Person, typed: str, session: str, at: datetime) -> None:
    """Take the code as proof that the person reads the mailbox.

    Raises codes.CodeRefused: wrong, used, ended, of somebody else, or sent to an
    address that is not the one in use any more.
    """
    # Not in the transaction below: a wrong try counts, whatever follows.
    code = codes.use(
        typed=typed,
        purpose=Purpose.PROVE_MAILBOX,
        session=session,
        person=person,
        at=at,
    )
    mine = MailAddress.objects.filter(
        person=person, address=code.address, retired_at=None
    )
    if not mine.exists():
        raise codes.CodeRefused
    with transaction.atomic():
        if mine.filter(proved_at=None).update(proved_at=at):
            record(what="mailbox_proved", at=at, whom=person.pk, who=person.pk)
            catch_up(person=person.pk, at=at)
            # What waits for a mailbox of the person's own may go on.
            others = [name for name in NAMES if name != MAILBOX]
            mark(people=[person.pk], systems=others, at=at)
