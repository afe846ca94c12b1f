"""Headers that every page carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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


def _keeping(request: HttpRequest) -> str:
    # After signing out on a shared computer, "back" must not show the page again.
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    if signed_in or request.method not in SAFE_METHODS:
        return "no-store"
    return "private, no-cache"
