"""What every page keeps to, in both languages."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils.translation import override
from django.views.csrf import csrf_failure
from django.views.defaults import bad_request, server_error

from accounts.catalogue.shown import services
from onboarding.demo.servers.slapd import Slapd
from onboarding.look.errors import directory_silent
from tests.house.addresses import ADDRESSES, KEY
from tests.pictures.scenes import SCENES, Scene
from tests.pictures.world import World, make_world

pytestmark = pytest.mark.django_db

LANGUAGES = ("de", "en")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "require-trusted-types-for": "'script'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READS = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|PRAGMA)\b")

NOWHERE = ""
BROKEN: Mapping[int, Callable[[HttpRequest], HttpResponse]] = {
    400: partial(bad_request, exception=ValueError()),
    403: csrf_failure,
    500: server_error,
    503: directory_silent,
}
# Where a link, and only a link, may lead out of the portal.
OUTSIDE = {
    "https://gitlab.opencode.de/kern-ux/kern-ux-plain",
    settings.MAIL_WEB_URL,
    settings.LIBRARY_PAGE_URL,
    settings.LIBRARY_TERMS_URL,
    settings.LIBRARY_CONSENT_URL,
    settings.LIBRARY_ACCOUNT_URL,
    # A ticket of the scenes.
    settings.TICKET_URL_TEMPLATE.format(number="MIZ-4711"),
    *(
        address
        for one in services()
        for link in (one.open, one.more, one.instructions)
        if link is not None
        for address in (link.de, link.en)
        if address
    ),
}


@dataclass(frozen=True)
class Shown:
    """A page as it was answered."""

    scene: Scene
    language: str
    response: HttpResponse

    @property
    def html(self) -> str:
        return self.response.content.decode()

    @property
    def page(self) -> "Page":
        return Page(self.html)


class Page(HTMLParser):
    """What a page is made of, as far as our rules speak of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def world(slapd: Slapd) -> World:
    return make_world(slapd)


_ASKED: list[Shown] = []


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> list[Shown]:
    """Give every page in both languages, error pages included: asked for once."""
    if not _ASKED:
        world = request.getfixturevalue("world")
        _ASKED.extend([*_scenes(world), *_broken_pages()])
    return _ASKED


def _scenes(world: World) -> Iterator[Shown]:
    for scene in SCENES:
        for language in LANGUAGES:
            yield Shown(scene, language, answer(world, scene, language))


def answer(world: World, scene: Scene, language: str) -> Any:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if scene.who:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[scene.who]
    if scene.sent is None:
        return client.get(world.path(scene.path))
    return client.post(world.path(scene.form or scene.path), scene.sent)


def _broken_pages() -> Iterator[Shown]:
    """Give the pages that nobody can ask for; without middleware, so no headers."""
    for language in LANGUAGES:
        request = RequestFactory().get("/")
        with override(language):
            for status, respond in BROKEN.items():
                scene = Scene(f"broken-{status}", NOWHERE, status=status)
                yield Shown(scene, language, respond(request))


def faults(
    pages: list[Shown], fault: Callable[[Shown], object]
) -> Mapping[tuple[str, str], object]:
    """Give what is wrong, by page and language; nothing where all is well."""
    found = {(one.scene.name, one.language): fault(one) for one in pages}
    return {where: what for where, what in found.items() if what}


def answered(pages: list[Shown]) -> list[Shown]:
    """Give the pages that came through the middleware, as all do in life."""
    return [one for one in pages if one.scene.path != NOWHERE]


def test_the_scenes_show_every_page() -> None:
    paths = {scene.path.partition("?")[0] for scene in SCENES if scene.status != 404}
    shown = {resolve(path.format_map(_Any())).view_name for path in paths}
    # Asked by pages and programs, not by people.
    silent = {
        *("enrolment:news", "enrolment:list", "enrolment:letters_news"),
        *("journey:status", "helpdesk:status", "helpdesk:work"),
        *("mailbox:status", "mailbox:apple"),
        *("mailbox:autoconfig", "mailbox:autoconfig_well_known"),
        *("cards:receipt", "cards:box_sheet", "cards:entries_csv", "cards:entries_pdf"),
        *("handout:ready", "handout:roster", "handout:phone", "handout:act"),
        *("handout:worker", "handout:manifest", "handout:start"),
        *("handout:summary_file", "watch:way_file", "watch:journal_file"),
        *("handout:board_status", "handout:sheets", "handout:sheet"),
        # One page for everybody in the hall; tests/onboarding/handout look at it.
        "handout:app",
    }
    pages = {
        name
        for name, address in ADDRESSES.items()
        if not address.act and ":" in name and name not in silent
    }

    assert pages - shown == {"demo:mail_as_html"}


class _Any(dict[str, str]):
    def __missing__(self, key: str) -> str:
        if key.endswith("_till"):
            return KEY
        return "1" if key.endswith(("_file", "_key")) else "20260915T080000-1"


def test_every_scene_answers_as_expected(pages: list[Shown]) -> None:
    def other(one: Shown) -> object:
        status = one.response.status_code
        return status != one.scene.status and status

    assert faults(pages, other) == {}


