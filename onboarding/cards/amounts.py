"""What a card costs on a day, and how amounts are written."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def deposit(*, on: date) -> int:
    """Give the deposit in cents."""
    return _in_force(settings.CARD_DEPOSIT_CENTS, on)


def library_fee(*, on: date) -> int:
    """Give the library's one-time fee in cents; nothing in most places."""
    return _in_force(settings.LIBRARY_FEE_CENTS, on)


def replacement_fee(*, on: date) -> int:
    """Give in cents what a card costs that replaces a lost one."""
    return _in_force(settings.CARD_REPLACEMENT_CENTS, on)


def euros(cents: int) -> str:
    """Write an amount as the reader's language does."""
    amount = number_format(Decimal(cents) / 100, decimal_pos=2)
    return _("€%(amount)s") % {"amount": amount}


def _in_force(dated: tuple[tuple[date, int], ...], on: date) -> int:
    return next((cents for since, cents in reversed(dated) if since <= on), 0)
