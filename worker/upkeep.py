"""What has to be done by the clock; each is safe to run twice."""

from collections.abc import Callable

from django.core.management import call_command
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.catalogue import systems
from accounts.due.lease import PARKED
from accounts.due.mark import mark
from accounts.due.models import Sync
from accounts.mailbox.models import MailAddress
from accounts.people.models import Kind, Person
from accounts.post.send import forget as forget_mails
from accounts.reconciler.models import Evidence
from accounts.signin.codes import forget as forget_codes
from accounts.signin.throttle import forget
from onboarding.enrolment.intake import drop_old_files
from worker.fleet import FACTS

# People in one transaction.
SOME = 500


def look_at_everybody() -> None:
    """Mark every student due in every system: drift is found, whoever caused it.

    In many small transactions: nobody else's has to wait for this one.
    """
    students = Person.objects.filter(kind=Kind.STUDENT).order_by("pk")
    at, last = timezone.now(), 0
    while ids := list(students.filter(pk__gt=last).values_list("pk", flat=True)[:SOME]):
        mark(people=ids, systems=systems.NAMES, at=at)
        last = ids[-1]


def ask_for_news() -> None:
    """Have systems asked again about those of whom they could know by now.

    Nobody tells us that somebody has signed in to Moodle, or that the library has made
    an account: both have to be asked. Who waits for a human is left alone.
    """
    for system, (key, could) in _AWAITED.items():
        if system in systems.NAMES:
            _ask_again(system, key, could)


def _ask_again(system: str, key: str, could: Callable[[list[int]], set[int]]) -> None:
    said = Evidence.objects.filter(
        person_id=OuterRef("person_id"), system=system, key=key
    )
    silent = Sync.objects.filter(~Exists(said), system=system, due_at=None).exclude(
        last_error__startswith=PARKED
    )
    ids, at, last = silent.order_by("person_id"), timezone.now(), 0
    while some := list(
        ids.filter(person_id__gt=last).values_list("person_id", flat=True)[:SOME]
    ):
        mark(people=sorted(could(some)), systems=[system], at=at)
        last = some[-1]


def _read_mail(people: list[int]) -> set[int]:
    proved = MailAddress.objects.filter(
        person__in=people, retired_at=None, proved_at__isnull=False
    )
    return {one for one in proved.values_list("person_id", flat=True) if one}


def _have_a_card(people: list[int]) -> set[int]:
    return {one for one, number in FACTS.card_numbers(people).items() if number}


# What is waited for, and of whom it may be expected.
_AWAITED: dict[str, tuple[str, Callable[[list[int]], set[int]]]] = {
    systems.MOODLE: ("last_seen", _read_mail),
    systems.PAIA: ("works", _have_a_card),
}


def tidy() -> None:
    """Drop ended sessions, old attempts, codes, mails, and files never applied."""
    call_command("clearsessions")
    forget(at=timezone.now())
    forget_codes(at=timezone.now())
    forget_mails(at=timezone.now())
    drop_old_files(at=timezone.now())
