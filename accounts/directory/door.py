"""The door to the directory: one that hangs must not hold every thread of the web.

A refused line is answered at once; a directory that hangs holds whoever asks until the
time-out. So only some threads of a process ask at the same time, and after some
time-outs in a row nobody does for a few seconds; then one tries for all.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident

from django.conf import settings

from accounts.directory.errors import DirectoryUnavailable

log = logging.getLogger(__name__)

# A failure that took so long was a time-out.
SILENCE = 1.0
# While all places are taken one waits for the next, unless somebody has been waiting
# for the directory for so long: then it does not answer.
PATIENCE = 2.0


class Door:
    """The places of one process, and what it knows of the directory's silence."""

    def __init__(self) -> None:
        """Begin open."""
        self._free = Condition()
        # When which thread began to ask.
        self._under_way: dict[int, float] = {}
        self._silences = 0
        self._shut_until = 0.0
        # The thread that tries for all.
        self._probe: int | None = None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Have a place to ask from; raises DirectoryUnavailable where there is none."""
        me, begun = get_ident(), time.monotonic()
        if me in self._under_way:
            # Whoever has a place may ask twice.
            yield
            return
        self._enter(me)
        silent = False
        try:
            yield
        except DirectoryUnavailable:
            silent = time.monotonic() - begun >= SILENCE
            raise
        finally:
            self._leave(me, silent=silent)

    def _enter(self, me: int) -> None:
        with self._free:
            self._refuse_while_shut()
            while len(self._under_way) >= settings.LDAP_MOST_AT_ONCE:
                patience = min(self._under_way.values()) + PATIENCE - time.monotonic()
                if patience <= 0:
                    raise DirectoryUnavailable("others wait for it already")
                self._free.wait(patience)
                self._refuse_while_shut()
            self._under_way[me] = time.monotonic()
            if self._suspected:
                self._probe = me

    def _leave(self, me: int, *, silent: bool) -> None:
        with self._free:
            del self._under_way[me]
            if self._probe == me:
                self._probe = None
            self._silences = self._silences + 1 if silent else 0
            if self._suspected:
                self._shut_until = time.monotonic() + settings.LDAP_REST_SECONDS
                log.warning("the directory hangs: nobody asks it for a while")
            else:
                self._shut_until = 0.0
            self._free.notify_all()

    def _refuse_while_shut(self) -> None:
        if time.monotonic() < self._shut_until:
            raise DirectoryUnavailable("it hung a moment ago")
        if self._suspected and self._probe is not None:
            raise DirectoryUnavailable("somebody tries already")

    @property
    def _suspected(self) -> bool:
        return self._silences >= settings.LDAP_TIMEOUTS_IN_A_ROW


_door = Door()


@contextmanager
def asking() -> Iterator[None]:
    """Ask the directory from one of this process's places; one has it at most once.

    Raises DirectoryUnavailable at once where the directory hangs.
    """
    with _door.asking():
        yield
