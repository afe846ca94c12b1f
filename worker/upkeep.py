"""What has to be done by the clock; each is safe to run twice."""

from django.core.management import call_command
from django.utils import timezone

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.people.models import Kind, Person
from accounts.post.send import forget as forget_mails
from accounts.signin.codes import forget as forget_codes
from accounts.signin.throttle import forget
from onboarding.enrolment.intake import drop_old_files

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


def tidy() -> None:
    """Drop ended sessions, old attempts, codes, mails, and files never applied."""
    call_command("clearsessions")
    forget(at=timezone.now())
    forget_codes(at=timezone.now())
    forget_mails(at=timezone.now())
    drop_old_files(at=timezone.now())
