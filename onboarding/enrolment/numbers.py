"""Account names for those who come without one: an entry that is there, or a number."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_noop

from accounts.directory.gateway import students, taken
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


def adopted_names(matriculation_nos: Sequence[str]) -> dict[str, str]:
    """Find the accounts that the directory already has for these numbers.

    Identity management may have been there first: its entry becomes the person's, so
    that nobody gets a second one. A number that several entries or people share, and
    an account that somebody has already, is nobody's. Raises DirectoryError.
    """
    times = Counter(matriculation_nos)
    asked = sorted(number for number, of in times.items() if number and of == 1)
    found = defaultdict(set)
    for entry in students(by="matriculation_no", values=asked):
        for number in entry.values.get("matriculation_no", ()):
            found[number].add(entry.one("account_name").lower())
    only = {number: names.pop() for number, names in found.items() if len(names) == 1}
    known = Person.objects.filter(account_name__in=only.values())
    gone = set(known.values_list("account_name", flat=True))
    return {
        number: name
        for number, name in only.items()
        if name not in gone and re.fullmatch(settings.ACCOUNT_NAME_PATTERN, name)
    }


def free_numbers(count: int, *, besides: Set[str] = frozenset()) -> list[int]:
    """Find the next free numbers; raises NumbersExhausted or DirectoryError.

    They are nobody's until ``AssignedNumber`` rows are written; its key decides who
    was first. Names ``besides``, and those that the directory or we know for other
    reasons, are skipped.
    """
    free = (n for n in _candidates(count) if account_name(n) not in besides)
    return list(islice(free, count)) if count else []


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