def test_every_page_has_one_heading_one_main_and_its_language(
    pages: list[Shown],
) -> None:
    def wrong(one: Shown) -> object:
        page = one.page
        counted = {tag: len(page.all(tag)) for tag in ("h1", "main")}
        # A drawing's title has an id, by which the drawing is named.
        titles = [one for one in page.all("title") if "id" not in one]
        counted["title"] = len(titles)
        spoken = page.all("html")[0].get("lang")
        return (counted, spoken) != (dict.fromkeys(counted, 1), one.language) and (
            counted,
            spoken,
        )

    assert faults(pages, wrong) == {}


def test_every_field_has_a_label_and_every_id_one_place(pages: list[Shown]) -> None:
    def wrong(one: Shown) -> object:
        page = one.page
        labelled = {label.get("for") for label in page.all("label")}
        fields = [*page.all("input"), *page.all("textarea"), *page.all("select")]
        nameless = [
            field.get("name")
            for field in fields
            if field.get("type") not in {"hidden", "submit"}
            and field.get("id") not in labelled
            and not field.get("aria-label")
        ]
        ids = [
            str(attributes["id"]) for _, attributes in page.tags if "id" in attributes
        ]
        return nameless + sorted({one for one in ids if ids.count(one) > 1})

    assert faults(pages, wrong) == {}


def test_no_page_holds_style_or_script_of_its_own(pages: list[Shown]) -> None:
    def inline(one: Shown) -> object:
        page = one.page
        attributes = [
            name
            for _, attributes in page.tags
            for name in attributes
            if name == "style" or name.startswith("on")
        ]
        return page.inline + attributes

    assert faults(pages, inline) == {}


def test_nothing_comes_from_or_leads_to_elsewhere(pages: list[Shown]) -> None:
    def foreign(one: Shown) -> object:
        return [
            target
            for tag, attributes in one.page.tags
            for name in ("href", "src", "action", "srcset", "poster", "data-url")
            if (target := attributes.get(name) or "")
            and re.match(r"(?!mailto:|tel:|otpauth:)([a-z]+:|//)", target)
            and not (tag == "a" and target in OUTSIDE)
        ]

    # What stands in a mail is its sender's.
    ours = [one for one in pages if one.scene.name != "demo-one-mail"]
    assert faults(ours, foreign) == {}


def test_every_page_carries_the_policy_and_nothing_else(pages: list[Shown]) -> None:
    def wrong(one: Shown) -> object:
        header = one.response.headers.get("Content-Security-Policy", "")
        parts = [part.strip().partition(" ") for part in header.split(";") if part]
        policy = {name: rest for name, _, rest in parts}
        return policy != POLICY and policy

    assert faults(answered(pages), wrong) == {}


def test_every_page_carries_the_quiet_headers(pages: list[Shown]) -> None:
    def wrong(one: Shown) -> object:
        had = {name: one.response.headers.get(name) for name in HEADERS}
        return had != HEADERS and had

    assert faults(answered(pages), wrong) == {}


def test_no_cache_keeps_what_is_personal(pages: list[Shown]) -> None:
    def kept(one: Shown) -> object:
        control = one.response.headers.get("Cache-Control", "")
        personal = one.scene.who or one.scene.sent is not None
        needed = "no-store" if personal else "private"
        return needed not in control and control

    assert faults(answered(pages), kept) == {}


KEPT = ("'list_looked_at'", "'looked_at'", "'record_refused'")


def test_looking_changes_nothing(world: World) -> None:
    written = {}
    for scene in SCENES:
        if scene.sent is None:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer(world, scene, "de")
            acts = [q["sql"] for q in queries if not READS.match(q["sql"])]
            # But who looked at many people, or was not let in, is kept.
            acts = [one for one in acts if not any(look in one for look in KEPT)]
            if acts:
                written[scene.name] = acts

    assert written == {}


def test_a_mail_shown_as_a_mail_program_does_runs_nothing(world: World) -> None:
    response = Client().get(world.path("/demo/mail/{mail}/html/"))

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy


# --- How people are spoken to ------------------------------------------------------

# Students are "du"; whoever works here is "Sie", and is nobody that we know before
# signing in.
DU = re.compile(
    r"\b(du|dich|dir|dein\w*|bring|gib|komm|lass|lies|melde|nimm|prüfe|schau|sieh"
    r"|stimm|tipp|vergleiche|versuch es|warte|wähle)\b",
    re.IGNORECASE,
)
# What staff says to students stands in quotations.
TAGS = re.compile(r"<(script|style|template|blockquote)\b.*?</\1>|<[^>]+>", re.DOTALL)
STAFF = {"registrar", "colleague", "librarydesk", "helpdesk", "helpdesk-lead"}
# What is written for students, whoever reads it.
FOR_STUDENTS = {"/"}


def test_nobody_of_the_staff_is_spoken_to_like_a_student(pages: list[Shown]) -> None:
    def familiar(one: Shown) -> object:
        both = one.scene.path.startswith("/sign-in/") or one.scene.path == NOWHERE
        to_staff = one.scene.who in STAFF and one.scene.path not in FOR_STUDENTS
        said = TAGS.sub(" ", one.html) if both or to_staff else ""
        return DU.findall(said)

    assert faults([one for one in pages if one.language == "de"], familiar) == {}
