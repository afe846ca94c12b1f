"""Moodle as the contract suite sees it: a process, and a token of somebody else's."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accounts.connectors.contract import Connector, MailNow, Mode, Subject, Verb
from accounts.connectors.http import Client
from accounts.connectors.moodle import Moodle as MoodleConnector
from accounts.connectors.moodle_services import Services
from onboarding.demo.ports import free_port
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.moodle import Moodle
from tests.connectors.people import a_subject, activated
from tests.connectors.traits import Trait
from tests.services.proxy import BadLine

TOKEN = "token-of-the-contract-suite"
Record = dict[str, frozenset[bytes]]


def a_moodle_student(**facts: Any) -> Subject:
    """Give somebody who has come as far as Moodle."""
    subject = activated(a_subject())
    known: dict[str, Any] = {
        "mail": MailNow(f"{subject.account_name}@stud.leuphana.example", proved=True),
        "mystudy": f"cem{subject.id}",
        "mystudy_mode": Mode.OWN,
        **facts,
    }
    return replace(subject, **known)


class MoodleAdapter:
    """Moodle."""

    without: Mapping[Trait, str] = {
        Trait.CONDITIONS: "its services know no 'only if it still is so'"
    }
    # Who leaves is suspended, whether or not anything was ever done there.
    parting: Verb | None = Verb.REMOVE
    early_parting: Verb | None = Verb.REMOVE
    forgets_who_never_came = False
    # The language is chosen at the beginning and then the person's own affair.
    keeps_to_itself = frozenset({"language"})
    says_who_was_first = True
    sees_edits = True

    def __init__(self, request: pytest.FixtureRequest) -> None:
        folder: Path = request.getfixturevalue("tmp_path")
        self._file = folder / "moodle" / "users.json"
        self._server = Moodle(folder / "moodle", port=free_port(), token=TOKEN)
        self._server.start()
        request.addfinalizer(self._server.child.kill)
        self.line = BadLine(port=self._server.port)
        request.addfinalizer(self.line.close)
        self._finally: Callable[[Callable[[], None]], None] = request.addfinalizer
        self._others = Services(client=self._client(self._server.port), token=TOKEN)
        self.connector: Connector = self._connector(self._server.port)

    @property
    def server(self) -> Child:
        return self._server.child

    def start(self) -> None:
        self._server.start()

    def use_the_bad_line(self) -> None:
        self.connector = self._connector(self.line.port)

    def newcomer(self, **facts: Any) -> Subject:
        return a_moodle_student(**facts)

    def advanced(self, subject: Subject) -> Subject:
        return replace(subject, mystudy_mode=Mode.LEUPHANA)

    def record(self, subject: Subject) -> Record | None:
        users = json.loads(self._file.read_text()) if self._file.exists() else {}
        names = {subject.mystudy, subject.account_name}
        for user in users.values():
            if user["idnumber"] == subject.person_key or user["username"] in names:
                return {
                    name: frozenset({str(value).encode()})
                    for name, value in user.items()
                }
        return None

    def make_as_another(self, subject: Subject) -> None:
        self._others.create(
            {
                "username": subject.mystudy,
                "firstname": "C",
                "lastname": "S",
                "email": f"{subject.mystudy}@example.org",
                "auth": "ldap",
                "lang": "en",
            }
        )

    def others(self, record: Record) -> Record:
        return {name: record[name] for name in ("id", "lang")}

    def tamper(self, subject: Subject) -> None:
        [user] = self._others.users("idnumber", [subject.person_key])[
            subject.person_key
        ]
        assert self._others.update(user["id"], {"firstname": "Somebody"}) == ""

    def unacceptable(self, subject: Subject) -> Subject:
        return replace(subject, language="tlh")

    def _connector(self, port: int) -> MoodleConnector:
        return MoodleConnector(
            client=self._client(port), token=TOKEN, creates=True, auth="ldap"
        )

    def _client(self, port: int) -> Client:
        client = Client(f"http://127.0.0.1:{port}", whole=0.5, quiet=0.0)
        self._finally(client.close)
        return client
