"""The app as phones keep it: which files belong to it, and which version they are."""

import hashlib
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
_MODULES = (
    "app",
    "feel",
    "handing",
    "looking",
    "more",
    "numbers",
    "register",
    "roster",
    "scanner",
    "sending",
    "stage",
    "store",
    "tiles",
    "words",
)
_SIGNS = 10


def files() -> list[str]:
    """Give the address of every file of the app."""
    pages = [reverse("handout:app", args=[language]) for language in LANGUAGES]
    modules = [static(f"handout/{name}.js") for name in _MODULES]
    others = ("handout/handout.css", "zxing/index.js", "zxing/zxing_reader.wasm")
    return [
        *pages,
        reverse("handout:manifest"),
        *modules,
        *(static(name) for name in (*others, "look/mark.svg")),
    ]


@cache
def version() -> str:
    """Name the version of all of it: another as soon as anything is different."""
    whole = [settings.RELEASE, *files(), render_to_string("handout/sw.js")]
    whole += [page(language, version="") for language in LANGUAGES]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()[:_SIGNS]


def page(language: str, *, version: str) -> str:
    """Give the app's one page in a language; it is everybody's, and names nobody."""
    with override(language):
        return render_to_string("handout/app.html", {"version": version})
