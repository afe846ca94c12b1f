"""The services as this installation shows them: our rows, its addresses."""

import logging
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts.catalogue.service import ADDRESS_UNKNOWN, Link, Service
from accounts.catalogue.services_file import OFFERED, PAGES, ServicesFileRefused, read

log = logging.getLogger(__name__)

# What other settings say, where the file says nothing: service, field, setting.
ELSEWHERE = (
    ("email", "open", "MAIL_WEB_URL"),
    ("moodle", "open", "MOODLE_PAGE_URL"),
    ("lux", "open", "LIBRARY_ACCOUNT_URL"),
    ("library", "more", "LIBRARY_PAGE_URL"),
    ("library", "mail", "LIBRARY_DESK_MAIL"),
    ("miz", "mail", "HELP_DESK_MAIL"),
)


def services() -> tuple[Service, ...]:
    """Give every service and everybody who helps, in the order of the list."""
    elsewhere = tuple(
        (key, field, getattr(settings, name)) for key, field, name in ELSEWHERE
    )
    return _services(settings.SERVICES_FILE, elsewhere)


def service(key: str) -> Service | None:
    """Give one of them, where this installation has it."""
    return next((one for one in services() if one.key == key), None)


def check_services_file(**_apps: object) -> list[CheckMessage]:
    """Say at the start, in words, what is wrong with the file."""
    if not settings.SERVICES_FILE:
        return []
    try:
        _read(settings.SERVICES_FILE)
    except ServicesFileRefused as refusal:
        return [
            Error(f"SERVICES_FILE: {fault}", id="catalogue.E001")
            for fault in refusal.faults
        ]
    return []


@lru_cache(maxsize=4)
def _services(
    file: str, elsewhere: tuple[tuple[str, str, str], ...]
) -> tuple[Service, ...]:
    try:
        rows = _read(file) if file else tuple(OFFERED.values())
    except ServicesFileRefused as refusal:
        # No page fails for it: addresses that nobody knows are asked for.
        log.error("SERVICES_FILE: %s", " ".join(refusal.faults))  # noqa: TRY400
        rows = tuple(OFFERED.values())
    filled = {row.key: row for row in rows}
    for key, field, value in elsewhere:
        row = filled.get(key)
        if row and value and getattr(row, field) in {ADDRESS_UNKNOWN, None, ""}:
            said = Link(de=value, en=value) if field in PAGES else value
            filled[key] = replace(row, **{field: said})  # type: ignore[arg-type]
    return tuple(filled.values())


def _read(file: str) -> tuple[Service, ...]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError as gone:
        message = f"{file} cannot be read: {gone.strerror}."
        raise ServicesFileRefused(message) from gone
    except UnicodeDecodeError as wrong:
        raise ServicesFileRefused(f"{file} is not written in UTF-8.") from wrong
    return read(text)
