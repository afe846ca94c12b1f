"""The demo's mail, for whoever sits at this machine."""

from csp.constants import NONE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onboarding.demo import mail


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    return render(request, "demo/inbox.html", {"mails": mail.newest()})


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail's text."""
    return render(request, "demo/mail.html", {"mail": _mail(name)})


# A mail brings its own styles; it runs nothing, loads nothing and sends nothing.
@csp(  # type: ignore[arg-type] # typed for views without arguments
    {
        "default-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "sandbox": True,
    }
)
@require_safe
def as_html(_request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail's HTML by itself, as a mail program would."""
    return HttpResponse(_mail(name).html)


def _mail(name: str) -> mail.Mail:
    found = mail.find(name)
    if found is None:
        raise Http404
    return found
