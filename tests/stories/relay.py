"""A line between browser and portal that remembers what went over it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from onboarding.demo.ports import LOOPBACK

PIECE = 65_536


class Relay:
    """Passes bytes on to the portal; ``asked`` is all that browsers sent."""

    def __init__(self, *, to: int) -> None:
        self._to = to
        self._door = socket.create_server((LOOPBACK, 0))
        self.url = f"http://{LOOPBACK}:{self._door.getsockname()[1]}"
        self._pieces: list[bytes] = []

    @property
    def asked(self) -> bytes:
        return b"".join(self._pieces)

    def run(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                portal = socket.create_connection((LOOPBACK, self._to))
                self._aside(browser, portal, self._pieces)
                self._aside(portal, browser, [])

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _aside(
        self, source: socket.socket, target: socket.socket, kept: list[bytes]
    ) -> None:
        def pass_on() -> None:
            with suppress(OSError), source, target:
                while piece := source.recv(PIECE):
                    kept.append(piece)
                    target.sendall(piece)
                target.shutdown(socket.SHUT_WR)

        threading.Thread(target=pass_on, daemon=True).start()


@contextmanager
def relayed(*, to: int) -> Iterator[Relay]:
    """Listen on a port of its own while the story lasts."""
    relay = Relay(to=to)
    threading.Thread(target=relay.run, daemon=True).start()
    yield relay
    relay.close()
