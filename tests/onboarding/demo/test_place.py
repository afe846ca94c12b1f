"""The stage's folder remembers, and keeps its secrets."""

import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from onboarding.demo.place import Place, Refusal


def place(folder: Path, **more: str) -> Place:
    return Place({"STATE_DIR": str(folder), **more})


@pytest.fixture
def short() -> Iterator[Path]:
    """Give a folder whose name leaves room for sockets."""
    with TemporaryDirectory(prefix="place-") as folder:
        yield Path(folder)


def test_secrets_are_made_once_and_are_nobody_elses_business(tmp_path: Path) -> None:
    first = place(tmp_path).secret("ldap-portal")

    assert place(tmp_path).secret("ldap-portal") == first
    assert len(first) > 30
    assert place(tmp_path).secret_file("ldap-portal").stat().st_mode & 0o777 == 0o600


def test_ports_are_remembered_unless_somebody_took_one(tmp_path: Path) -> None:
    before = place(tmp_path).choose_ports()
    assert place(tmp_path).choose_ports() == before

    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", before["ldap"]))
        squatter.listen()
        after = place(tmp_path).choose_ports()

    assert after["ldap"] != before["ldap"]
    assert after["redis"] == before["redis"]
    assert place(tmp_path).ports() == after


def test_what_points_elsewhere_stays_there(tmp_path: Path) -> None:
    there = place(
        tmp_path,
        LDAP_URL="ldaps://directory.example",
        SMTP_HOST="mail.example",
        DATABASE_URL="postgresql://db.example/portal",
    )

    environment = there.environment()

    assert not there.runs_own("LDAP_URL")
    assert environment["LDAP_URL"] == "ldaps://directory.example"
    assert "LDAP_PORTAL_PASSWORD_FILE" not in environment
    assert environment["SMTP_HOST"] == "mail.example"
    assert "SMTP_PORT" not in environment
    assert environment["DATABASE_URL"] == "postgresql://db.example/portal"
    assert there.runs_own("REDIS_URL")


def test_two_portals_do_not_share_a_folder(short: Path) -> None:
    with (
        place(short).held(),
        pytest.raises(Refusal, match="already runs"),
        place(short).held(),
    ):
        pass


@pytest.mark.parametrize("wrong", ["0", "65536", "web", "80.5"])
def test_a_wrong_port_is_one_sentence(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(Refusal, match="PORT must be a number"):
        place(tmp_path, PORT=wrong)


def test_a_folder_too_deep_for_sockets_is_one_sentence(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 80)

    with pytest.raises(Refusal, match="too long a name"), place(deep).held():
        pass

    assert not deep.exists()
