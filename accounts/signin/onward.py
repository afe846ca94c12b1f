"""Where somebody goes on to who was asked to sign in, or to prove who it is."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

# Addresses that are no page to come back to.
_NO_PAGES = frozenset(
    {"signin:sign_in", "signin:sign_out", "signin:stay", "signin:again"}
)


def wanted(request: HttpRequest) -> str:
    """Give the address that somebody wanted, as it was said; empty where none was."""
    return request.POST.get("next") or request.GET.get("next") or ""


def onward(request: HttpRequest) -> str:
    """Give the page to go to now: the wanted one if it is ours, else the journey."""
    target = wanted(request)
    return target if _is_a_page(target) else reverse("journey:journey")


def _is_a_page(target: str) -> bool:
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return False
    try:
        page = resolve(urlsplit(target).path)
    except (Resolver404, ValueError):
        return False
    return page.view_name not in _NO_PAGES
