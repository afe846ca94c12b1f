"""Activation, journey page and status poll through the real web server."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import ldap3
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.directory import passwords
from accounts.people.models import Person
from accounts.reconciler.settle import settle_batch
from accounts.signin import second, terms
from accounts.signin.credentials import make_initial_password
from onboarding.demo.ports import LOOPBACK, answers, free_port
from onboarding.demo.servers import programs
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.directory_files import PRODUCTION
from onboarding.demo.servers.slapd import Slapd
from tests.bench import crowd, ground
from tests.bench.directory import empty_directory
from tests.bench.ratio import Ratio
from tests.services import surroundings
from worker.fleet import CONNECTORS, FACTS

STUDENTS = int(os.environ.get("BENCH_STUDENTS", "80"))
AT_ONCE = 4
SECONDS = 4
TURNS = 3
OWN = "kiesel tanzt barfuss {}"


@dataclass(frozen=True, slots=True)
class Page:
    """What one page takes, in seconds: of the clock, and of the server's processors."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class Server:
    """A web server that runs."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Give what its processes have spent so far."""
        mine = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return sum(_ticks(one) for one in mine.split()) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody with a letter."""

    pk: int
    account: str
    initial: str


def measure() -> list[Ratio]:
    """Measure by turns; the best of each counts."""
    ground.empty_database()
    slapd = empty_directory(cost=PRODUCTION)
    gather_files()
    with serve(programs.web) as portal, serve(bare_page) as bare:
        return [*_activation(slapd, portal), *_pages(portal, bare)]


def _activation(slapd: Slapd, portal: Server) -> list[Ratio]:
    product, floor = [], []
    for _ in range(TURNS):
        students = _with_letters(2 * STUDENTS)
        half = students[STUDENTS:]
        floor.append(_together(lambda one: _bare_activation(slapd, one), half))
        product.append(
            _together(lambda one: _activate(portal.port, one), students[:STUDENTS])
        )
    return [
        Ratio(
            name=f"activation through HTTP, {STUDENTS} students, {AT_ONCE} at once",
            floor="ldap3: bind, Password Modify, bind",
            floor_seconds=min(floor),
            product_seconds=min(product),
            hold=0.6,
            bigger_is_better=True,
        )
    ]


def _pages(portal: Server, bare: Server) -> list[Ratio]:
    person = Person.objects.exclude(activated_at=None).latest("pk")
    terms.accept(person=person.pk, at=crowd.AT)
    # What the activations made due, they made due now.
    _settle(timezone.now())
    cookie = signed_in(person, settings.AUTHENTICATION_BACKENDS[0])
    plain = signed_in(person, "django.contrib.auth.backends.ModelBackend")
    etag = _etag(portal.port, cookie)
    ratios = []
    for name, path, headers, hold in (
        ("journey page, signed in", "/journey/", [cookie], 0.4),
        ("status poll, nothing new", "/journey/status.json", [cookie, etag], 1.0),
        ("activation page, not signed in", "/activate/", [], 0.2),
    ):
        product, floor = [], []
        for _ in range(TURNS):
            floor.append(_page(bare, "/", [plain]))
            product.append(_page(portal, path, headers))
        ratios += _ratios(name, hold, product, floor)
    return ratios


def _ratios(
    name: str, hold: float, product: Sequence[Page], floor: Sequence[Page]
) -> list[Ratio]:
    # Beside the clock stands what a busy machine does not blur.
    measures: tuple[tuple[str, Callable[[Page], float]], ...] = (
        ("", lambda page: page.clock),
        (", processor", lambda page: page.processor),
    )
    return [
        Ratio(
            name=f"{name}{measure}",
            floor="bare Django page: session, user, small template",
            floor_seconds=min(map(seconds, floor)),
            product_seconds=min(map(seconds, product)),
            hold=hold,
            bigger_is_better=True,
        )
        for measure, seconds in measures
    ]


def _with_letters(number: int) -> list[Student]:
    offset = Person.objects.count()
    people = crowd.enrol(number, beginning=offset)
    crowd.make_due(people)
    _settle(crowd.AT)
    students = []
    for person in Person.objects.filter(pk__in=people):
        initial = make_initial_password()
        passwords.set_initial_password(
            account_name=person.account_name,
            secret=initial,
            ends_at=crowd.AT + timedelta(days=3650),
        )
        students.append(Student(person.pk, person.account_name, initial))
    return students


def _settle(at: datetime) -> None:
    for connector in CONNECTORS:
        while settle_batch(connector=connector, facts=FACTS, at=at):
            pass


def _together(work: Callable[[Student], None], students: Sequence[Student]) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, students))
    return time.perf_counter() - begun


def _bare_activation(slapd: Slapd, one: Student) -> None:
    dn, own = f"uid={one.account},ou=people,{slapd.base}", OWN.format(one.pk)
    line = slapd.connect(dn, one.initial)
    line.bind()
    line.extend.standard.modify_password(old_password=one.initial, new_password=own)
    line.rebind(user=dn, password=own, authentication=ldap3.SIMPLE)
    line.unbind()


def _activate(port: int, one: Student) -> None:
    http = HTTPConnection(LOOPBACK, port, timeout=60)
    http.request("GET", "/activate/")
    page = http.getresponse()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    form = {
        "csrfmiddlewaretoken": token[1],
        "account": one.account,
        "initial_password": one.initial,
        "new_password": OWN.format(one.pk),
        "agree": "on",
    }
    cookies = SimpleCookie(page.headers["Set-Cookie"])
    csrf = cookies[settings.CSRF_COOKIE_NAME].value
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={csrf}",
    }
    http.request("POST", "/activate/", urlencode(form), headers)
    answer = http.getresponse()
    answer.read()
    http.close()
    assert answer.status == 302, answer.status


def _page(server: Server, path: str, headers: Sequence[str]) -> Page:
    """Ask for a page while sixteen browsers do so at once."""
    command = [
        *("wrk", "-t1", "-c16", f"-d{SECONDS}s"),
        *(part for header in headers for part in ("-H", header)),
        f"http://{LOOPBACK}:{server.port}{path}",
    ]
    spent = server.processor_seconds()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = server.processor_seconds() - spent
    assert "Non-2xx" not in said, said
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    number = re.search(r"(\d+) requests in", said)
    assert rate, said
    assert number, said
    return Page(clock=1 / float(rate[1]), processor=spent / int(number[1]))


def _ticks(pid: str) -> int:
    # The name in the second place may hold blanks; times stand 12th and 13th after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _etag(port: int, cookie: str) -> str:
    http = HTTPConnection(LOOPBACK, port, timeout=10)
    http.request("GET", "/journey/status.json", headers=dict([cookie.split(": ")]))
    answer = http.getresponse()
    answer.read()
    http.close()
    assert answer.status == 200, answer.status
    return f"If-None-Match: {answer.headers['ETag']}"


def signed_in(person: Person, backend: str, *, proved: bool = False) -> str:
    """Give the cookies of somebody, perhaps with a second factor proved."""
    session = SessionStore()
    if proved:
        second.note_proof(session, person=person, at=timezone.now())
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["seen"] = int(time.time())
    session.save()
    # Whoever signed in has sent a form, and brings its cookie along.
    token = f"{settings.CSRF_COOKIE_NAME}={get_random_string(32)}"
    return f"Cookie: {token}; {settings.SESSION_COOKIE_NAME}={session.session_key}"


def gather_files() -> None:
    """Put css and scripts where pages look for their addresses."""
    programs.run_manage("collectstatic", "--noinput", environment=_environment())


@contextmanager
def serve(command: Callable[..., list[str]]) -> Iterator[Server]:
    port = free_port()
    child = Child(
        name=command.__name__.strip("_"),
        command=command(port=port),
        log=surroundings.STATE_DIR / f"{command.__name__}.log",
        environment=_environment(),
    )
    child.start()
    child.wait_until(lambda: answers(port))
    assert child.pid
    try:
        yield Server(port, child.pid)
    finally:
        child.stop()


def bare_page(*, port: int) -> list[str]:
    # The same server with the same processes and threads, another page behind it.
    words = [w.replace("onboarding.wsgi", "bare_wsgi") for w in programs.web(port=port)]
    place = words.index("bare_wsgi")
    return [
        *(sys.executable, "-m", "gunicorn", "tests.bench.bare.wsgi"),
        *("--env", "DJANGO_SETTINGS_MODULE=tests.bench.bare.settings"),
        *words[place + 1 :],
    ]


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "onboarding.settings.demo",
        "SECRET_KEY": "only-for-tests",
    }
