"""What people type to sign in: account name, initial password, own password."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# 29 symbols that nobody reads as another one. 29 is prime: see `check_symbol`.
ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
RANDOM_SYMBOLS = 11
SYMBOLS = RANDOM_SYMBOLS + 1

_READ_AS = str.maketrans("OILZSBU", "011258V")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_ONE_DASH = str.maketrans(dict.fromkeys(_DASHES, "-"))
_STAFF_ACCOUNT_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
# Longer than every address; what is longer is not worth normalising.
_LONGEST_TYPED = 320

# Default_Ignorable_Code_Point beyond the format characters, and old Hangul jamo:
# disallowed by RFC 8264, sections 9.9 and 9.13.
_IGNORABLE = re.compile(
    "[\u034f\u1100-\u11ff\u17b4\u17b5\u180b-\u180f\u3164\ua960-\ua97c"
    "\ud7b0-\ud7fb\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
# Control, format, unassigned, private use, surrogate, line and paragraph separator.
_DISALLOWED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class InitialPassword:
    """An initial password as the directory has it, or whatever was typed instead."""

    secret: str = field(repr=False)


class Slip(Enum):
    """Why what was typed cannot be one of our initial passwords."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    MISREAD = "misread"

    def sentence(self) -> str:
        """Say what to look at; the check tells that something is wrong, not where."""
        return str(_SLIPS[self])


_SLIPS: dict[Slip, Promise] = {
    Slip.TOO_SHORT: gettext_lazy(
        "One character is missing. The initial password has twelve, in three groups"
        " of four."
    ),
    Slip.TOO_LONG: gettext_lazy(
        "There is one character too many. The initial password has twelve, in three"
        " groups of four."
    ),
    Slip.MISREAD: gettext_lazy(
        "A character does not fit. Compare the initial password with your letter,"
        " group by group."
    ),
}


class UnusablePassword(Exception):
    """The password contains what no directory could keep; the text is a sentence."""


def canonical_account(typed: object) -> str | None:
    """Give the account name meant by what was typed, or None where it can be none.

    Capitals, full-width letters, blanks, invisible characters and the university's
    mail address in place of the name are understood.
    """
    if not isinstance(typed, str) or len(typed) > _LONGEST_TYPED:
        return None
    text = unicodedata.normalize("NFKC", typed.strip(" \t\r\n")).casefold()
    text = "".join(sign for sign in text if unicodedata.category(sign) not in _SKIPPED)
    name, at, domain = text.translate(_ONE_DASH).partition("@")
    if at and not _is_ours(domain):
        return None
    return name if _is_account_name(name) else None


# Blanks and format characters: what a paste brings along unseen.
_SKIPPED = frozenset({"Zs", "Cf"})


def _is_ours(domain: str) -> bool:
    ours = settings.MAIL_DOMAIN.casefold()
    return "." in domain and (ours == domain or ours.endswith(f".{domain}"))


def _is_account_name(name: str) -> bool:
    # ASCII only: elsewhere \d would take the digits of every script.
    student = re.fullmatch(settings.ACCOUNT_NAME_PATTERN, name, re.ASCII)
    return bool(student or _STAFF_ACCOUNT_NAME.fullmatch(name))


def make_initial_password() -> str:
    """Make 11 random symbols (53 bits) and their check symbol."""
    body = "".join(secrets.choice(ALPHABET) for _symbol in range(RANDOM_SYMBOLS))
    return body + check_symbol(body)


def check_symbol(body: str) -> str:
    """Give the check symbol: the sum of value times position (1 to 11) modulo 29.

    As 29 is prime and greater than every position, the check finds each single wrong
    symbol and each swap of two different symbols, neighbours or not; a swap with the
    check symbol itself too, since position plus one is never a multiple of 29. Two or
    more wrong symbols together, or a swap of whole groups, pass once in 29 times.
    """
    total = sum(
        ALPHABET.index(symbol) * position
        for position, symbol in enumerate(body, start=1)
    )
    return ALPHABET[total % len(ALPHABET)]


def printed(secret: str) -> str:
    """Give the form that is printed: XXXX-XXXX-XXXX."""
    return "-".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def read_initial_password(typed: str) -> InitialPassword | Slip:
    """Read what was typed from a letter, or say that it must be a slip.

    Case, blanks, dashes and look-alikes do not matter. What cannot be one of our own
    initial passwords, or a slip in one, is taken as typed but for outer blanks; where
    another system issues them (`INITIAL_PASSWORDS_FROM`), everything is.
    """
    symbols = bare_symbols(typed)
    if settings.INITIAL_PASSWORDS_FROM != "portal" or not _could_be_ours(symbols):
        return InitialPassword(typed.strip())
    if len(symbols) < SYMBOLS:
        return Slip.TOO_SHORT
    if len(symbols) > SYMBOLS:
        return Slip.TOO_LONG
    if check_symbol(symbols[:-1]) != symbols[-1]:
        return Slip.MISREAD
    return InitialPassword(symbols)


def is_initial_password(typed: str) -> bool:
    """Say whether this is one of our initial passwords, and no student's name."""
    symbols = bare_symbols(typed[:_LONGEST_TYPED])
    if settings.INITIAL_PASSWORDS_FROM != "portal" or not _could_be_ours(symbols):
        return False
    name = re.fullmatch(settings.ACCOUNT_NAME_PATTERN, canonical_account(typed) or "")
    return not name and isinstance(read_initial_password(typed), InitialPassword)


def readings(password: str) -> tuple[str, ...]:
    """Give what a password typed at signing in may mean, the plain one first.

    Many a letter is typed there, in its printed form.
    """
    symbols = bare_symbols(password)
    if symbols == password or not is_initial_password(password):
        return (password,)
    return (password, symbols)


def bare_symbols(typed: str) -> str:
    """Give the typed symbols in capitals, without blanks and dashes, as one reads them.

    Two texts that give the same symbols are the same initial password.
    """
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_ONE_DASH)
    bare = (
        sign
        for sign in plain
        if sign != "-" and not sign.isspace() and unicodedata.category(sign) != "Cf"
    )
    return "".join(bare).translate(_READ_AS)


def _could_be_ours(symbols: str) -> bool:
    near = SYMBOLS - 1 <= len(symbols) <= SYMBOLS + 1
    return near and set(symbols) <= set(ALPHABET)


def opaque(password: str) -> str:
    """Give the one form of a password that reaches the directory, by either library.

    RFC 8265, OpaqueString: every blank becomes a space, the text becomes NFC; width
    and case stay. Joiners, which the RFC allows in few contexts, are refused.
    Raises UnusablePassword.
    """
    spaced = "".join(
        " " if unicodedata.category(sign) == "Zs" else sign for sign in password
    )
    composed = unicodedata.normalize("NFC", spaced)
    if not composed:
        raise UnusablePassword(_("Type a password."))
    if _IGNORABLE.search(composed) or any(
        unicodedata.category(sign) in _DISALLOWED for sign in composed
    ):
        raise UnusablePassword(
            _(
                "The password contains a character that cannot be seen or is not yet"
                " known. Type it by hand, with letters, digits and signs."
            )
        )
    return composed
