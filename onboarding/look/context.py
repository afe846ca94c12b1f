"""What every template may know."""

import re
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


class HelpDesk(TypedDict):
    """Where people get help from people."""

    mail: str
    phone: str
    # As a telephone dials it (RFC 3966).
    dialled: str
    place: str


class Surroundings(TypedDict):
    """The values that base.html and the public pages use."""

    demo: bool
    help_desk: HelpDesk
    privacy_mail: str
    accessibility_mail: str
    mail_domain: str
    terms_version: str
    privacy_version: str
    session_seconds: "SimpleLazyObject[int]"


def surroundings(request: HttpRequest) -> Surroundings:
    """Say where the portal runs and who helps, without a query of the database."""
    return {
        "demo": getattr(settings, "DEMO", False),
        "help_desk": {
            "mail": settings.HELP_DESK_MAIL,
            "phone": _in_one_line(settings.HELP_DESK_PHONE),
            "dialled": _dialled(settings.HELP_DESK_PHONE),
            "place": settings.HELP_DESK_PLACE,
        },
        "privacy_mail": settings.DATA_PROTECTION_MAIL,
        "accessibility_mail": settings.ACCESSIBILITY_MAIL,
        "mail_domain": settings.MAIL_DOMAIN,
        "terms_version": settings.TERMS_VERSION,
        "privacy_version": settings.PRIVACY_VERSION,
        "session_seconds": SimpleLazyObject(lambda: _session_seconds(request)),
    }


def _in_one_line(number: str) -> str:
    """Keep a number together where a line would end in it (no-break space, U+00A0)."""
    return number.replace(" ", "\u00a0")


def _dialled(number: str) -> str:
    """Give the digits alone; a zero in brackets is for callers from here."""
    return re.sub(r"[^+\d]", "", number.replace("(0)", ""))


def _session_seconds(request: HttpRequest) -> int:
    return request.session.get_expiry_age()
