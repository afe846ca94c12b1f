"""What each column may hold; a cell becomes a value, or a sentence says why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from accounts.people.models import Language
from accounts.people.naming import foreign_characters, normalise
from onboarding.enrolment.layout import Layout, a_birth_date, a_date
from onboarding.enrolment.models import School, Status
from onboarding.enrolment.wording import Sentence

OLDEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
NO_GROUP = 0
LONGEST_GROUP = 4

MISSING = Sentence(gettext_noop("This cell must not be empty."))
LINE_BREAK = Sentence(gettext_noop("There is a line break in this cell."))
UNREADABLE = gettext_noop("These bytes are no text in the encoding %(encoding)s.")


class CellRefused(Exception):
    """A cell that cannot be used, and why."""

    def __init__(self, reason: Sentence) -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason = reason


class Unreadable(CellRefused):
    """A cell in another encoding than the file's."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What the columns need to know beside their cell."""

    layout: Layout
    today: date

    def read(self, column: str, text: str) -> Any:
        """Give the column's value; raises CellRefused."""
        text = self._cleaned(text)
        mapped = self.layout.values.get(column)
        if mapped:
            text = mapped.get(text, text)
        return CHECKS[column](text, self)

    def _cleaned(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text.strip(" ")
        if any("\udc80" <= sign <= "\udcff" for sign in text):
            raise Unreadable(Sentence(UNREADABLE, {"encoding": self.layout.encoding}))
        if "\n" in text or "\r" in text:
            raise CellRefused(LINE_BREAK)
        return normalise(text)


def _text(most: int, *, needed: bool = False) -> Callable[[str, Reader], str]:
    def check(text: str, _: Reader) -> str:
        if not text and needed:
            raise CellRefused(MISSING)
        if len(text) > most:
            raise CellRefused(_too_long(text, most))
        if not text.isprintable():
            raise CellRefused(_unprintable(text))
        return text

    return check


def _name(text: str, _: Reader) -> str:
    if len(text) > 255:  # noqa: PLR2004 - what a name's column holds
        raise CellRefused(_too_long(text, 255))
    foreign = foreign_characters(text)
    if not foreign:
        return text
    raise CellRefused(
        Sentence(
            gettext_noop(
                "This name holds characters that DIN 91379 does not provide for:"
                " %(characters)s."
            ),
            {"characters": _listed(foreign)},
        )
    )


def _listed(foreign: tuple[Any, ...]) -> str:
    first = [f"{one.code_point} {one.name} ({one.position})" for one in foreign[:5]]
    return ", ".join(first) + (" …" if len(foreign) > len(first) else "")


def _matching(pattern: str, reason: str) -> Callable[[str, Reader], str]:
    compiled = re.compile(pattern)

    def check(text: str, _: Reader) -> str:
        if text and not compiled.fullmatch(text):
            raise CellRefused(Sentence(reason))
        return text

    return check


def _account_name(text: str, _: Reader) -> str:
    if not text:
        return ""
    name = text.lower() if text.isascii() else text
    if not re.fullmatch(settings.ACCOUNT_NAME_PATTERN, name):
        raise CellRefused(
            Sentence(gettext_noop("This is not how an account name is written."))
        )
    return name


def _date(text: str, reader: Reader) -> date:
    if not text:
        raise CellRefused(MISSING)
    day = _day(text, reader.layout.dates)
    if day is None or not OLDEST <= day <= LATEST:
        raise CellRefused(_no_date(reader.layout.dates))
    return day


# A cohort has few different days of beginning.
_day = lru_cache(maxsize=1024)(a_date)


def _birth_date(text: str, reader: Reader) -> str:
    if not text:
        return ""
    born = a_birth_date(text, reader.layout.dates)
    if born is None or born < OLDEST.isoformat():
        raise CellRefused(_no_date(reader.layout.dates))
    if born > reader.today.isoformat():
        raise CellRefused(
            Sentence(gettext_noop("This date of birth lies in the future."))
        )
    return born


def _one_of(choices: list[str], *, needed: bool = True) -> Callable[[str, Reader], str]:
    def check(text: str, _: Reader) -> str:
        if text in choices or not (text or needed):
            return text
        if not text:
            raise CellRefused(MISSING)
        raise CellRefused(
            Sentence(
                gettext_noop("“%(value)s” is not known here; known are %(choices)s."),
                {"value": _shown(text), "choices": ", ".join(choices)},
            )
        )

    return check


def _whole_number(least: int, most: int) -> Callable[[str, Reader], int]:
    pattern = re.compile(f"[0-9]{{1,{len(str(most))}}}")

    def check(text: str, _: Reader) -> int:
        number = int(text) if pattern.fullmatch(text) else least - 1
        if not least <= number <= most:
            raise CellRefused(
                Sentence(
                    gettext_noop("This must be a number from %(least)d to %(most)d."),
                    {"least": least, "most": most},
                )
            )
        return number

    return check


def _tutor_group(text: str, reader: Reader) -> int:
    return _group(text, reader) if text else NO_GROUP


def _confidential(text: str, _: Reader) -> bool:
    if text not in {"", "0", "1"}:
        raise CellRefused(
            Sentence(gettext_noop("This must be 1 (disclosure blocked) or empty."))
        )
    return text == "1"


def _shown(text: str) -> str:
    short = text[:40] + ("…" if len(text) > 40 else "")  # noqa: PLR2004 - as it looks
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in short)


def _too_long(text: str, most: int) -> Sentence:
    return Sentence(
        gettext_noop("This is %(length)d characters long; %(most)d are possible."),
        {"length": len(text), "most": most},
    )


def _unprintable(text: str) -> Sentence:
    sign = next(sign for sign in text if not sign.isprintable())
    return Sentence(
        gettext_noop("This cell holds an invisible character (%(code_point)s)."),
        {"code_point": f"U+{ord(sign):04X}"},
    )


def _no_date(dates: str) -> Sentence:
    return Sentence(
        gettext_noop("This is no date of the calendar, written %(dates)s."),
        {"dates": dates},
    )


_group = _whole_number(1, 9999)

CHECKS: Mapping[str, Callable[[str, Reader], Any]] = {
    "person_key": _text(64, needed=True),
    "matriculation_no": _matching(
        r"[0-9]{5,8}", gettext_noop("A matriculation number has 5 to 8 digits.")
    ),
    "account_name": _account_name,
    "given_names": _name,
    "family_name": _name,
    "chosen_name": _name,
    "birth_date": _birth_date,
    "private_email": _matching(
        r"(?=.{3,254}$)[^@\s\x00-\x20<>(),;:\\\"]+@[^@\s\x00-\x20<>(),;:\\\"]+"
        r"\.[^@\s\x00-\x20<>(),;:\\\".]+",
        gettext_noop("This is not an e-mail address."),
    ),
    "mobile": _matching(
        r"\+?[0-9][0-9 ()/.\-]{2,30}", gettext_noop("This is not a phone number.")
    ),
    "degree": _text(64, needed=True),
    "programme": _text(255, needed=True),
    "school": _one_of(School.values),
    "faculty": _text(128),
    "study_start": _date,
    "semester_no": _whole_number(1, 99),
    "status": _one_of(Status.values),
    "status_date": _date,
    "preferred_language": _one_of(Language.values, needed=False),
    "tutor_group": _tutor_group,
    "confidential": _confidential,
}
