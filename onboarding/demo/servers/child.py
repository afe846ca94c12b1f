"""A server as a child process that never outlives the process that started it."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LOOK_AGAIN = 0.02
SETPRIV = "/usr/bin/setpriv"


class DidNotStart(Exception):
    """A server ended, or said nothing, while we waited for it."""


def under_the_name(user: str) -> list[str]:
    """Give setpriv's options for running as ``user`` with that user's groups."""
    group = pwd.getpwnam(user).pw_gid
    return [f"--reuid={user}", f"--regid={group}", "--init-groups"]


class Child:
    """One process with a group of its own, so that its own children end with it.

    The kernel kills it when the thread that started it is gone, however that ended.
    """

    def __init__(  # noqa: PLR0913 - all by name
        self,
        *,
        name: str,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        please_end: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Describe the process; with ``user``, it runs under that name (as root).

        ``please_end`` is the signal that asks this program to end in order.
        """
        self.name = name
        self.please_end = please_end
        self.log = log
        self._command = [
            SETPRIV,
            *(under_the_name(user) if user else []),
            "--pdeathsig=KILL",
            "--",
            *command,
        ]
        self._environment = dict(os.environ if environment is None else environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Give the process id while the process runs."""
        return self._process.pid if self._process and self.running else None

    @property
    def running(self) -> bool:
        """Say whether the process has been started and has not ended."""
        return self._process is not None and not self._ended()

    def start(self) -> None:
        """Start the process, if it does not run yet."""
        if self.running:
            return
        self.stop()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 20) -> None:
        """Wait for ``ready``; raise DidNotStart with the log's end where it fails."""
        end = time.monotonic() + seconds
        while not ready():
            if not self.running or time.monotonic() > end:
                self.kill()
                raise DidNotStart(f"{self.name} did not start.\n{self.last_words()}")
            time.sleep(LOOK_AGAIN)

    def ask_to_end(self) -> None:
        """Ask the process to end, without waiting for it."""
        if self._process is not None and not self._ended():
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(self.please_end)

    def stop(self, *, grace: float = 5) -> None:
        """Ask the process to end, wait ``grace`` seconds, then end it by force."""
        if self._process is None:
            return
        self.ask_to_end()
        self._wait(grace)
        self.kill()

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        if self._process is None:
            return
        # Not reaped yet, so the number of the group cannot belong to anybody else.
        self.signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Stop the process and its children where they stand, and see them stand."""
        self.signal(signal.SIGSTOP)
        if self._process is not None:
            status = Path(f"/proc/{self._process.pid}/stat")
            # The signal is on its way only: proc(5), the state after the name.
            self.wait_until(lambda: status.read_text().rpartition(")")[2][1:2] in "TZ")

    def thaw(self) -> None:
        """Let a frozen process go on."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def last_words(self, *, lines: int = 20) -> str:
        """Give the end of the process's log."""
        if not self.log.exists():
            return ""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._ended() and time.monotonic() < end:
            time.sleep(LOOK_AGAIN)

    def _ended(self) -> bool:
        assert self._process is not None  # noqa: S101 - asked only of a started one
        if self._process.returncode is not None:
            return True
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, look) is not None


def run(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> str:
    """Run a command to its end and give what it wrote; DidNotStart where it failed.

    Only what it writes to standard error goes to the log: the rest may be secret.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("wb") as errors,
        subprocess.Popen(  # noqa: S603 - our own command
            [SETPRIV, "--pdeathsig=KILL", "--", *command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            text=True,
        ) as process,
    ):
        try:
            written, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        raise DidNotStart("\n".join(last))
    return written
