"""The elements that pages are made of; README.md beside the room shows each."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from onboarding.look.moments import in_words

register = template.Library()

PAGES_BESIDE = 2
LIVE_RULES = frozenset(
    {"length", "ascii", "account", "initial", "not-account", "not-initial"}
)


def _element(name: str, **values: object) -> SafeString:
    drawn: SafeString = _template(name).render(values)
    return drawn


@cache
def _template(name: str) -> Any:
    return get_template(f"elements/{name}.html")


# --- Words on a page ------------------------------------------------------------


@register.simple_block_tag
def lead(content: str) -> SafeString:
    """Set the first sentences of a page larger."""
    return _element("lead", content=content)


@register.simple_block_tag
def notice(content: str, kind: str, title: str = "", *, level: int = 0) -> SafeString:
    """Set a notice apart: info, success, warning, danger or waiting."""
    tag = f"h{level}" if level else "p"
    return _element("notice", content=content, kind=kind, title=title, tag=tag)


@register.simple_block_tag
def details(content: str, summary: str, *, opened: bool = False) -> SafeString:
    """Fold away what only some people need."""
    return _element("details", content=content, summary=summary, opened=opened)


@register.simple_block_tag
def panel(content: str, title: str = "", *, level: int = 2) -> SafeString:
    """Put something on a quiet sheet of its own."""
    return _element("panel", content=content, title=title, tag=f"h{level}")


@register.inclusion_tag("elements/badge.html")
def badge(kind: str, label: str) -> dict[str, object]:
    """Name a state in one or two words."""
    return {"kind": kind, "label": label}


@register.inclusion_tag("elements/icon.html")
def icon(name: str) -> dict[str, object]:
    """Draw one of KERN's icons, for the eye only."""
    return {"name": name}


@register.inclusion_tag("elements/copyable.html")
def copyable(text: object, label: str = "") -> dict[str, object]:
    """Show a fact so that it can be copied with one press."""
    return {"text": str(text), "label": label}


@register.inclusion_tag("elements/moment.html")
def moment(when: datetime) -> dict[str, object]:
    """Give a time in both ways: how far away, and on which day at what time."""
    return {"when": when, "words": in_words(when, now=timezone.now())}


@register.inclusion_tag("elements/progress.html")
def progress(value: int, most: int, label: str) -> dict[str, object]:
    """Show how much of a known amount is done."""
    return {"value": value, "most": most, "label": label}


# --- What comes next ------------------------------------------------------------


@register.simple_block_tag
def next_step(
    content: str, title: str, eyebrow: str = "", kind: str = "here"
) -> SafeString:
    """Make one thing the next thing; ``kind`` is here, waiting or problem."""
    return _element(
        "next_step", content=content, title=title, eyebrow=eyebrow, kind=kind
    )


@register.simple_block_tag
def doors(content: str) -> SafeString:
    """Lay doors side by side where there is room."""
    return _element("doors", content=content)


@register.simple_block_tag
def door(
    content: str, url: str, title: str, kind: str = "plain", level: int = 2
) -> SafeString:
    """Offer one of several ways on; ``kind`` is main or plain."""
    tag = f"h{level}"
    return _element("door", content=content, url=url, title=title, kind=kind, tag=tag)


@register.simple_block_tag
def lines(content: str) -> SafeString:
    """Lay the strands of a journey beside each other."""
    return _element("lines", content=content)


@register.simple_block_tag
def strand(content: str, title: str, line: str = "account") -> SafeString:
    """Draw one line of stations; ``line`` (account or card) chooses its colour."""
    return _element("strand", content=content, title=title, line=line)


@register.simple_block_tag
def station(  # noqa: PLR0913 - a station has that many sides
    content: str,
    standing: str | Enum,
    title: str,
    *,
    url: str = "",
    extra: object = None,
    said: object = None,
) -> SafeString:
    """Draw one station: done, here, waiting, later or problem.

    ``said`` marks what is done by the student's own word alone.
    """
    kind = standing.value if isinstance(standing, Enum) else standing
    note = content if content.strip() else ""
    sides = {"url": url, "extra": extra, "said": said}
    return _element("station", content=note, kind=kind, title=title, **sides)


# --- Buttons and ways through the pages -----------------------------------------


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """Set buttons beside each other."""
    return _element("actions", content=content)


