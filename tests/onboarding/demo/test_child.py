"""Children of the stage end with it, whatever happens."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onboarding.demo.servers.child import Child, DidNotStart

DEAF = "trap '' TERM INT; sleep 60 & echo $!; wait; sleep 60"

PARENT = """
import sys, time
from pathlib import Path
from onboarding.demo.servers.child import Child

child = Child(name="s", command=["sleep", "60"], user="nobody", log=Path(sys.argv[1]))
child.start()
time.sleep(0.3)
print(child.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    end = time.monotonic() + 5
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def first_line(log: Path) -> str:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if log.exists() and (lines := log.read_text().splitlines()):
            return lines[0]
        time.sleep(0.02)
    raise AssertionError("nothing written")


def test_a_child_that_hangs_is_ended_with_everything_it_started(tmp_path: Path) -> None:
    child = Child(name="deaf", command=["sh", "-c", DEAF], log=tmp_path / "log")
    child.start()
    grandchild = int(first_line(tmp_path / "log"))
    pid = child.pid
    assert pid is not None

    child.stop(grace=0.2)

    assert not child.running
    assert gone(pid)
    assert gone(grandchild)


def test_a_child_that_cannot_start_says_why(tmp_path: Path) -> None:
    child = Child(
        name="broken",
        command=["sh", "-c", "echo no disk; exit 3"],
        log=tmp_path / "log",
    )
    child.start()

    with pytest.raises(DidNotStart, match=r"broken did not start\.\nno disk"):
        child.wait_until(lambda: False)


def test_a_child_can_be_frozen_and_goes_on(tmp_path: Path) -> None:
    child = Child(name="sleeper", command=["sleep", "60"], log=tmp_path / "log")
    child.start()

    child.freeze()
    child.thaw()

    assert child.running
    child.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change names")
def test_a_child_under_another_name_ends_when_its_parent_is_killed(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert gone(child)
