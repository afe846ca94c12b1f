"""The client that all HTTP systems are reached with."""

import time
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.connectors.contract import TemporaryFailure
from accounts.connectors.http import Client, refused
from onboarding.demo.ports import free_port
from onboarding.demo.servers.door import Answer, Asked, Door, Fault


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door(lambda _: Answer(b'{"here": true}'), port=free_port())
    door.open()
    yield door
    door.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://moodle.leuphana.example",
        "http://127.0.0.1.example/",
        "ftp://moodle.leuphana.example",
        "https://",
        "moodle.leuphana.example",
        "https://token@moodle.leuphana.example",
    ],
)
def test_an_open_line_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        Client(url)

    assert "token" not in str(refusal.value)


def test_tls_is_verified(door: Door) -> None:
    client = Client(f"https://127.0.0.1:{door.port}", whole=1, quiet=0)

    with pytest.raises(TemporaryFailure, match="no_answer"):
        client.get("anything")
    client.close()


def test_a_silent_system_is_left_alone_for_a_while(door: Door) -> None:
    client = Client(door.url, whole=0.5, quiet=0.6)
    door.faults = [Fault.STALL]
    with pytest.raises(TemporaryFailure):
        client.get("anything")

    begun = time.monotonic()
    with pytest.raises(TemporaryFailure):
        client.get("anything")
    assert time.monotonic() - begun < 0.2
    assert len(door.asked) == 1

    time.sleep(0.7)
    assert client.get("anything").json() == {"here": True}
    client.close()


def test_a_proxy_of_the_machine_has_no_say(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    client = Client(door.url, whole=1, quiet=0)

    assert client.get("anything").status == 200
    client.close()


def test_a_form_arrives_as_it_was_sent() -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Answer:
        seen.append(asked)
        return Answer(b"{}")

    door = Door(answer, port=free_port())
    door.open()
    client = Client(door.url, whole=1, quiet=0)
    client.post("a/b", form={"users[0][name]": "Ñguyễn & Söhne; =1"})

    assert seen[0].form == {"users[0][name]": "Ñguyễn & Söhne; =1"}
    assert seen[0].path == "/a/b"
    assert seen[0].headers["accept-encoding"] == "identity"
    client.close()
    door.close()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("invalidtoken", "refused:invalidtoken"),
        ("no such user: cem@example.org", "refused:nosuchusercemexampleorg"),
        ("", "refused:unnamed"),
        ("ü" * 3 + "x" * 99, "refused:" + "x" * 40),
    ],
)
def test_a_refusal_is_one_word(word: str, said: str) -> None:
    assert str(refused(word)) == said
