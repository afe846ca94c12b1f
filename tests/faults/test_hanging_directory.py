"""A directory that hangs, behind the real web server: it holds some threads."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from accounts.signin.models import Attempts
from onboarding.demo.servers.slapd import Slapd
from tests.faults.conftest import until
from tests.services.portal import Portal
from tests.stories.newcomers import an_active_student
from tests.stories.visitor import OWN

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

CROWD = 40


class Browser:
    """Has the page for signing in open."""

    def __init__(self, portal: Portal) -> None:
        self._line = httpx.Client(base_url=portal.url, timeout=60)
        page = self._line.get("/sign-in/").text
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        self._token = found.group(1)

    def signs_in(self, account: str) -> httpx.Response:
        typed = {
            "account": account,
            "password": OWN,
            "csrfmiddlewaretoken": self._token,
        }
        return self._line.post("/sign-in/", data=typed)

    def looks(self) -> int:
        return self._line.get("/services/").status_code

    def closes(self) -> None:
        self._line.close()


@pytest.fixture
def browse(portal: Portal) -> Iterator[Callable[[], Browser]]:
    """Give a way to open browsers; all of them are closed afterwards."""
    opened: list[Browser] = []

    def open_one() -> Browser:
        opened.append(Browser(portal))
        return opened[-1]

    yield open_one
    for one in opened:
        one.closes()


def pages_meanwhile(browser: Browser, waiting: list[Future[httpx.Response]]) -> int:
    """Look at a page that asks no directory until all others have their answers."""
    pages = 0
    while not all(one.done() for one in waiting):
        assert browser.looks() == 200
        pages += 1
        time.sleep(0.02)
    return pages


def test_a_directory_that_hangs_stops_no_page_that_does_without_it(
    browse: Callable[[], Browser], slapd: Slapd
) -> None:
    person = an_active_student()
    crowd, looker = [browse() for _ in range(CROWD)], browse()
    slapd.child.freeze()

    with ThreadPoolExecutor(CROWD) as at_once:
        waiting = [
            at_once.submit(one.signs_in, f"lg{number:07}")
            for number, one in enumerate(crowd)
        ]
        pages = pages_meanwhile(looker, waiting)
    answers = [one.result() for one in waiting]

    assert {one.status_code for one in answers} == {503}
    assert all("Retry-After" in one.headers for one in answers)
    # One after the other, behind all who wait for the directory, it would be a few.
    assert pages > CROWD
    assert not Attempts.objects.filter(failures__gt=0).exists()
    slapd.child.thaw()
    until(lambda: looker.signs_in(person.account_name).status_code == 302)
    assert not Attempts.objects.filter(failures__gt=0).exists()
