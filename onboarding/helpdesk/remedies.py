"""What is quickly done: it opens nothing, and nobody's identity has to be proved."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.journal.record import Fact, record
from accounts.people import lifecycle
from accounts.people.models import Person
from accounts.post.send import send_again
from accounts.signin import throttle
from accounts.signin.models import MailedCode
from onboarding.enrolment.models import TutorGroup
from onboarding.enrolment.moving import move_to_group
from onboarding.helpdesk.checks import Check
from onboarding.helpdesk.limits import quick
from onboarding.helpdesk.refusals import NothingToSend

_CHECK: dict[str, Fact] = {"check": Check.NONE_NEEDED.value}


def look_again(
    *, person: Person, by: Person, at: datetime, only: Iterable[str] = ()
) -> None:
    """Have systems look at the person now, all of them or some."""
    names = tuple(only) or systems.NAMES
    with transaction.atomic():
        quick(by=by, at=at)
        mark(people=[person.pk], systems=names, at=at)
        facts = {**_CHECK, "systems": ", ".join(names)}
        record(what="looked_again", at=at, whom=person.pk, who=by.pk, facts=facts)


def unlock(*, person: Person, by: Person, at: datetime) -> None:
    """End the wait after wrong passwords in the portal.

    The directory's own lock is not the portal's to take away: it ends by itself, or
    with a new initial password.
    """
    with transaction.atomic():
        quick(by=by, at=at)
        throttle.clear(account=person.account_name, at=at)
        record(what="tries_cleared", at=at, whom=person.pk, who=by.pk, facts=_CHECK)


def end_sessions(*, person: Person, by: Person, at: datetime) -> None:
    """Sign the person out everywhere."""
    with transaction.atomic():
        quick(by=by, at=at)
        lifecycle.end_sessions(
            person=person.pk, by=by.pk, at=at, check=Check.NONE_NEEDED.value
        )


def resend_code(*, person: Person, by: Person, at: datetime) -> None:
    """Send the newest code once more that hangs; raises NothingToSend."""
    with transaction.atomic():
        quick(by=by, at=at)
        good = MailedCode.objects.filter(person=person, used_at=None)
        code = good.filter(good_until__gt=at).order_by("-pk").first()
        occasion = f"code:{code.pk}" if code else ""
        if not send_again(person=person.pk, occasion=occasion, at=at):
            raise NothingToSend
        record(what="code_sent_again", at=at, whom=person.pk, who=by.pk, facts=_CHECK)


def move(*, person: Person, group: TutorGroup, by: Person, at: datetime) -> None:
    """Let the person be in another tutor group."""
    with transaction.atomic():
        quick(by=by, at=at)
        move_to_group(person=person, group=group, by=by, at=at, place="help_desk")
