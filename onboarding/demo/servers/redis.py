"""A private Redis that keeps what it is told, on loopback only."""

import secrets
import socket
from pathlib import Path

from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.child import Child

PROGRAM = "redis-server"


class Redis:
    """Celery's doorbell; the database, not Redis, knows what is due."""

    def __init__(self, folder: Path, *, port: int, password: str = "") -> None:
        """Keep everything under ``folder``."""
        self.folder = folder
        self.port = port
        self._password = password or secrets.token_urlsafe(24)
        self.child = Child(
            name="redis",
            command=[PROGRAM, str(folder / "redis.conf")],
            log=folder / "redis.log",
        )

    @property
    def url(self) -> str:
        """Give the address, password included."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until Redis answers."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration(), encoding="utf-8")
        self.child.start()
        self.child.wait_until(self._pongs)

    def stop(self) -> None:
        """End Redis in order."""
        self.child.stop()

    def kill(self) -> None:
        """End Redis at once."""
        self.child.kill()

    def flush(self) -> None:
        """Forget everything, as a Redis does that lost its disk."""
        self._say("FLUSHALL")

    def _configuration(self) -> str:
        return "\n".join(
            [
                f"bind {LOOPBACK}",
                f"port {self.port}",
                "protected-mode yes",
                f"requirepass {self._password}",
                f"dir {self.folder}",
                "appendonly yes",
                "appendfsync everysec",
                "save ''",
                # A full memory refuses new work instead of forgetting old work.
                "maxmemory 64mb",
                "maxmemory-policy noeviction",
                "daemonize no",
                "logfile ''",
                "",
            ]
        )

    def _pongs(self) -> bool:
        try:
            return self._say("PING") == "+PONG"
        except OSError:
            return False

    def _say(self, command: str) -> str:
        with socket.create_connection((LOOPBACK, self.port), timeout=2) as line:
            line.sendall(f"AUTH {self._password}\r\n{command}\r\n".encode())
            with line.makefile("r", encoding="utf-8") as answers:
                answers.readline()
                return answers.readline().strip()
