"""The portal as it runs for people: gunicorn and a Celery worker as processes.

They share the test's database, directory, Redis and mail server, so that a story can
prepare people in Python, act in the browser and look at what became of it.
"""

import os
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import pytest
from django.db import connection

from onboarding.demo.ports import LOOPBACK, answers, free_port
from onboarding.demo.servers import programs
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.redis import Redis
from tests.services import surroundings
from tests.services.smtp import Postbox

LOGS = surroundings.STATE_DIR / "logs"
STATIC = surroundings.STATE_DIR / "static-of-the-portal"
# The portals of this run, by the fixture that has them run.
running: dict[str, "Portal"] = {}


class Portal:
    """The web server and the worker; each can be stopped, killed and frozen."""

    def __init__(
        self,
        *,
        database_url: str,
        around: Mapping[str, str] | None = None,
        host: str = LOOPBACK,
    ) -> None:
        """Describe both; ``around`` are settings that say what else there is."""
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "onboarding.settings.demo",
            "SECRET_KEY": "only-for-tests",
            "DATABASE_URL": database_url,
            "STATIC_ROOT": str(STATIC),
            "PORTAL_URL": self.url,
            **(around or {}),
        }
        self.web = Child(
            name="web",
            command=programs.web(port=self.port),
            log=LOGS / "web.log",
            environment=environment,
        )
        self.worker = Child(
            name="worker",
            command=programs.worker(),
            log=LOGS / "worker.log",
            environment=environment,
        )

    def start(self) -> None:
        """Start what does not run, and wait until pages are served."""
        for part in self.parts:
            part.thaw()
            part.start()
        self.web.wait_until(lambda: answers(self.port))

    def stop(self) -> None:
        for part in self.parts:
            part.stop()

    @property
    def parts(self) -> tuple[Child, ...]:
        return (self.web, self.worker)


@pytest.fixture(scope="session")
def static_files() -> Path:
    """Collect the static files once, compressed and fingerprinted as in real life."""
    programs.run_manage(
        "collectstatic",
        "--noinput",
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "onboarding.settings.demo",
            "SECRET_KEY": "only-for-tests",
            "STATIC_ROOT": str(STATIC),
        },
    )
    return STATIC


@pytest.fixture(scope="session")
def portal_of_the_session(
    django_db_setup: None, static_files: Path
) -> Iterator[Portal]:
    portal = Portal(database_url=address_of_the_test_database())
    running["portal"] = portal
    yield portal
    running.pop("portal").stop()


@pytest.fixture(autouse=True)
def nobody_works_beside(request: pytest.FixtureRequest) -> None:
    """Stop a portal for tests that do without: its worker would take their work."""
    for fixture, portal in running.items():
        if fixture not in request.fixturenames:
            portal.stop()


@pytest.fixture
def portal(
    transactional_db: None,
    slapd: object,
    redis: Redis,
    smtp: Postbox,
    portal_of_the_session: Portal,
) -> Portal:
    """Give a portal that runs, on servers that run, with nobody in it."""
    portal_of_the_session.start()
    return portal_of_the_session


def address_of_the_test_database() -> str:
    name = connection.settings_dict["NAME"]
    if surroundings.ON_POSTGRESQL:
        return surroundings.DATABASE_URL.rpartition("/")[0] + f"/{name}"
    return f"sqlite:///{name}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the servers' logs beside a failed story."""
    report = yield
    if report.failed and running.keys() & set(getattr(item, "fixturenames", ())):
        for log in sorted(LOGS.glob("*.log")):
            words = log.read_text(encoding="utf-8", errors="replace").splitlines()
            report.sections.append((log.name, "\n".join(words[-30:])))
    return report
