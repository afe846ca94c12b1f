"""Whatever the staff do leaves a row: who, whom, when, why or on what check."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.journal.models import Event
from accounts.people.models import Person
from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import CohortFile
from onboarding.helpdesk import overview
from tests.house.addresses import ADDRESSES, KEY
from tests.house.deeds import DEEDS, NO_DEEDS, OTHER_BOOKS
from tests.house.doings import World
from tests.house.test_fields import about

pytestmark = pytest.mark.django_db

# The one who is named by a row that is not about Ada.
OTHERS = {"bela": "Bela", "sondermann": "Orhan"}


@pytest.fixture
def world(slapd: Slapd) -> World:
    return World(slapd)


def takes_post(world: World, name: str) -> bool:
    """Knock as whoever may; what takes no POST says 405 to everybody."""
    address = ADDRESSES[name]
    client = world.at(min(address.roles))
    answer = client.post(about(address.path, world.hall))
    return answer.status_code != 405


def test_every_address_that_takes_a_post_is_in_a_table(world: World) -> None:
    world.record()
    posts = {
        name
        for name, address in ADDRESSES.items()
        if address.roles and takes_post(world, name)
    }
    named = {name.partition(" ")[0] for name in DEEDS}

    assert posts - HELD == named | NO_DEEDS | OTHER_BOOKS.keys()
    assert not named & (NO_DEEDS | OTHER_BOOKS.keys())


ROW = {"at": timezone.now(), "what": "record_looked_at"}
# Says 404 of everything while there is nothing of that number.
HELD = {"helpdesk:held"}


# Pressed in Chromium, by what stands on the button.
KNOCKS_BY_HAND = {
    "factors:passkey": "Use the passkey",
    "factors:add_passkey": "Set up a passkey",
}


def last_word(path: str) -> str:
    """Give what tells an address from its neighbours: its last word that is no key."""
    words = [one for one in path.split("/") if one.isascii() and not one.isdigit()]
    return next(f"{one}/" for one in reversed(words) if one and one != KEY)


def test_other_books_are_looked_at_where_the_table_says() -> None:
    """The file that is named knocks at that very address."""
    tests = {
        name: (Path(settings.ROOT) / file).read_text(encoding="utf-8")
        for name, file in OTHER_BOOKS.items()
    }
    knocks = {
        name: KNOCKS_BY_HAND.get(name, last_word(ADDRESSES[name].path))
        for name in OTHER_BOOKS
    }
    silent = {name for name, knock in knocks.items() if knock not in tests[name]}

    assert silent == set()


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_leaves_its_rows(world: World, name: str) -> None:
    deed, began = DEEDS[name], timezone.now()
    deed.do(world)
    by = world.colleague(deed.role)
    mine = Event.objects.filter(who=by, at__gte=began).select_related("whom")
    rows = {one.what: one for one in mine.order_by("pk")}

    assert deed.rows.keys() <= rows.keys()
    for what, (whom, facts) in deed.rows.items():
        row = rows[what]
        assert row.at <= timezone.now()
        assert named(row.whom, world) == whom, what
        known = {key for key, value in row.facts.items() if value not in ("", None)}
        assert facts - known == ({"why"} if row.why else set()) & facts, what


def named(person: Person | None, world: World) -> str | None:
    if person is None:
        return None
    if person.pk == world.ada.pk:
        return "ada"
    given = {given: name for name, given in OTHERS.items()}
    return given.get(person.given_names, person.account_name)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_timeline_says_each_in_words(world: World, language: str) -> None:
    """No name of an act, of a fact, of a check; no blank left open."""
    acts = [name for name in DEEDS if name.startswith("helpdesk:")]
    for name in acts:
        # These are about other people.
        if name not in {"helpdesk:merge", "helpdesk:new_password"}:
            DEEDS[name].do(world)
    reader = Client(headers={"accept-language": language})
    reader.force_login(world.colleague(Role.HELP_DESK_LEAD))
    reader.post(f"/help-desk/{world.ada.pk}/reason/", {"reason": "counter"})

    pages = [
        reader.get(f"/help-desk/{world.ada.pk}/?page={page}").content.decode()
        for page in (1, 2)
    ]

    lines = overview.timeline(accounts=[world.ada.pk], page="1").paginator.count
    raw = set(Event.objects.values_list("what", flat=True))
    raw |= {"none_needed", "in_person", "help_desk", "None", "%("}
    shown = re.sub(r"<[^>]+>", " ", " ".join(page.split("<main")[1] for page in pages))
    assert lines > len(acts)
    assert {
        one for one in raw if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", shown)
    } == set()


# --- Looks at many --------------------------------------------------------------------

LISTS = {
    "watch:people": Role.HELP_DESK,
    "watch:journal": Role.AUDITOR,
    "watch:journal_file": Role.AUDITOR,
    "helpdesk:suspected": Role.HELP_DESK_LEAD,
    "enrolment:held": Role.REGISTRAR,
    "enrolment:list": Role.REGISTRAR,
    "cards:entries_csv": Role.FINANCE,
    "handout:people": Role.COORDINATOR,
    "handout:group_people": Role.COORDINATOR,
    "handout:sheets": Role.COORDINATOR,
    "handout:sheet": Role.COORDINATOR,
}


@pytest.mark.parametrize("name", LISTS)
def test_whoever_takes_a_list_of_people_along_is_noted(world: World, name: str) -> None:
    role = LISTS[name]
    path = about(ADDRESSES[name].path, world.hall)
    if name == "enrolment:list":
        DEEDS["enrolment:upload"].do(world)
        path = path.replace("/1/", f"/{CohortFile.objects.latest('pk').pk}/")

    period = {"first": "2026-09-01", "last": "2026-09-30"}

    answer = world.at(role).get(path, period if "entries" in name else {})

    assert answer.status_code == 200
    b"".join(answer)
    row = Event.objects.get(what="list_looked_at")
    assert row.who == world.colleague(role)
    assert row.facts["list"]
    assert world.ada.family_name not in str(row.facts)


# --- Looks at one, where nobody asks why ----------------------------------------------

PLACES = {
    "cards:desk_person": (Role.LIBRARY_DESK, "desk"),
    "cards:deed": (Role.LIBRARY_DESK, "desk"),
    "handout:student": (Role.COORDINATOR, "board"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_look_at_a_persons_page_is_noted_once(world: World, name: str) -> None:
    role, place = PLACES[name]
    path = about(ADDRESSES[name].path, world.hall)

    for _ in range(2):
        assert world.at(role).get(path).status_code == 200

    row = Event.objects.get(what="looked_at", whom=world.ada)
    assert row.who == world.colleague(role)
    assert row.facts == {"place": place}


# --- And stays ------------------------------------------------------------------------


@pytest.mark.rules
def test_no_row_is_changed_or_removed() -> None:
    mine = Event.objects.filter(pk=Event.objects.create(**ROW).pk)

    for act in (lambda: mine.update(what="nothing"), mine.delete):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            act()

    assert mine.get().what == ROW["what"]
