"""A protocol-true Moodle in a thread, empty and well at the start of every test."""

from collections.abc import Iterator

import pytest

from accounts.connectors.http import Client
from accounts.connectors.moodle import Moodle
from onboarding.demo.ports import free_port
from onboarding.demo.servers.door import Door
from onboarding.demo.servers.moodle_site import Site

TOKEN = "moodle-token-of-the-tests"


class MoodleServer:
    """The site, its door, and connectors that knock there."""

    def __init__(self) -> None:
        self.site = Site(token=TOKEN)
        self.clients: list[Client] = []
        self.door = Door(self.site.answer, port=free_port())

    def connector(
        self, *, creates: bool = True, token: str = TOKEN, whole: float = 1.0
    ) -> Moodle:
        """Give a connector that waits no longer than a test wants to."""
        client = Client(self.door.url, whole=whole, quiet=0.0)
        self.clients.append(client)
        return Moodle(client=client, token=token, creates=creates, auth="ldap")

    def close(self) -> None:
        self.door.close()
        for client in self.clients:
            client.close()

    def calls(self) -> list[str]:
        """Name the functions that were called, in order."""
        return [asked.form.get("wsfunction", "") for asked in self.door.asked]


@pytest.fixture
def moodle() -> Iterator[MoodleServer]:
    server = MoodleServer()
    server.door.open()
    yield server
    server.close()
