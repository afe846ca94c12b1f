"""The one answer takes the same time, whatever the reason.

What is measured is the time that the processor spends on it, in the directory and here:
a busy machine makes everything slower, but nothing more work. To show that a bind more
or less would be seen, one test leaves it out.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpResponse

from accounts.directory import passwords
from accounts.directory.connection import hang_up
from accounts.signin.models import Attempts
from onboarding.demo.servers.directory_files import Cost
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.signin.conftest import Somebody
from tests.accounts.signin.test_answers import ALL, Cases, activate, sign_in
from tests.services.slapd import PASSWORDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

Make = Callable[..., Somebody]
Page = Callable[[str, str], HttpResponse]
DEAR = Cost(memory=19_456, passes=3, lanes=1)
PAIRS = 5
# A bind that is missing makes a difference of a whole hash.
TOLERATED = 0.4


@pytest.fixture(scope="module")
def dear_slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    folder = tmp_path_factory.mktemp("dear")
    # slapd runs under a name of its own and must get in.
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    server = Slapd(folder / "slapd", passwords=PASSWORDS, cost=DEAR)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def slapd(dear_slapd: Slapd, settings: LazySettings) -> Iterator[Slapd]:
    settings.LDAP_URL = settings.AUTH_LDAP_SERVER_URI = dear_slapd.url
    hang_up()
    yield dear_slapd
    hang_up()


@pytest.fixture
def cases(slapd: Slapd, student: Make, newcomer: Make, active: Make) -> Cases:
    return Cases(slapd, student, newcomer, active)


class Work:
    """The processor's time for an answer, in the directory's process and in ours."""

    def __init__(self, slapd: Slapd) -> None:
        self._threads = Path(f"/proc/{slapd.child.pid}/task")

    def of(self, act: Callable[[], object]) -> float:
        before = self._spent()
        act()
        return self._spent() - before

    def of_a_hash(self) -> float:
        return statistics.median(
            self.of(lambda: passwords.spend("nobody knows")) for _ in range(PAIRS)
        )

    def difference(
        self, page: Page, one: tuple[str, str], other: tuple[str, str]
    ) -> float:
        """Give the median of interleaved pairs, in seconds."""
        page(*one), page(*other)
        pairs = [
            self._answer(page, one) - self._answer(page, other) for _ in range(PAIRS)
        ]
        return statistics.median(pairs)

    def _answer(self, page: Page, account: tuple[str, str]) -> float:
        Attempts.objects.all().delete()
        return self.of(lambda: page(*account))

    def _spent(self) -> float:
        nanoseconds = sum(
            int((thread / "schedstat").read_text().split()[0])
            for thread in self._threads.iterdir()
        )
        return nanoseconds / 1e9 + time.process_time()


@pytest.fixture
def work(slapd: Slapd) -> Iterator[Work]:
    """Give the clock; what many tests left is not swept up while it runs."""
    gc.collect()
    gc.disable()
    yield Work(slapd)
    gc.enable()


@pytest.mark.parametrize("page", [activate, sign_in])
@pytest.mark.parametrize("case", ALL)
def test_every_account_gets_the_answer_after_the_same_time(
    cases: Cases, work: Work, page: Page, case: str
) -> None:
    wrong, other = cases.wrong(), getattr(cases, case)()

    assert abs(work.difference(page, wrong, other)) < TOLERATED * work.of_a_hash()


@pytest.mark.parametrize("page", [activate, sign_in])
def test_a_bind_that_is_left_out_would_be_seen(
    cases: Cases, work: Work, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, unknown, a_hash = cases.wrong(), cases.unknown(), work.of_a_hash()

    monkeypatch.setattr(passwords, "spend", lambda _: None)

    assert work.difference(page, wrong, unknown) > TOLERATED * a_hash
