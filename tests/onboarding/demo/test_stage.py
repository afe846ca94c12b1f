"""``make run``, as somebody at the console sees it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from onboarding.demo.ports import LOOPBACK, free_port, is_free

READY = re.compile(r"Portal ready: (http://127\.0\.0\.1:\d+)")
LETTER = re.compile(r"^ *(lg\d+) +(\w{4}-\w{4}-\w{4}) .*never started", re.MULTILINE)
CODES = re.compile(r"^ *([a-z-]+) +\S+ +\d{6}  ", re.MULTILINE)
WITH_A_CODE = {
    *("registrar", "helpdesk", "helpdesk-lead"),
    *("librarydesk", "finance", "coordinator"),
}
STANDS = re.compile(r"^ *(lg\d+) .+?: (.+)$", re.MULTILINE)
EVERYWHERE = {
    "lg1250001": "never started",
    "lg1250002": "next: Set up your e-mail (Choose an address)",
    "lg1250003": "next: Set up your e-mail (Read your first e-mail)",
    "lg1250004": "next: Pay the deposit (Look where)",
    "lg1250005": "waiting for us: Set up your e-mail",
    "lg1250006": "stuck, the help desk has to look: Set up your e-mail",
    "lg1250007": "done with everything",
}
PARTS = ("slapd", "redis", "mailbox", "gunicorn", "worker", "beat", "moodle", "paia")
ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"
pytestmark = pytest.mark.timeout(240)


class Console:
    """A stage in a folder of its own, and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.said = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def run(self, **more: str) -> None:
        """Type ``make run`` (without its installation)."""
        plain = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }
        self.said = ""
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "onboarding.demo.stage"],
            cwd=ROOT,
            env={
                **plain,
                "STATE_DIR": str(self.folder),
                "PORT": str(self.port),
                **more,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, sentence: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if sentence in line:
                return
        raise AssertionError(f"{sentence!r} was never said:\n{self.said}")

    def children(self) -> dict[str, int]:
        """Give the processes that the stage looks after, by a word of their command."""
        found: dict[str, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (folder / "cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                for word in PARTS:
                    if word in command.split("/slapd.d")[0].replace("worker.app", ""):
                        found.setdefault(word, int(folder.name))
                        break
        return found

    def press_ctrl_c(self) -> int:
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            self.said += rest.read()
        return self.process.wait(timeout=30)


@pytest.fixture
def console() -> Iterator[Console]:
    # The servers' sockets need a short name.
    folder = Path(tempfile.mkdtemp(prefix="stage-"))
    console = Console(folder / "state")
    yield console
    if console.process.poll() is None:
        console.process.kill()
    console.process.wait()
    assert console.process.stdout is not None
    console.process.stdout.close()
    shutil.rmtree(folder, ignore_errors=True)


def gone(processes: dict[str, int]) -> bool:
    def alive(pid: int) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state != "Z"

    end = time.monotonic() + 10
    while any(map(alive, processes.values())) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(alive, processes.values()))


def test_the_portal_comes_up_stays_up_and_goes_on_where_it_stopped(
    console: Console,
) -> None:
    console.run()
    console.read_until("Portal ready")

    address = READY.search(console.said)
    assert address is not None
    with urlopen(address[1], timeout=10) as page:
        assert page.status == 200
    login = LETTER.search(console.said)
    assert login is not None
    assert dict(STANDS.findall(console.said)) == EVERYWHERE
    assert set(CODES.findall(console.said)) == WITH_A_CODE
    first_children = console.children()
    assert set(first_children) == set(PARTS)

    os.kill(first_children["redis"], signal.SIGKILL)
    console.read_until("redis runs again")

    before = console.children()
    assert console.press_ctrl_c() == 0
    assert console.said.endswith("The portal has ended.\n")
    assert gone(before)

    console.run()
    console.read_until("Portal ready")

    again = LETTER.search(console.said)
    assert again is not None
    assert again[1] == login[1]
    assert again[2] != login[2]
    assert dict(STANDS.findall(console.said)) == EVERYWHERE

    children = console.children()
    console.process.kill()
    assert gone(children)


def test_commands_wait_for_a_portal_and_say_so(tmp_path: Path) -> None:
    folder = tmp_path / "nothing-yet"
    done = subprocess.run(
        [sys.executable, "-m", "onboarding.demo.manage", "plan"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"No portal has been opened on {folder} yet; open one first with the same"
        " folder: make run STATE_DIR=…\n"
    )
    assert not folder.exists()


def test_what_points_elsewhere_is_not_started(console: Console) -> None:
    nobody = f"ldap://{LOOPBACK}:{free_port()}"
    console.run(LDAP_URL=nobody, SMTP_HOST=LOOPBACK, SMTP_PORT="9")
    console.read_until("Portal ready")

    assert set(console.children()) == {
        "redis",
        "gunicorn",
        "worker",
        "beat",
        "moodle",
        "paia",
    }
    assert "No demo logins this time" in console.said
    assert f"LDAP_URL={nobody}" in (console.folder / "demo.env").read_text()
    assert console.press_ctrl_c() == 0


def test_another_house_s_export_comes_with_its_layout(console: Console) -> None:
    export = {"COHORT": str(DATA / "enrolment-legacy-layout.csv")}

    console.run(**export)
    console.read_until("Portal ready")
    assert "a layout may help" in console.said
    assert "registrar" in console.said
    assert console.press_ctrl_c() == 0

    console.run(**export, LAYOUT=str(DATA / "legacy-layout.toml"))
    console.read_until("Portal ready")
    stands = [where for _, where in STANDS.findall(console.said)]
    assert stands == [
        "never started",
        *["next: Set up your e-mail (Choose an address)"] * 3,
    ]


def test_a_busy_port_is_said_in_a_sentence(console: Console) -> None:
    with socket.create_server((LOOPBACK, console.port)):
        console.run()
        assert console.process.wait(timeout=30) == 1
        assert console.process.stdout is not None
        said = console.process.stdout.read()

    assert said.startswith(f"Port {console.port} is in use; take another one:")
    assert said.count("\n") == 1
    assert is_free(console.port)
