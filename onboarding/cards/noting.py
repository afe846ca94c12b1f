"""Saying once that something was recorded: no address says so, and no reload."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

_RECORDED = "just_recorded"


def recorded(request: HttpRequest, url: str) -> HttpResponseRedirect:
    """Go to the page that says so."""
    request.session[_RECORDED] = url
    return redirect(url)


def just_recorded(request: HttpRequest) -> bool:
    """Say whether this page is to say so; it does once."""
    if request.session.get(_RECORDED) != request.path:
        return False
    del request.session[_RECORDED]
    return True
