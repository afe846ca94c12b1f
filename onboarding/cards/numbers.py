"""Card numbers: ELN (311…), serial and check digit, as libraries in GBV have them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

# What scanners and people put between or around the digits.
_BETWEEN = re.compile(r"[\s*.\-–/]+")
_SHAPE = re.compile(r"[0-9]+[0-9X]")
# DOMAIN: a matriculation number has five to eight digits.
_MATRICULATION = re.compile(r"[0-9]{5,8}")
_TAIL = 4


class Check(StrEnum):
    """What becomes of a number whose check digit does not fit."""

    OFF = "off"
    WARN = "warn"
    ENFORCE = "enforce"


class NumberRefused(ValueError):
    """What was typed is no card number; the text says why, to be read at the field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a card number looks like here."""

    prefix: str
    lengths: tuple[int, ...]
    check: Check

    @classmethod
    def in_force(cls) -> "Rule":
        """Give the one of the settings."""
        return cls(
            prefix=settings.CARD_NUMBER_PREFIX,
            lengths=settings.CARD_NUMBER_LENGTHS,
            check=Check(settings.CARD_NUMBER_CHECK),
        )


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A number that may be one."""

    number: str
    # Its check digit does not fit: a slip, or a card of another kind.
    doubtful: bool = False


def read(typed: str, *, rule: Rule) -> CardNumber:
    """Read what was scanned or typed; raises NumberRefused."""
    number = _BETWEEN.sub("", typed).upper()
    if number and _MATRICULATION.fullmatch(number) and len(number) not in rule.lengths:
        raise NumberRefused(
            _(
                "This looks like a matriculation number. The number of a card begins"
                " with %(prefix)s."
            )
            % {"prefix": rule.prefix}
        )
    if not _SHAPE.fullmatch(number):
        raise NumberRefused(_("A card number has digits only; the last may be an X."))
    if not number.startswith(rule.prefix):
        raise NumberRefused(
            _("A card number begins with %(prefix)s.") % {"prefix": rule.prefix}
        )
    if len(number) not in rule.lengths:
        raise NumberRefused(_length(rule))
    fits = rule.check is Check.OFF or check_digit(number[:-1]) == number[-1]
    if not fits and rule.check is Check.ENFORCE:
        raise NumberRefused(
            _("One digit of this number is wrong. Please compare it with the card.")
        )
    return CardNumber(number, doubtful=not fits)


def check_digit(digits: str) -> str:
    """Give the check digit: weights 2, 3, 4 … from the right, modulo 11, 10 as X."""
    weighed = sum(
        int(digit) * weight for weight, digit in enumerate(reversed(digits), 2)
    )
    digit = -weighed % 11
    return "X" if digit == 10 else str(digit)  # noqa: PLR2004 - the rule's own number


def masked(number: str) -> str:
    """Give a number as everybody but its owner sees it."""
    return f"{number[:3]}…{number[-_TAIL:]}" if number else ""


def _length(rule: Rule) -> str:
    lengths = [str(length) for length in sorted(rule.lengths)]
    if len(lengths) == 1:
        return _("A card number has %(length)s digits.") % {"length": lengths[0]}
    *some, last = lengths
    return _("A card number has %(some)s or %(last)s digits.") % {
        "some": ", ".join(some),
        "last": last,
    }
