"""The file in which an installation says where its pages are: TOML, a table a service.

[wifi]
instructions = { de = "https://…", en = "https://…", intranet = true }

[dean-education]
more = { de = "https://…" }
mail = "dean@…"
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from accounts.catalogue.contacts import CONTACTS
from accounts.catalogue.offer import SERVICES
from accounts.catalogue.service import ADDRESS_UNKNOWN, Link, Service, Wording

OFFERED: Mapping[str, Service] = {one.key: one for one in (*SERVICES, *CONTACTS)}
BODIES = frozenset(one.key for one in CONTACTS)
PAGES = ("open", "more", "instructions")
WORDINGS = {"name": "called", "note": "note"}
ENTRIES = (*PAGES, *WORDINGS, "support", "mail", "hidden")
LANGUAGES = frozenset({"de", "en"})


class ServicesFileRefused(Exception):
    """The file cannot be used; ``faults`` are sentences for whoever wrote it."""

    def __init__(self, *faults: str) -> None:
        """Keep the sentences."""
        super().__init__(*faults)
        self.faults = faults


def read(text: str) -> tuple[Service, ...]:
    """Give what is offered, with what the file says; raises ServicesFileRefused."""
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        message = f"It is not valid TOML: {str(wrong).rstrip('.')}."
        raise ServicesFileRefused(message) from wrong
    faults = tuple(_faults(tables))
    if faults:
        raise ServicesFileRefused(*faults)
    return tuple(
        _with(service, tables.get(key, {}))
        for key, service in OFFERED.items()
        if not tables.get(key, {}).get("hidden", False)
    )


def _with(service: Service, table: Mapping[str, Any]) -> Service:
    said: dict[str, object] = {
        page: _link(getattr(service, page), table[page])
        for page in PAGES
        if page in table
    }
    for name, field in WORDINGS.items():
        if name in table:
            said[field] = Wording(**table[name])
    said |= {name: table[name] for name in ("support", "mail") if name in table}
    return replace(service, **said)  # type: ignore[arg-type]


def _link(known: Link | None, said: Any) -> Link:
    if isinstance(said, str):
        said = dict.fromkeys(LANGUAGES, said)
    return Link(**{"intranet": (known or ADDRESS_UNKNOWN).intranet, **said})


def _faults(tables: Mapping[str, Any]) -> Iterator[str]:
    for key, table in tables.items():
        if key not in OFFERED:
            yield f"“{key}” is no service of the portal."
        elif not isinstance(table, dict):
            yield f"“{key}” must be a table: [{key}]."
        else:
            for entry, said in table.items():
                yield from _entry_faults(f"{key}.{entry}", entry, said)


def _entry_faults(place: str, entry: str, said: object) -> Iterator[str]:
    if entry in PAGES:
        yield from _page_faults(place, said)
    elif entry not in _MUST:
        yield f"{place} is not known; there are {', '.join(ENTRIES)}."
    else:
        fits, must = _MUST[entry]
        if not fits(said):
            yield f"{place} must be {must}."


def _page_faults(place: str, said: object) -> Iterator[str]:
    page = dict.fromkeys(LANGUAGES, said) if isinstance(said, str) else said
    if not isinstance(page, dict) or not page.keys() <= LANGUAGES | {"intranet"}:
        yield f"{place} must be an address, or {{ de = …, en = …, intranet = … }}."
        return
    if not isinstance(page.get("intranet", False), bool):
        yield f"{place}.intranet must be true or false."
    wrong = [page[one] for one in sorted(LANGUAGES & page.keys())]
    for address in dict.fromkeys(map(str, wrong)):
        if not _is_address(address):
            yield f"{place}: “{address}” is no address that begins with https://."


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    whole = parts.scheme in {"https", "http"} and bool(parts.hostname)
    return whole and not any(sign.isspace() or sign in "<>\"'" for sign in text)


def _is_wording(said: object) -> bool:
    return (
        isinstance(said, dict)
        and said.keys() == LANGUAGES
        and all(isinstance(one, str) and one.strip() for one in said.values())
    )


def _is_mail(said: object) -> bool:
    return isinstance(said, str) and said.count("@") == 1 and not set(said) & set(" <>")


_WORDING = (_is_wording, "words in both languages: { de = …, en = … }")
_MUST: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": _WORDING,
    "note": _WORDING,
    "mail": (_is_mail, "an e-mail address"),
    "hidden": (lambda said: isinstance(said, bool), "true or false"),
    "support": (
        lambda said: isinstance(said, str) and said in BODIES,
        f"one of {', '.join(sorted(BODIES))}",
    ),
}
