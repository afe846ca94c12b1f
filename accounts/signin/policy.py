"""Which new passwords are too easy to guess, and what to say about them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.people.naming import match_key, search_form
from accounts.signin.commonplace import (
    is_common,
    is_scheme,
    predictable,
    undisguised,
)
from accounts.signin.credentials import UnusablePassword, bare_symbols, opaque

# The directory and what stands behind it take this many bytes.
_MOST_BYTES = 256
# Shorter names stand by chance in many a good password.
_LEAST_NAME = 4
# A shorter initial password, of another system, is only compared as a whole.
_LEAST_INITIAL = 8

_PRINTABLE = re.compile("[\x20-\x7e]*")


class Weakness(Enum):
    """One reason against a password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    FOREIGN_LETTERS = "foreign_letters"
    UNUSABLE = "unusable"
    OUTER_BLANK = "outer_blank"
    SCHEME = "scheme"
    INITIAL = "initial"
    ACCOUNT = "account"
    NAME = "name"
    LOCAL_WORD = "local_word"
    COMMON = "common"
    KEYBOARD = "keyboard"
    SEQUENCE = "sequence"
    REPETITION = "repetition"

    def sentence(self) -> str:
        """Say in one sentence what to do."""
        return str(_SENTENCES[self]) % _lengths()


@dataclass(frozen=True)
class Rule:
    """One rule as the page tells it beforehand."""

    key: str
    text: Promise
    # Whether a browser can judge it while somebody types.
    live: bool

    def sentence(self) -> str:
        """Say the rule."""
        return str(self.text) % _lengths()


def rules() -> tuple[Rule, ...]:
    """Give the rules in the order in which the page shows them."""
    return _RULES if settings.PASSWORD_ASCII_ONLY else _RULES_OF_ALL_LETTERS


def weaknesses(
    *, password: str, account_name: str, names: Iterable[str], initial: str | None
) -> tuple[Weakness, ...]:
    """Give every reason against this password, the plainest first; none is good.

    `names` are all names of the person; `initial` is the initial password, as typed.
    """
    plain = unicodedata.normalize("NFC", password)
    if _too_long(plain):
        # Not worth reading on.
        return (Weakness.TOO_LONG,)
    return (
        *_of_form(plain),
        *_of_the_person(plain, account_name, names, initial),
        *_of_habit(plain),
    )


def _too_long(password: str) -> bool:
    size = len(password.encode("utf-8", "surrogatepass"))
    return len(password) > settings.PASSWORD_MOST or size > _MOST_BYTES


def _of_form(password: str) -> Iterator[Weakness]:
    if len(password) < settings.PASSWORD_LEAST:
        yield Weakness.TOO_SHORT
    if settings.PASSWORD_ASCII_ONLY and not _PRINTABLE.fullmatch(password):
        yield Weakness.FOREIGN_LETTERS
    elif password and not _usable(password):
        yield Weakness.UNUSABLE
    if password != password.strip():
        yield Weakness.OUTER_BLANK
    if is_scheme(password):
        yield Weakness.SCHEME


def _usable(password: str) -> bool:
    try:
        opaque(password)
    except UnusablePassword:
        return False
    return True


def _of_the_person(
    password: str, account_name: str, names: Iterable[str], initial: str | None
) -> Iterator[Weakness]:
    if initial and _is_like(password, initial):
        yield Weakness.INITIAL
    letters = "".join(search_form(sign) or sign for sign in password).lower()
    readings = undisguised(letters)
    account = account_name.casefold()
    if len(account) >= _LEAST_NAME and account in letters:
        yield Weakness.ACCOUNT
    if _any_in(readings, _parts(names)):
        yield Weakness.NAME
    if _any_in(readings, _parts(settings.PASSWORD_LOCAL_WORDS)):
        yield Weakness.LOCAL_WORD


def _of_habit(password: str) -> Iterator[Weakness]:
    if is_common(password):
        yield Weakness.COMMON
    for habit in predictable(password):
        yield Weakness[habit.name]


def _is_like(password: str, initial: str) -> bool:
    chosen, given = bare_symbols(password), bare_symbols(initial)
    return chosen == given or (len(given) >= _LEAST_INITIAL and given in chosen)


def _any_in(readings: tuple[str, ...], words: Iterable[str]) -> bool:
    return any(word in reading for word in words for reading in readings)


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Give the parts of names worth looking for, with ü as ue and as u."""
    for name in names:
        for form in _forms(name):
            yield from (part for part in form.split() if len(part) >= _LEAST_NAME)


def _forms(word: str) -> tuple[str, str]:
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(sign)
    )
    return match_key(word).lower(), match_key(bare).lower()


def _lengths() -> dict[str, int]:
    return {"least": settings.PASSWORD_LEAST, "most": settings.PASSWORD_MOST}


_SENTENCES: dict[Weakness, Promise] = {
    Weakness.TOO_SHORT: _(
        "Use at least %(least)d characters; three or four words work well."
    ),
    Weakness.TOO_LONG: _("Use at most %(most)d characters."),
    Weakness.FOREIGN_LETTERS: _(
        "Use letters A to Z, digits, spaces and the usual signs only: Wi-Fi does not"
        " accept umlauts and other letters in a password."
    ),
    Weakness.UNUSABLE: _(
        "The password contains a character that cannot be seen or is not yet known;"
        " type it by hand."
    ),
    Weakness.OUTER_BLANK: _("Leave out the space at the beginning or the end."),
    Weakness.SCHEME: _("Begin with something other than a word in curly brackets."),
    Weakness.INITIAL: _("Choose a password other than the initial one in your letter."),
    Weakness.ACCOUNT: _("Leave out your user name."),
    Weakness.NAME: _("Leave out your own names."),
    Weakness.LOCAL_WORD: _("Leave out the names of the university and its town."),
    Weakness.COMMON: _(
        "Many people use this password, so it is tried first; choose words of your own."
    ),
    Weakness.KEYBOARD: _("Leave out keys that lie side by side, like “qwertz”."),
    Weakness.SEQUENCE: _("Leave out series like “abcd” and “1234”."),
    Weakness.REPETITION: _("Do not repeat the same characters again and again."),
}

_LENGTH = Rule(
    key="length",
    text=_(
        "Use %(least)d to %(most)d characters; three or four words with spaces work"
        " well."
    ),
    live=True,
)
_ASCII = Rule(
    key="ascii",
    text=_(
        "Use letters A to Z, digits, spaces and the usual signs: Wi-Fi does not accept"
        " umlauts and other letters."
    ),
    live=True,
)
_OTHERS = (
    Rule(key="account", text=_("Leave out your user name."), live=True),
    Rule(
        key="initial",
        text=_("Choose a password other than the initial one in your letter."),
        live=True,
    ),
    Rule(
        key="names",
        text=_(
            "Leave out your own names and the names of the university and its town."
        ),
        live=False,
    ),
    Rule(
        key="common",
        text=_("Avoid what many people use, like “password”, “1234” or “qwertz”."),
        live=False,
    ),
)
_RULES = (_LENGTH, _ASCII, *_OTHERS)
_RULES_OF_ALL_LETTERS = (_LENGTH, *_OTHERS)
