"""How much one agent does in a day: counted in the journal, one agent at a time."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from onboarding.helpdesk.refusals import TooMuchToday

QUICK = frozenset(
    {
        "looked_again",
        "tries_cleared",
        "sessions_ended",
        "code_sent_again",
        "group_changed",
        "recovery_address_corrected",
        "held_released",
        "account_merged",
        "record_guarded",
        "record_unguarded",
        "handed_on",
        "note_written",
    }
)


def start_of_day(at: datetime) -> datetime:
    """Give midnight before a moment."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def queue(by: Person) -> None:
    """Let acts of the same agent come one after the other, until the commit."""
    list(Person.objects.select_for_update().filter(pk=by.pk).values_list("pk"))


def quick(*, by: Person, at: datetime) -> None:
    """Count one more quick remedy; raises TooMuchToday."""
    queue(by)
    done = Event.objects.filter(who=by, what__in=QUICK, at__gte=start_of_day(at))
    most = settings.HELP_DESK_REMEDIES_A_DAY
    if done.count() >= most:
        raise TooMuchToday(most)
