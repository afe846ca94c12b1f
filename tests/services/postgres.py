"""A private PostgreSQL cluster, thrown away after the run."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.child import SETPRIV, Child, under_the_name
from tests.services import surroundings

# PostgreSQL refuses to run as root; Debian's package brings this name.
OWNER = "postgres" if os.geteuid() == 0 else None
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "port": surroundings.POSTGRES_PORT,
    "unix_socket_directories": "",
    # Nothing here outlives the run, so nothing has to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": 60,
    # After a kill there is little to go through again.
    "max_wal_size": "64MB",
}


class Postgres:
    """A cluster that can be stopped, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs = _newest(Path("/usr/lib/postgresql"))
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        self.child = Child(
            name="postgres",
            command=[str(self._programs / "postgres"), "-D", str(folder), *options],
            log=surroundings.STATE_DIR / "postgres.log",
            user=OWNER,
            # "Fast": clients are sent away instead of waited for.
            please_end=signal.SIGINT,
        )

    def start(self) -> None:
        if not (self._folder / "PG_VERSION").exists():
            self._make()
        self.child.start()
        self.child.wait_until(self._ready, seconds=90)

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()

    def _make(self) -> None:
        self._folder.mkdir(mode=0o700)
        if OWNER:
            subprocess.run(["chown", OWNER, self._folder], check=True)
        self._run(
            "initdb",
            f"--pgdata={self._folder}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )

    def _ready(self) -> bool:
        port = str(surroundings.POSTGRES_PORT)
        question = [
            str(self._programs / "pg_isready"),
            "-q",
            "-h",
            LOOPBACK,
            "-p",
            port,
        ]
        return subprocess.run(question, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        under = [SETPRIV, *under_the_name(OWNER)] if OWNER else []
        subprocess.run(
            [*under, str(self._programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )


def _newest(folder: Path) -> Path:
    versions = [int(one.name) for one in folder.iterdir() if one.name.isdigit()]
    return folder / str(max(versions)) / "bin"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a PostgreSQL that runs."""
    cluster = Postgres(surroundings.STATE_DIR / "postgres")
    cluster.start()
    yield cluster
    cluster.stop()
