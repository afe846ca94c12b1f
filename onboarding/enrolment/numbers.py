"""Account names for those who come without one, out of the portal's own range."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_noop

from accounts.directory.gateway import taken
from accounts.people.models import Person
from onboarding.enrolment.models import AssignedNumber
from onboarding.enrolment.wording import Sentence

ASKED_AT_ONCE = 500


class NumbersExhausted(Exception):
    """The range of account numbers has no free number left."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__()
        self.sentence = Sentence(
            gettext_noop("No account number is free; see the setting ACCOUNT_NUMBERS.")
        )


def free_numbers(count: int) -> list[int]:
    """Find the next free numbers; raises NumbersExhausted or DirectoryError.

    They are nobody's until ``AssignedNumber`` rows are written; its key decides who
    was first. Names that the directory or we know for other reasons are skipped.
    """
    return list(islice(_candidates(count), count)) if count else []


def account_name(number: int) -> str:
    """Give the account name of a number."""
    return f"lg{number}"


def _candidates(count: int) -> Iterator[int]:
    lowest, highest = settings.ACCOUNT_NUMBERS
    last = AssignedNumber.objects.filter(number__range=(lowest, highest)).aggregate(
        last=Max("number")
    )["last"]
    start = lowest if last is None else last + 1
    while start <= highest:
        numbers = range(start, min(start + max(count, ASKED_AT_ONCE), highest + 1))
        yield from _free(numbers)
        start = numbers.stop
    raise NumbersExhausted


def _free(numbers: range) -> Iterator[int]:
    names = [account_name(number) for number in numbers]
    ours = Person.objects.filter(account_name__in=names)
    used = taken(names) | set(ours.values_list("account_name", flat=True))
    return (number for number in numbers if account_name(number) not in used)
