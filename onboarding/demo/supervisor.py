"""Keeps the stage's processes running, and ends them all together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from onboarding.demo.servers.child import Child, DidNotStart

# How long a process that ended is left alone, the longer the more often it ends.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
# After running for so long, a process counts as well again.
WELL = 60.0
# For all programs together, then for all servers: what is left is ended by force.
GRACE = 8.0


class Server(Protocol):
    """Something with one process and a way to start it."""

    @property
    def child(self) -> Child:
        """Give the process."""

    def start(self) -> None:
        """Start, and come back when it serves."""


@dataclass
class Program:
    """A process that is there as soon as it runs."""

    child: Child

    def start(self) -> None:
        """Start it."""
        self.child.start()


@dataclass
class Standing:
    """How one server fares."""

    server: Server
    since: float = 0.0
    ended: int = 0
    next_try: float | None = None


class Supervisor:
    """Starts servers in order, starts them again when they end, and ends them."""

    def __init__(self, *, say: Callable[[str], None]) -> None:
        """Tell ``say`` what a person at the console should know."""
        self._say = say
        self._standings: list[Standing] = []

    def start(self, server: Server) -> None:
        """Start a server and look after it from now on; DidNotStart where it fails."""
        standing = Standing(server)
        self._standings.append(standing)
        server.start()
        standing.since = time.monotonic()

    def look(self) -> None:
        """Start again what ended and has waited long enough."""
        now = time.monotonic()
        for standing in self._standings:
            if standing.next_try is not None:
                if now >= standing.next_try:
                    self._start_again(standing)
            elif not standing.server.child.running:
                self._wait(standing)

    def end(self) -> None:
        """End everything, the portal's own programs before the servers they use."""
        here = [one.server for one in reversed(self._standings)]
        programs = [one for one in here if isinstance(one, Program)]
        for group in (programs, [one for one in here if one not in programs]):
            until = time.monotonic() + GRACE
            for server in group:
                server.child.ask_to_end()
            for server in group:
                server.child.stop(grace=max(0.0, until - time.monotonic()))
        self._standings.clear()

    def _wait(self, standing: Standing) -> None:
        now = time.monotonic()
        if now - standing.since > WELL:
            standing.ended = 0
        pause = PAUSES[min(standing.ended, len(PAUSES) - 1)]
        standing.ended += 1
        standing.next_try = now + pause
        child = standing.server.child
        self._say(f"{child.name} ended; starting it again in {pause:.0f} s.")

    def _start_again(self, standing: Standing) -> None:
        standing.next_try = None
        name = standing.server.child.name
        try:
            standing.server.start()
        except DidNotStart as reason:
            self._say(str(reason).splitlines()[0])
            self._wait(standing)
        else:
            standing.since = time.monotonic()
            self._say(f"{name} runs again.")
