"""What every test has: real servers, addresses of its own, and no way outside."""

import ipaddress
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import override
from hypothesis import Phase

from tests.desks import let_the_proved_in
from tests.flush import let_acts_go
from tests.services import surroundings

pytest_plugins = [
    "tests.services.redis",
    "tests.services.postgres",
    "tests.services.slapd",
    "tests.services.smtp",
    "tests.services.moodle",
    "tests.services.paia",
    "tests.services.dovecot",
    "tests.services.chromium",
    "tests.services.portal",
    "tests.services.campus",
    "tests.services.proxy",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Start PostgreSQL where the run asks for it; SQLite gets a file.

    Threads and the portal's own processes share the file with the test.
    """
    if surroundings.ON_POSTGRESQL:
        request.getfixturevalue("postgres")
    else:
        file = surroundings.STATE_DIR / "portal.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Let stories name addresses in full; the browser plugin's own way is obsolete."""


@pytest.fixture(autouse=True)
def _mail_goes_by_smtp(settings: LazySettings) -> None:
    """Undo what pytest-django does on the quiet: keep mail in memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _every_test_begins_in_english() -> Iterator[None]:
    """Keep the language of one test's last request out of the next test."""
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def _nobody_inherits_a_role() -> None:
    """Forget who was what: the next test's people may have the same keys."""
    cache.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it.

    What needs a running portal comes together: each change starts or stops one.
    """
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, _home(item)))


def _home(item: pytest.Item) -> int:
    """Say which portal a test needs: that of a campus, a plain one, or none."""
    needed = getattr(item, "fixturenames", ())
    homes = ("campus_of_the_session", "portal_of_the_session")
    return next((at for at, one in enumerate(homes) if one in needed), len(homes))


let_acts_go()
let_the_proved_in()

# A busy machine is no failure of a property. To explain a failed walk would take hours.
hypothesis.settings.register_profile(
    "portal",
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
hypothesis.settings.load_profile("portal")


def _only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple) or address[0] == "localhost":
        return
    if not ipaddress.ip_address(address[0]).is_loopback:
        raise PermissionError(f"A test wanted to leave the machine: {address!r}")


sys.addaudithook(_only_loopback)
