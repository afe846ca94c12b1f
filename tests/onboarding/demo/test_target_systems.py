"""The stage's Moodle and library, as processes."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from accounts.connectors.contract import Found
from accounts.connectors.http import Client
from accounts.connectors.moodle_services import Services
from accounts.connectors.paia import Identity
from accounts.connectors.paia import Paia as Connector
from onboarding.demo.ports import LOOPBACK, free_port
from onboarding.demo.servers.moodle import Moodle
from onboarding.demo.servers.paia import Paia
from tests.connectors.test_paia import CARD, holder


@pytest.fixture
def moodle(tmp_path: Path) -> Iterator[Moodle]:
    server = Moodle(tmp_path / "moodle", port=free_port(), token="secret")
    server.start()
    yield server
    server.child.kill()


@pytest.fixture
def paia(tmp_path: Path) -> Iterator[Paia]:
    server = Paia(
        tmp_path / "library", port=free_port(), client="portal", secret="secret"
    )
    server.start()
    yield server
    server.child.kill()


def post(port: int, path: str, **form: str) -> str:
    body = urlencode(form).encode()
    with urlopen(f"http://{LOOPBACK}:{port}{path}", body, timeout=5) as page:
        said: bytes = page.read()
    return said.decode()


def test_users_of_the_demo_survive_a_restart_and_may_sign_in(moodle: Moodle) -> None:
    client = Client(f"http://{LOOPBACK}:{moodle.port}", quiet=0)
    services = Services(client=client, token="secret")
    services.create(
        {
            "username": "cem",
            "firstname": "Cem",
            "lastname": "<Sondermann>",
            "email": "cem@stud.leuphana.example",
            "auth": "ldap",
        }
    )
    moodle.child.stop()
    moodle.start()

    assert "Invalid login" in post(moodle.port, "/login/index.php", username="nobody")
    said = post(moodle.port, "/login/index.php", username="Cem")

    assert "Hello, Cem &lt;Sondermann&gt;." in said
    [user] = services.users("username", ["cem"])["cem"]
    assert user["lastaccess"] > 0
    client.close()


def test_the_demo_s_desk_links_a_card(paia: Paia) -> None:
    post(paia.port, "/", card=CARD, state="3")
    paia.child.stop()
    paia.start()
    client = Client(f"http://{LOOPBACK}:{paia.port}", quiet=0)
    identity = Identity(client="portal", secret="secret")
    cem = holder()

    found = Connector(client=client, identity=identity).find([cem])[cem.id]

    assert isinstance(found, Found)
    assert ("state", "3") in found.evidence
    client.close()
