"""Settings of card and library: amounts that change on a day."""

from datetime import date

from django.core.exceptions import ImproperlyConfigured

from onboarding.settings import environment as env

Dated = tuple[tuple[date, int], ...]
# Before the first change that a setting names.
ALWAYS = date.min


def amounts(name: str, default: str) -> Dated:
    """Give cents by the day from which they hold: ``1000,2027-04-01:1500``."""
    written = env.words(name, (default,))
    try:
        return tuple(sorted(_one(part) for part in written))
    except ValueError as wrong:
        message = f"{name} must be cents, like 1000 or 1000,2027-04-01:1500."
        raise ImproperlyConfigured(message) from wrong


def one_of(name: str, *choices: str) -> str:
    """Give one of these words; the first where nothing is said."""
    said = env.text(name, choices[0])
    if said not in choices:
        message = f"{name} must be one of {', '.join(choices)}, not {said!r}."
        raise ImproperlyConfigured(message)
    return said


def numbers(name: str, *default: int) -> tuple[int, ...]:
    """Give whole numbers that are written with commas."""
    try:
        return tuple(map(int, env.words(name, tuple(map(str, default)))))
    except ValueError as wrong:
        message = f"{name} must be whole numbers with commas between them."
        raise ImproperlyConfigured(message) from wrong


def _one(part: str) -> tuple[date, int]:
    day, _, cents = part.rpartition(":")
    amount = int(cents)
    if amount < 0:
        raise ValueError(cents)
    return (date.fromisoformat(day) if day else ALWAYS, amount)
