"""A protocol-true PAIA server in a thread, without patrons at the start of a test."""

from collections.abc import Iterator

import pytest

from accounts.connectors.http import Client
from accounts.connectors.paia import Identity, Paia
from onboarding.demo.ports import free_port
from onboarding.demo.servers.door import Door
from onboarding.demo.servers.paia import Library

CLIENT, SECRET = "start-portal", "a secret: with signs%"


class PaiaServer:
    """The library, its door, and connectors that knock there."""

    def __init__(self) -> None:
        self.library = Library(client=CLIENT, secret=SECRET)
        self.clients: list[Client] = []
        self.door = Door(self.library.answer, port=free_port())

    def connector(
        self, identity: Identity | None = None, *, whole: float = 1.0
    ) -> Paia:
        """Give a connector that waits no longer than a test wants to."""
        client = Client(self.door.url, whole=whole, quiet=0.0)
        self.clients.append(client)
        known = identity or Identity(client=CLIENT, secret=SECRET)
        return Paia(client=client, identity=known)

    def close(self) -> None:
        self.door.close()
        for client in self.clients:
            client.close()


@pytest.fixture
def paia() -> Iterator[PaiaServer]:
    server = PaiaServer()
    server.door.open()
    yield server
    server.close()
