"""A hand-out as a tutor's phone sends it, through the real web server."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.catalogue import systems
from accounts.due.mark import mark
from accounts.people.models import Person
from onboarding.cards.models import Move
from onboarding.demo import staff
from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers import programs
from onboarding.handout import phones
from tests.bench import ground
from tests.bench.directory import empty_directory
from tests.bench.ratio import Ratio
from tests.bench.web import TURNS, Page, Server, bare_page, serve, signed_in
from tests.onboarding.handout.hall import Hall, make_hall
from tests.services.redis import a_redis

GROUP = 15
GROUPS = int(os.environ.get("BENCH_GROUPS", "8"))
TOKEN = "t" * 32
CREATED = 201
Act = tuple[Hall, int]


def measure() -> list[Ratio]:
    """Measure by turns; the best of each counts."""
    ground.empty_database()
    cache.clear()
    staff.seat(empty_directory())
    halls = [_hall(number) for number in range(1, TURNS * GROUPS + 1)]
    now, phone, tutor = timezone.now(), uuid4(), halls[0].tutor
    phones.enrol(key=phone, person=tutor, word=phones.Word(), at=now)
    product, floor = [], []
    with a_redis() as bell, serve(programs.web) as portal, serve(bare_page) as bare:
        bell.start()
        for turn in range(TURNS):
            acts = _acts(halls[turn * GROUPS : (turn + 1) * GROUPS])
            # A new line for each turn: a server hangs up on whoever waits too long.
            floor.append(_timed(bare, _row(bare.port, tutor), acts))
            product.append(_timed(portal, _phone(portal.port, tutor, phone), acts))
    given = Move.objects.filter(target="person").count()
    assert given == len(halls) * GROUP, given
    # Beside the clock stands what a busy machine does not blur.
    measures: tuple[tuple[str, Callable[[Page], float]], ...] = (
        ("", lambda spent: spent.clock),
        (", processor", lambda spent: spent.processor),
    )
    return [
        Ratio(
            name=f"hand-out through HTTP, {GROUPS} groups of {GROUP}{measure}",
            floor="bare Django page: session, user, one row in a transaction",
            floor_seconds=min(map(seconds, floor)),
            product_seconds=min(map(seconds, product)),
            hold=0.15,
            bigger_is_better=True,
        )
        for measure, seconds in measures
    ]


def _hall(number: int) -> Hall:
    serial = 10_000 + number * GROUP
    hall = make_hall(number=number, students=GROUP, cards=GROUP, first_serial=serial)
    # As everybody whom an import brought.
    people = [one.pk for one in hall.students]
    mark(people=people, systems=systems.OF_CARDS, at=timezone.now())
    return hall


def _acts(halls: Sequence[Hall]) -> list[Act]:
    return [(hall, place) for hall in halls for place in range(GROUP)]


def _timed(server: Server, work: Callable[[Act], None], acts: Sequence[Act]) -> Page:
    begun, spent = time.perf_counter(), server.processor_seconds()
    for act in acts:
        work(act)
    return Page(
        clock=time.perf_counter() - begun,
        processor=server.processor_seconds() - spent,
    )


def _row(port: int, tutor: Person) -> Callable[[Act], None]:
    """Give a way to write one row on one line, by the barest means."""
    line = HTTPConnection(LOOPBACK, port, timeout=60)
    name, _, value = signed_in(
        tutor, "django.contrib.auth.backends.ModelBackend"
    ).partition(": ")

    def write(_act: Act) -> None:
        _answered(line, "/row", "{}", {name: value})

    return write


def _phone(port: int, tutor: Person, phone: UUID) -> Callable[[Act], None]:
    """Give a way to send a hand-out on one line, as the app does."""
    line = HTTPConnection(LOOPBACK, port, timeout=60)
    cookie = signed_in(tutor, settings.AUTHENTICATION_BACKENDS[0])
    session = cookie.removeprefix("Cookie: ").partition("; ")[2]
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
    }

    def send(act: Act) -> None:
        hall, place = act
        now = timezone.now().isoformat()
        body = {
            "kind": "hand_out",
            "group": hall.group.number,
            "at": now,
            "sent_at": now,
            "phone": str(phone),
            "handle": hall.handle(place),
            "number": hall.numbers[place],
            "deposit": "open",
        }
        _answered(line, f"/handout/acts/{uuid4()}", json.dumps(body), headers)

    return send


def _answered(
    line: HTTPConnection, path: str, body: str, headers: Mapping[str, str]
) -> None:
    line.request("PUT", path, body, dict(headers))
    answer = line.getresponse()
    answer.read()
    assert answer.status == CREATED, answer.status
