"""PAIA as the contract suite sees it: a process, and the library's own desk."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accounts.connectors.contract import Connector, Subject, Verb
from accounts.connectors.http import Client
from accounts.connectors.paia import Identity
from accounts.connectors.paia import Paia as PaiaConnector
from onboarding.demo.ports import free_port
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.paia import Paia
from tests.connectors.people import a_subject, activated
from tests.connectors.traits import Trait
from tests.services.proxy import BadLine

CLIENT, SECRET = "start-portal", "of the contract suite"
Record = dict[str, frozenset[bytes]]


class PaiaAdapter:
    """PAIA."""

    without: Mapping[Trait, str] = {
        Trait.STEPS: "PAIA has no call that makes an account: it is only looked at",
        Trait.CONDITIONS: "nothing is written",
        Trait.REFUSALS: "who is only looked at is not refused",
    }
    parting: Verb | None = None
    early_parting: Verb | None = None
    forgets_who_never_came = False
    keeps_to_itself = frozenset(
        {"given_names", "family_name", "display_name", "language"}
    )
    says_who_was_first = False
    sees_edits = True

    def __init__(self, request: pytest.FixtureRequest) -> None:
        folder: Path = request.getfixturevalue("tmp_path")
        self._file = folder / "library" / "cards.json"
        self._server = Paia(
            folder / "library", port=free_port(), client=CLIENT, secret=SECRET
        )
        self._server.start()
        request.addfinalizer(self._server.child.kill)
        self.line = BadLine(port=self._server.port)
        request.addfinalizer(self.line.close)
        self._finally: Callable[[Callable[[], None]], None] = request.addfinalizer
        self._desk = self._client(self._server.port)
        self.connector: Connector = self._connector(self._server.port)

    @property
    def server(self) -> Child:
        return self._server.child

    def start(self) -> None:
        self._server.start()

    def use_the_bad_line(self) -> None:
        self.connector = self._connector(self.line.port)

    def newcomer(self, **facts: Any) -> Subject:
        """Give somebody with a card that the library has not linked yet."""
        subject = a_subject(**facts)
        return replace(subject, card_number=f"{3_110_000_000 + subject.id}")

    def advanced(self, subject: Subject) -> Subject:
        return activated(subject)

    def record(self, subject: Subject) -> Record | None:
        cards = json.loads(self._file.read_text()) if self._file.exists() else {}
        card = cards.get(subject.card_number)
        return card and {
            name: frozenset({str(value).encode()}) for name, value in card.items()
        }

    def make_as_another(self, subject: Subject) -> None:
        """Link the card, as the desk does in the library's own system."""
        self._link(subject, state="0")

    def others(self, record: Record) -> Record:
        """Give all of it: nothing there is ours."""
        return record

    def tamper(self, subject: Subject) -> None:
        """Note that fees are to be paid."""
        self._link(subject, state="3")

    def unacceptable(self, subject: Subject) -> Subject:
        raise NotImplementedError(self.without[Trait.REFUSALS])

    def _link(self, subject: Subject, *, state: str) -> None:
        reply = self._desk.post("", form={"card": subject.card_number, "state": state})
        assert reply.status == 200

    def _connector(self, port: int) -> PaiaConnector:
        identity = Identity(client=CLIENT, secret=SECRET)
        return PaiaConnector(client=self._client(port), identity=identity)

    def _client(self, port: int) -> Client:
        client = Client(f"http://127.0.0.1:{port}", whole=0.5, quiet=0.0)
        self._finally(client.close)
        return client
