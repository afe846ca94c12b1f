"""How a file is laid out: ours by default, another house's by a TOML mapping."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_noop

from onboarding.enrolment.wording import FileRefused, Sentence

COLUMNS = (
    "person_key",
    "matriculation_no",
    "account_name",
    "given_names",
    "family_name",
    "chosen_name",
    "birth_date",
    "private_email",
    "mobile",
    "degree",
    "programme",
    "school",
    "faculty",
    "study_start",
    "semester_no",
    "status",
    "status_date",
    "preferred_language",
    "tutor_group",
    "confidential",
)
# What another layout may lack; what it does not say is left as it is.
MAY_BE_MISSING = frozenset(
    {
        "matriculation_no",
        "account_name",
        "chosen_name",
        "birth_date",
        "private_email",
        "mobile",
        "faculty",
        "preferred_language",
        "tutor_group",
        "confidential",
    }
)
# Encodings in which a line end is a byte of its own.
ENCODINGS = ("utf-8", "cp1252", "iso-8859-1", "iso-8859-15")
ALSO_CALLED = {"utf8": "utf-8", "windows-1252": "cp1252", "latin-1": "iso-8859-1"}
SEPARATORS = (";", ",", "\t", "|")
KEYS = ("encoding", "separator", "dates", "ignore", "columns", "constants", "values")
ISO = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns by our names, and how their cells are written."""

    encoding: str = "utf-8"
    separator: str = ";"
    dates: str = ISO
    columns: Mapping[str, str] = field(
        default_factory=lambda: {name: name for name in COLUMNS}
    )
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()

    def name_of(self, column: str) -> str:
        """Give the name that the file itself has for one of our columns."""
        return self.columns.get(column, column)


OURS = Layout()


def read_layout(text: str) -> Layout:
    """Read a mapping file; raises FileRefused with all that is wrong with it."""
    try:
        mapping = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise FileRefused(
            Sentence(
                gettext_noop("The layout is not valid TOML: %(what)s."),
                {"what": str(wrong).rstrip(".")},
            )
        ) from wrong
    faults = list(_faults(mapping))
    if faults:
        raise FileRefused(*faults)
    encoding = str(mapping.get("encoding", "utf-8")).lower()
    return Layout(
        encoding=ALSO_CALLED.get(encoding, encoding),
        separator=mapping.get("separator", ";"),
        dates=mapping.get("dates", ISO),
        columns=mapping["columns"],
        constants=mapping.get("constants", {}),
        values=mapping.get("values", {}),
        ignore=frozenset(mapping.get("ignore", ())),
    )


def a_date(text: str, dates: str) -> date | None:
    """Read a whole date that is written as ``dates`` says, else give nothing."""
    found = _pattern(dates).fullmatch(text)
    return _real(**found.groupdict()) if found else None


def a_birth_date(text: str, dates: str) -> str | None:
    """Read a date of birth, whole or partial, as YYYY-MM-DD, YYYY-MM or YYYY.

    Registers know people of whom only the year or the month of birth is recorded. A
    partial date may be written in our way or in the layout's, with the day left out.
    """
    whole = a_date(text, dates)
    if whole:
        return whole.isoformat()
    without_day = re.sub(r"\W?DD$|DD\W?", "", dates)
    for form in (without_day, "YYYY-MM", "YYYY"):
        found = _pattern(form).fullmatch(text)
        if found and _real(**{"day": "01", "month": "01"} | found.groupdict()):
            return "-".join(
                found[part] for part in ("year", "month") if part in found.re.groupindex
            )
    return None


@lru_cache(maxsize=32)
def _pattern(dates: str) -> re.Pattern[str]:
    pattern = re.escape(dates)
    for token, group in (
        ("YYYY", r"(?P<year>[0-9]{4})"),
        ("MM", r"(?P<month>[0-9]{2})"),
        ("DD", r"(?P<day>[0-9]{2})"),
    ):
        pattern = pattern.replace(token, group)
    return re.compile(pattern)


def _real(*, year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _faults(mapping: Mapping[str, object]) -> Iterable[Sentence]:
    for key in mapping.keys() - set(KEYS):
        yield Sentence(
            gettext_noop("The layout's entry “%(key)s” is not known."), {"key": key}
        )
    yield from _plain_faults(mapping)
    ignore = mapping.get("ignore", [])
    if not _is_words(ignore):
        yield _not_as_meant("ignore")
    for table in ("columns", "constants"):
        yield from _table_faults(table, mapping.get(table, {}))
    yield from _value_faults(mapping.get("values", {}))
    yield from _missing(mapping)


def _plain_faults(mapping: Mapping[str, object]) -> Iterable[Sentence]:
    encoding = str(mapping.get("encoding", "utf-8")).lower()
    if ALSO_CALLED.get(encoding, encoding) not in ENCODINGS:
        yield Sentence(
            gettext_noop("The layout's encoding must be one of %(choices)s."),
            {"choices": ", ".join(ENCODINGS)},
        )
    if mapping.get("separator", ";") not in SEPARATORS:
        yield Sentence(
            gettext_noop("The layout's separator must be one of %(choices)s."),
            {"choices": "; , | \\t"},
        )
    dates = mapping.get("dates", ISO)
    text = dates if isinstance(dates, str) else ""
    parts = re.findall(r"YYYY|MM|DD|[A-Za-z0-9]", text)
    if sorted(parts) != ["DD", "MM", "YYYY"]:
        yield Sentence(
            gettext_noop("The layout's dates must be written like DD.MM.YYYY.")
        )


def _table_faults(table: str, entries: object) -> Iterable[Sentence]:
    if not isinstance(entries, dict) or not all(map(_is_text, entries.values())):
        yield _not_as_meant(table)
        return
    yield from _unknown(table, entries)
    names = list(entries.values()) if table == "columns" else []
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Sentence(
            gettext_noop("The layout uses the column “%(column)s” more than once."),
            {"column": name},
        )


def _value_faults(entries: object) -> Iterable[Sentence]:
    if not isinstance(entries, dict) or not all(
        isinstance(values, dict) and all(map(_is_text, values.values()))
        for values in entries.values()
    ):
        yield _not_as_meant("values")
        return
    yield from _unknown("values", entries)


def _unknown(table: str, entries: Mapping[str, object]) -> Iterable[Sentence]:
    for name in entries.keys() - set(COLUMNS):
        yield Sentence(
            gettext_noop("“%(name)s” under %(table)s is no column of the portal."),
            {"name": name, "table": table},
        )


def _missing(mapping: Mapping[str, object]) -> Iterable[Sentence]:
    said: set[str] = set()
    for table in ("columns", "constants"):
        entries = mapping.get(table)
        said |= entries.keys() if isinstance(entries, dict) else set()
    for name in COLUMNS:
        if name not in said and name not in MAY_BE_MISSING:
            yield Sentence(
                gettext_noop("The layout does not say where %(column)s comes from."),
                {"column": name},
            )


def _not_as_meant(key: str) -> Sentence:
    return Sentence(
        gettext_noop("The layout's entry “%(key)s” is not written as it should be."),
        {"key": key},
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))
