"""Headers that every page carries, and a page where there would be none."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

# What no page of the portal asks a browser for; a page that does says so itself.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SettledPolicy(CSPMiddleware):
    """django-csp's middleware; puts the policy of the settings together only once.

    A page with a policy or a nonce of its own gets all that django-csp does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Read the settings."""
        super().__init__(get_response)
        self._policy = build_policy()
        self._plain = (
            not build_policy(report_only=True)
            and not settings.CONTENT_SECURITY_POLICY.get("EXCLUDE_URL_PREFIXES")
            and not settings.DEBUG
        )

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Send the policy."""
        if not self._plain or _of_its_own(request) or _of_its_own(response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        return response


def _of_its_own(one: HttpRequest | HttpResponseBase) -> bool:
    return any(name.startswith("_csp") for name in vars(one))


def quiet_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of shared caches, and personal ones out of every cache."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", _keeping(request))
        return response

    return respond


def led_to_the_button(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show whoever looks at the address of an act the way to its page.

    Reloading, or changing the language after a refusal, leads to such an address.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        refused = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if not refused or request.method not in SAFE_METHODS:
            return response
        context = {"page": _page_above(request.path)}
        page = render(request, "405.html", context, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return respond


def _page_above(path: str) -> str:
    above = path.rstrip("/").rpartition("/")[0] + "/"
    try:
        resolve(above)
    except Resolver404:
        return "/"
    return above


def _keeping(request: HttpRequest) -> str:
    # After signing out on a shared computer, "back" must not show the page again.
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    if signed_in or request.method not in SAFE_METHODS:
        return "no-store"
    return "private, no-cache"
