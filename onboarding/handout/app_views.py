"""The tutors' app itself: files that are everybody's and say nothing of anybody."""

import json
from collections.abc import Callable

from csp.decorators import csp_update
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onboarding.handout import shell
from onboarding.look.middleware import PERMISSIONS

View = Callable[..., HttpResponseBase]


def in_the_hall(view: View) -> View:
    """Let the app read codes with the camera, and put itself on the phone.

    The reader is WebAssembly; the policy ``portal`` lets our own service worker be
    registered and nothing else. No other page of the portal may do either.
    """
    wider = csp_update(
        {"script-src": ["'wasm-unsafe-eval'"], "trusted-types": "portal"}
    )

    def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        camera = PERMISSIONS.replace("camera=()", "camera=(self)")
        response["Permissions-Policy"] = camera
        return response

    return wider(seen)


@require_safe
def start(_request: HttpRequest) -> HttpResponse:
    """Lead to the app in the language of the moment."""
    return redirect("handout:app", get_language() or "de")


@require_safe
@in_the_hall
def app(_request: HttpRequest, language: str) -> HttpResponse:
    """Give the app's one page."""
    if language not in shell.LANGUAGES:
        raise Http404
    return HttpResponse(shell.page(language, version=shell.version()))


@require_safe
@in_the_hall
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, which keeps exactly this version on the phone."""
    context = {"version": shell.version(), "shell": json.dumps(shell.files())}
    response = render(request, "handout/sw.js", context, content_type="text/javascript")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say what the app is called and looks like on a phone's home screen."""
    icons = [
        {
            "src": static(f"handout/icon-{size}.png"),
            "type": "image/png",
            "sizes": f"{size}x{size}",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    told = {
        "id": "/handout/",
        "name": _("Handing out cards"),
        "short_name": _("Cards"),
        "start_url": reverse("handout:start"),
        "scope": reverse("handout:start"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ffffff",
        "theme_color": "#00363d",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
