"""The services as this installation shows them: our rows, its addresses."""

import logging
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts.catalogue.service import ADDRESS_UNKNOWN, Link, Service
from accounts.catalogue.services_file import OFFERED, ServicesFileRefused, read

log = logging.getLogger(__name__)


def services() -> tuple[Service, ...]:
    """Give every service and everybody who helps, in the order of the list."""
    return _services(
        settings.SERVICES_FILE, settings.MAIL_WEB_URL, settings.HELP_DESK_MAIL
    )


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
def _services(file: str, web_mail: str, help_desk: str) -> tuple[Service, ...]:
    try:
        rows = _read(file) if file else tuple(OFFERED.values())
    except ServicesFileRefused as refusal:
        # No page fails for it: addresses that nobody knows are asked for.
        log.error("SERVICES_FILE: %s", " ".join(refusal.faults))  # noqa: TRY400
        rows = tuple(OFFERED.values())
    known: dict[str, dict[str, object]] = {
        "email": {"open": Link(de=web_mail, en=web_mail)} if web_mail else {},
        "miz": {"mail": help_desk},
    }
    return tuple(_filled(row, known.get(row.key, {})) for row in rows)


def _filled(row: Service, known: dict[str, object]) -> Service:
    """Put in what other settings say, where the file says nothing."""
    empty = {ADDRESS_UNKNOWN, "", None}
    gaps = {name: value for name, value in known.items() if getattr(row, name) in empty}
    return replace(row, **gaps)  # type: ignore[arg-type]


def _read(file: str) -> tuple[Service, ...]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError as gone:
        message = f"{file} cannot be read: {gone.strerror}."
        raise ServicesFileRefused(message) from gone
    except UnicodeDecodeError as wrong:
        raise ServicesFileRefused(f"{file} is not written in UTF-8.") from wrong
    return read(text)
