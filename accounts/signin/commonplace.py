"""Passwords that are guessed first: common ones, keyboard walks, series, repetition."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

# Signs around a common word that do not make it a good password.
_MOST_TRIMMINGS = 6
# With fewer different signs than this, length is no help.
_LEAST_VARIETY = 5
_RUN = 4

_TRIMMINGS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_TAIL = re.compile(r"[\W\d_]+$")
# How letters are disguised; 1 and ! stand for i or l.
_DISGUISES = (
    str.maketrans("013457@$!|", "oieastasii"),
    str.maketrans("013457@$!|", "oleastasll"),
)
# What joins the words of a password, and digits among its letters.
_BETWEEN = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
# Four words in a row are enough even if each of them is on a list.
_MOST_LISTED = 3
_SHORTEST = 3
# Words that German students think of first, beside Django's English list; those of the
# letter and of the page among them.
_EXPECTED = frozenset(
    """
    aber admin anfang anfangspasswort april august auto baby bachelor benutzer berlin
    bitte blume bremen computer danke dezember dich dein deutschland du erstsemester
    februar fruehling frühling fussball fußball ferien geheim geheimnis hallo hamburg
    hannover haus heute herbst hund ich initial initialpasswort januar jetzt juli juni
    kaffee katze kein konto lieb liebe lüneburg lueneburg mai maerz märz mama master
    maus mein meine nein neu neues november oktober papa passwort password portal
    prinzessin qwertz schatz schalke schule semester september sommer sommersemester
    sonne start stern student studentin studieren studium test testen universität
    universitaet uni werder willkommen winter wintersemester wlan welcome zuhause
    """.split()  # noqa: SIM905 - a list that people read and add to
)
_REPEATED = re.compile(r"(.{1,16}?)\1{2,}|(.{3,16}?)\2")
_SCHEME = re.compile(r"\{[\w./-]+\}")

# Rows of German and English keyboards, then their columns one after the other.
_WALKS = (
    "qwertzuiopü+",
    "asdfghjklöä#",
    "<yxcvbnm,.-",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    '!"§$%&/()=?',
    "!@#$%^&*()_+",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik,9ol.",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
    "qaywsxedcrfvtgbzhnujm",
    "qazwsxedcrfvtgbyhnujm",
)
_SERIES = ("abcdefghijklmnopqrstuvwxyz", "012345678901234567890")


class Habit(StrEnum):
    """What fingers do by themselves."""

    KEYBOARD = "keyboard"
    SEQUENCE = "sequence"
    REPETITION = "repetition"


def undisguised(text: str) -> tuple[str, ...]:
    """Give the text as it is, then with letters for the digits that stand for them."""
    return (text, *(text.translate(disguise) for disguise in _DISGUISES))


def is_common(password: str) -> bool:
    """Say whether the password, or it without a few digits and signs, is on a list.

    So is one that is made of such words and digits alone, however they are joined, and
    of fewer than four of them: "password password", "Willkommen2026".
    """
    plain = password.casefold().strip()
    cores = {plain, _TRIMMINGS.sub("", plain), _TAIL.sub("", plain)}
    listed = _listed(settings.PASSWORD_BLOCKLIST_FILE)
    return _only_listed_words(plain, listed) or any(
        reading in listed
        for core in cores
        if len(plain) - len(core) <= _MOST_TRIMMINGS
        for reading in undisguised(core)
    )


def _only_listed_words(plain: str, listed: frozenset[str]) -> bool:
    words = {word for word in _BETWEEN.split(plain) if word}
    return any(_consists(form, listed) for form in _forms(words))


def _forms(words: set[str]) -> Iterator[set[str]]:
    """Give the different words: as they are, undisguised, and without their digits."""
    yield words
    for index in range(len(_DISGUISES)):
        yield {word.translate(_DISGUISES[index]) for word in words}
    yield {part for word in words for part in _DIGITS.split(word) if part}


def _consists(words: set[str], listed: frozenset[str]) -> bool:
    counts = [_fewest(w, listed) for w in words if not w.isdigit()]
    return bool(counts) and all(counts) and sum(counts) <= _MOST_LISTED


def _fewest(word: str, listed: frozenset[str]) -> int:
    """Say of how few listed words a word consists; nothing: of none."""
    # fewest[n]: for the first n letters; a word of one or two letters is too short.
    fewest = [0] + [0] * len(word)
    for end in range(_SHORTEST, len(word) + 1):
        options = [
            fewest[start] + 1
            for start in range(end - _SHORTEST + 1)
            if (start == 0 or fewest[start])
            and (word[start:end] in listed or word[start:end] in _EXPECTED)
        ]
        fewest[end] = min(options, default=0)
    return fewest[len(word)]


def is_scheme(password: str) -> bool:
    """Say whether a directory could take the password for a hash, like {SSHA}…."""
    return _SCHEME.match(password) is not None


def predictable(password: str) -> tuple[Habit, ...]:
    """Give the habits that together fill at least half of the password."""
    plain = password.casefold()
    places = {
        Habit.KEYBOARD: set(_places_of_runs(plain, _runs(_WALKS))),
        Habit.SEQUENCE: set(_places_of_runs(plain, _runs(_SERIES))),
        Habit.REPETITION: set(_places_of_repetition(plain)),
    }
    compact = _BETWEEN.sub("", plain)
    if 2 * len(set(_places_of_repetition(compact))) >= len(compact) > 0:
        return (Habit.REPETITION,)
    if 2 * len(set().union(*places.values())) < len(plain):
        return ()
    return tuple(habit for habit, found in places.items() if found)


def _places_of_runs(plain: str, runs: frozenset[str]) -> Iterator[int]:
    for start in range(len(plain) - _RUN + 1):
        if plain[start : start + _RUN] in runs:
            yield from range(start, start + _RUN)


def _places_of_repetition(plain: str) -> Iterator[int]:
    variety = len(set(plain))
    if variety < _LEAST_VARIETY and len(plain) > 2 * variety:
        yield from range(len(plain))
    for repeated in _REPEATED.finditer(plain):
        if len(repeated[0]) >= _RUN:
            yield from range(*repeated.span())


@cache
def _runs(lines: tuple[str, ...]) -> frozenset[str]:
    """Give every run of four along the lines, forward and backward."""
    return frozenset(
        line[start : start + _RUN]
        for forward in lines
        for line in (forward, forward[::-1])
        for start in range(len(line) - _RUN + 1)
    )


@cache
def _listed(own_file: str) -> frozenset[str]:
    """Read Django's list, and the installation's own: one password a line, UTF-8."""
    listed = frozenset(CommonPasswordValidator().passwords)
    if not own_file:
        return listed
    lines = Path(own_file).read_text(encoding="utf-8").splitlines()
    return listed | {line.strip().casefold() for line in lines if line.strip()}
