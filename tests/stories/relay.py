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


class LostReplies:
    """A line that loses the answer to one question, once, after the portal gave it."""

    def __init__(self, *, to: int) -> None:
        self._to = to
        self._door = socket.create_server((LOOPBACK, 0))
        self.url = f"http://{LOOPBACK}:{self._door.getsockname()[1]}"
        self._question = b""
        self.lost = 0
        threading.Thread(target=self._run, daemon=True).start()

    def lose_next(self, question: str) -> None:
        """Lose the answer to the next question that begins like this."""
        self._question = question.encode()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                portal = socket.create_connection((LOOPBACK, self._to))
                losing = threading.Event()
                for work in (self._questions, self._answers):
                    threading.Thread(
                        target=work, args=(browser, portal, losing), daemon=True
                    ).start()

    def _questions(
        self, browser: socket.socket, portal: socket.socket, losing: threading.Event
    ) -> None:
        with suppress(OSError):
            while piece := browser.recv(PIECE):
                if self._question and piece.startswith(self._question):
                    self._question = b""
                    losing.set()
                portal.sendall(piece)
        with suppress(OSError):
            portal.shutdown(socket.SHUT_WR)

    def _answers(
        self, browser: socket.socket, portal: socket.socket, losing: threading.Event
    ) -> None:
        with suppress(OSError), browser, portal:
            while piece := portal.recv(PIECE):
                if losing.is_set():
                    self.lost += 1
                    browser.shutdown(socket.SHUT_RDWR)
                    return
                browser.sendall(piece)
