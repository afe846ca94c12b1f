"""Tickets live in another system; here stands their number, as a link."""

from urllib.parse import quote

from django.conf import settings
from django.core.checks import CheckMessage, Error

PLACE = "{number}"


def address_of(number: str) -> str:
    """Give the page of a ticket; nothing where nobody said where tickets are."""
    template = str(settings.TICKET_URL_TEMPLATE)
    return template.replace(PLACE, quote(number, safe="")) if number else ""


def check_template(**_apps: object) -> list[CheckMessage]:
    """Say at the start what is wrong with the setting."""
    template = str(settings.TICKET_URL_TEMPLATE)
    if not template or (template.startswith("https://") and PLACE in template):
        return []
    said = f"TICKET_URL_TEMPLATE must begin with https:// and hold {PLACE}."
    return [Error(said, id="helpdesk.E001")]
