"""What has to be done by the clock; each is safe to run twice."""

from django.core.management import call_command
from django.utils import timezone

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.people.models import Kind, Person
from accounts.signin.codes import forget as forget_codes
from accounts.signin.throttle import forget
from onboarding.enrolment.intake import drop_old_files


def look_at_everybody() -> None:
    """Mark every student due in every system: drift is found, whoever caused it."""
    people = Person.objects.filter(kind=Kind.STUDENT).values_list("pk", flat=True)
    mark(people=people.iterator(), systems=systems.NAMES, at=timezone.now())


def tidy() -> None:
    """Drop ended sessions, old attempts and codes, and files never applied."""
    call_command("clearsessions")
    forget(at=timezone.now())
    forget_codes(at=timezone.now())
    drop_old_files(at=timezone.now())