@register.inclusion_tag("elements/button.html")
def button(
    label: str, kind: str = "primary", name: str = "", value: str = "", busy: str = ""
) -> dict[str, object]:
    """Send the form; ``busy`` is what the button says while it is sent."""
    return {"label": label, "kind": kind, "name": name, "value": value, "busy": busy}


@register.inclusion_tag("elements/link_button.html")
def link_button(url: str, label: str, kind: str = "primary") -> dict[str, object]:
    """Lead on to another page, looking like a button."""
    return {"url": url, "label": label, "kind": kind}


@register.inclusion_tag("elements/post_button.html", takes_context=True)
def post_button(
    context: Context, url: str, label: str, kind: str = "secondary"
) -> dict[str, object]:
    """Do one thing with one press, in a form of its own."""
    token = context.get("csrf_token")
    return {"url": url, "label": label, "kind": kind, "csrf_token": token}


@register.inclusion_tag("elements/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, object]:
    """Lead back."""
    return {"url": url, "label": label}


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """Say where a page of the staff stands."""
    return _element("breadcrumbs", content=content)


@register.inclusion_tag("elements/crumb.html")
def crumb(label: str, url: str = "") -> dict[str, object]:
    """Name one page of the way; the last one has no address."""
    return {"label": label, "url": url}


@register.inclusion_tag("elements/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[object]) -> dict[str, object]:
    """Lead through the pages of a list, keeping the rest of the address."""
    pages = page.paginator
    numbers = pages.get_elided_page_range(page.number, on_each_side=PAGES_BESIDE)
    return {"page": page, "numbers": numbers, "request": context.get("request")}


# --- Facts in rows --------------------------------------------------------------


@register.simple_block_tag
def summary_list(content: str) -> SafeString:
    """List facts by name."""
    return _element("summary_list", content=content)


@register.simple_block_tag
def summary_row(content: str, key: str, change_url: str = "") -> SafeString:
    """Name one fact, with a way to change it."""
    return _element("summary_row", content=content, key=key, change_url=change_url)


@register.simple_block_tag
def table(content: str, caption: str, *, quiet_caption: bool = False) -> SafeString:
    """Give plain ``thead`` and ``tbody`` a caption and room to scroll."""
    return _element("table", content=content, caption=caption, quiet=quiet_caption)


# --- Forms and live pages -------------------------------------------------------


@register.inclusion_tag("elements/error_summary.html", takes_context=True)
def error_summary(context: Context, *forms: BaseForm) -> dict[str, object]:
    """List what has to be put right, each with a link to its field."""
    return {"forms": _mistaken(context, forms)}


@register.simple_tag(takes_context=True)
def has_errors(context: Context, *forms: BaseForm) -> bool:
    """Tell whether a form of the page was sent back."""
    return bool(_mistaken(context, forms))


def _mistaken(context: Context, forms: Iterable[BaseForm]) -> list[BaseForm]:
    shown: list[object] = [*forms] or [context.get("form")]
    return [form for form in shown if isinstance(form, BaseForm) and form.errors]


@register.simple_block_tag
def password_rules(
    content: str, field: str, account: str = "", initial: str = ""
) -> SafeString:
    """List the rules of a new password; scripts tick them while somebody types."""
    return _element(
        "password_rules", content=content, field=field, account=account, initial=initial
    )


@register.simple_block_tag
def rule(
    content: str, kind: str = "", least: int = 0, most: int = 0, field: str = ""
) -> SafeString:
    """Say one rule; scripts judge length, ascii, account and initial, we the others."""
    length = kind == "length"
    return _element(
        "rule",
        content=content,
        kind=kind,
        live=kind in LIVE_RULES,
        least=least or (length and settings.PASSWORD_LEAST),
        most=most or (length and settings.PASSWORD_MOST),
        field=field,
    )


@register.inclusion_tag("elements/letter_fragment.html")
def letter_fragment(account: str, secret: str) -> dict[str, object]:
    """Take what the letter's QR code brought into the fields with these ids."""
    return {"account": account, "secret": secret}


@register.inclusion_tag("elements/live_status.html")
def live_status(
    url: str, version: object, *, patient: bool = True
) -> dict[str, object]:
    """Ask for news while something is being set up, and renew the page then.

    Where nothing ever ends (``patient`` is false), nobody is told that it takes long.
    """
    return {"url": url, "version": version, "patient": patient}


@register.inclusion_tag("elements/script.html")
def script(name: str) -> dict[str, object]:
    """Load a module; browsers run one that is named twice only once."""
    return {"source": f"look/{name}.js"}
