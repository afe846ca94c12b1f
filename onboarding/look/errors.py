"""Pages for things that went wrong and are nobody's fault."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TRY_AGAIN_SECONDS = 60


def directory_silent(request: HttpRequest) -> HttpResponse:
    """Say that the account directory does not answer, and what to do meanwhile."""
    response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response
