"""A bad line: a TCP proxy that cuts, swallows or delays what a server answers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from onboarding.demo.ports import LOOPBACK
from onboarding.demo.servers.slapd import Slapd


class BadLine:
    """Passes everything on, until it is told otherwise."""

    def __init__(self, *, port: int) -> None:
        self._to = port
        self._door = socket.create_server((LOOPBACK, 0))
        self.port: int = self._door.getsockname()[1]
        self._open: list[socket.socket] = []
        self.mend()
        threading.Thread(target=self._let_in, daemon=True).start()

    def mend(self) -> None:
        self._answers_left: int | None = None
        self._once = False
        self._swallow = False
        self._lost: set[socket.socket] = set()
        self._delay = 0.0

    def cut_after(self, answers: int) -> None:
        """Cut after so many more pieces of answers, wherever that is."""
        self._answers_left = answers

    def cut_once(self) -> None:
        """Cut at the next answer; a line that is opened after that is good."""
        self._once = True
        self.cut_after(0)

    def swallow(self) -> None:
        """Take everything and give nothing, as a dead firewall does."""
        self._swallow = True

    def swallow_what_is_open(self) -> None:
        """Swallow on the lines that are open now; a new one is good."""
        self._lost = set(self._open)

    def delay(self, seconds: float) -> None:
        """Hold every piece of an answer back for so long."""
        self._delay = seconds

    def close(self) -> None:
        self._door.close()
        for line in self._open:
            line.close()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                try:
                    far = socket.create_connection((LOOPBACK, self._to))
                except OSError:
                    near.close()
                    continue
                self._open += [near, far]
                for work in (self._questions, self._answers):
                    threading.Thread(target=work, args=(near, far), daemon=True).start()

    def _questions(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65536):
                far.sendall(data)
        _hang_up(far)

    def _answers(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            # In small pieces, so that a cut falls into the middle of a batch.
            while data := far.recv(512):
                if self._answers_left is not None:
                    self._answers_left -= 1
                    if self._answers_left < 0:
                        if self._once:
                            self.mend()
                        break
                time.sleep(self._delay)
                if not self._swallow and near not in self._lost:
                    near.sendall(data)
        _hang_up(near)
        _hang_up(far)


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def bad_line_to_the_directory(slapd: Slapd) -> Iterator[BadLine]:
    """Give a line to the directory that can be cut."""
    line = BadLine(port=slapd.port)
    yield line
    line.close()
