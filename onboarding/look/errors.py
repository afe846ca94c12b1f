"""Pages for things that went wrong and are nobody's fault."""

import sys
from http import HTTPStatus
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

TRY_AGAIN_SECONDS = 60


def directory_silent(request: HttpRequest) -> HttpResponse:
    """Say that the account directory does not answer, and what to do meanwhile."""
    response = render(
        request,
        "503.html",
        {"again": _where_to_try_again(request)},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer what no view caught: 503 where the database is away or busy, else 500.

    Django calls it while the exception is handled, and logs that with its trace. The
    page asks nobody anything, as the database would have to answer.
    """
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    response = HttpResponse(
        render_to_string("busy.html"), status=HTTPStatus.SERVICE_UNAVAILABLE
    )
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _where_to_try_again(request: HttpRequest) -> str:
    """Give the page that was asked for; for something sent, the one with the button."""
    if request.method in {"GET", "HEAD"}:
        return request.path
    before = urlsplit(request.headers.get("Referer", ""))
    ours = before.netloc == request.get_host()
    return before.path if ours else request.path
